import type { DescribeOrder, EditOrder, GiveRefund, RateOrder } from './order/commands.ts';
import type { OrderCommandName } from './order/lifecycle.ts';

/** Every right there is: endpoints, navigation, buttons and API tokens read this list. */
export const scopes = [
  'orders:read_own',
  'orders:read_all',
  'orders:create',
  'orders:create_for_any',
  'orders:update_own',
  'orders:update_all',
  'orders:delete',
  'orders:override_price',
  'orders:refund',
  'payments:process_own',
  'payments:process_all',
  'payments:refund',
  'payments:delete',
  'items:write',
  'customers:read',
  'customers:write',
  'balance:write',
  'products:write',
  'stores:write',
  'stock:read',
  'stock:write',
  'notifications:read_own',
  'analytics:own',
  'analytics:all',
  'bulk:run',
  'export:run',
  'import:run',
  'webhooks:write',
  'audit:read',
  'tokens:admin',
  'users:admin',
  'tenants:admin',
] as const;
/** One right. */
export type Scope = (typeof scopes)[number];

/** What a principal is in its tenant. */
export const roles = ['customer', 'staff', 'admin', 'service'] as const;
/** One role. */
export type Role = (typeof roles)[number];

const customer: readonly Scope[] = [
  'orders:read_own',
  'orders:create',
  'orders:update_own',
  'payments:process_own',
  'analytics:own',
  'notifications:read_own',
];

const staff: readonly Scope[] = [
  ...customer,
  'orders:read_all',
  'orders:create_for_any',
  'orders:update_all',
  'orders:refund',
  'payments:process_all',
  'payments:refund',
  'items:write',
  'customers:read',
  'customers:write',
  'balance:write',
  'products:write',
  'stores:write',
  'stock:read',
  'stock:write',
  'analytics:all',
  'bulk:run',
  'export:run',
  'audit:read',
];

const notForServices: readonly Scope[] = [
  'orders:refund',
  'payments:refund',
  'export:run',
  'analytics:own',
  'analytics:all',
];

/** What each role may do. */
export const scopesOf: Readonly<Record<Role, readonly Scope[]>> = {
  customer,
  staff,
  admin: scopes,
  service: staff.filter((scope) => !notForServices.includes(scope)),
};

/** Who calls: a role, and for API tokens the scopes that were granted. */
export type Caller = { readonly role: Role; readonly granted: readonly Scope[] | null };

/** Whether the caller has a right: never more than its role has, nor more than its token was granted. */
export const may = ({ role, granted }: Caller, scope: Scope): boolean =>
  scopesOf[role].includes(scope) && (granted === null || granted.includes(scope));

/** The right that each command on an order needs: on any order of the tenant, or on one's own. */
export const commandScopes: Readonly<
  Record<
    OrderCommandName | (EditOrder | DescribeOrder | GiveRefund | RateOrder)['type'],
    { readonly all: Scope; readonly own?: Scope }
  >
> = {
  createDraft: { all: 'orders:create_for_any', own: 'orders:create' },
  placeOrder: { all: 'orders:create_for_any', own: 'orders:create' },
  placeDraft: { all: 'orders:update_all', own: 'orders:update_own' },
  confirmDraft: { all: 'orders:update_all' },
  editOrder: { all: 'orders:update_all', own: 'orders:update_own' },
  describeOrder: { all: 'orders:update_all', own: 'orders:update_own' },
  discardDraft: { all: 'orders:update_all', own: 'orders:update_own' },
  confirmOrder: { all: 'orders:update_all' },
  startProcessing: { all: 'orders:update_all' },
  shipOrder: { all: 'orders:update_all' },
  markOutForDelivery: { all: 'orders:update_all' },
  deliverOrder: { all: 'orders:update_all' },
  cancelOrder: { all: 'orders:update_all', own: 'orders:update_own' },
  refundOrder: { all: 'orders:refund' },
  refund: { all: 'orders:refund' },
  // Whoever reaches the order is let in; that only its customer rates it is the order's own rule.
  rateOrder: { all: 'orders:update_all', own: 'orders:update_own' },
  closeOrder: { all: 'orders:update_all' },
};
