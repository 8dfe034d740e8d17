import type { EntityManager } from '@mikro-orm/postgresql';
import type { CartStatus, Instant } from '@orderloom/core';
import { isOff } from '../defence.ts';
import { rows, run } from '../sql.ts';

export type CartItem = {
  readonly productId: string;
  readonly productRef: number;
  readonly variantId: string;
  readonly quantity: number;
};

/** A cart with its items, in the order in which they came. */
export type Cart = {
  readonly id: string;
  readonly customerId: string;
  readonly customerRef: number;
  readonly status: CartStatus;
  readonly version: number;
  readonly items: CartItem[];
};

// The sub-select sees the customers one by one, so carts are locked in the order of $2.
const newest = (lock: string) => `
  select k.id, k.customer_id as "customerId", c.ref as "customerRef", k.status, k.version
  from unnest($2::uuid[]) with ordinality u (customer_id, at)
  cross join lateral (
    select id, customer_id, status, version from carts
    where tenant_id = $1 and customer_id = u.customer_id order by version desc limit 1 ${lock}
  ) k
  join customers c on c.tenant_id = $1 and c.id = k.customer_id
  order by u.at`;

/** The newest cart of a customer, whatever its status. */
export const cartOf = async (
  em: EntityManager,
  tenantId: string,
  customerId: string,
): Promise<Cart | undefined> =>
  (await withItems(em, tenantId, await run<Head>(em, newest(''), [tenantId, [customerId]]))).get(customerId);

/**
 * The newest cart of each of these customers, locked in the order of the customers' ids. Carts are locked
 * before stock, and stock before balances.
 */
export async function lockCarts(
  em: EntityManager,
  tenantId: string,
  customerIds: readonly string[],
): Promise<Map<string, Cart>> {
  if (customerIds.length === 0) return new Map();
  const ids = [...new Set(customerIds)].sort();
  return withItems(
    em,
    tenantId,
    await run<Head>(em, newest(isOff(em, 'version') ? '' : 'for update'), [tenantId, ids]),
  );
}

type Head = Omit<Cart, 'items'>;

/** Items change only under the lock of their cart, so they are read once it is held. */
async function withItems(
  em: EntityManager,
  tenantId: string,
  heads: readonly Head[],
): Promise<Map<string, Cart>> {
  const items = await rows<CartItem & { readonly cartId: string }>(
    em,
    `select i.cart_id as "cartId", i.product_id as "productId", p.ref as "productRef",
       i.variant_id as "variantId", i.quantity
     from cart_items i join products p on p.tenant_id = $1 and p.id = i.product_id
     where i.tenant_id = $1 and i.cart_id = any ($2::uuid[]) order by i.cart_id, i.position`,
    [tenantId, heads.map(({ id }) => id)],
  );
  const lying = Map.groupBy(items, ({ cartId }) => cartId);
  return new Map(
    heads.map((head) => [
      head.customerId,
      { ...head, items: (lying.get(head.id) ?? []).map(({ cartId: _, ...item }) => item) },
    ]),
  );
}

/**
 * Lets the writers of one customer's cart through one after the other: without a cart there is none to lock.
 */
export async function queueForCart(em: EntityManager, tenantId: string, customerId: string): Promise<void> {
  if (isOff(em, 'version')) return;
  await run(em, 'select from customers where tenant_id = $1 and id = $2 for no key update', [
    tenantId,
    customerId,
  ]);
}

/** Closes these carts: what was in them has been ordered. The caller has locked them. */
export async function closeCarts(
  em: EntityManager,
  tenantId: string,
  { cartIds, at }: { readonly cartIds: readonly string[]; readonly at: Instant },
): Promise<void> {
  if (cartIds.length === 0) return;
  await run(
    em,
    `update carts set status = 'Ordered', version = version + 1, updated_at = $3::timestamptz
     where tenant_id = $1 and id = any ($2::uuid[]) and status = 'Active'`,
    [tenantId, [...cartIds], at],
  );
}

/** How many pieces of a variant can be sold; `undefined` when its product is not for sale. */
export async function sellableOf(
  em: EntityManager,
  tenantId: string,
  variantId: string,
): Promise<number | undefined> {
  const [found] = await rows<{ readonly sellable: number }>(
    em,
    `select coalesce(sum(l.on_hand - l.reserved + l.backorder_limit) filter (where s.active), 0) as sellable
     from variants v
     join products p on p.tenant_id = $1 and p.id = v.product_id and p.active
     left join stock_levels l on l.tenant_id = $1 and l.variant_id = v.id
     left join stock_locations s on s.tenant_id = $1 and s.id = l.location_id
     where v.tenant_id = $1 and v.id = $2 group by v.id`,
    [tenantId, variantId],
  );
  return found?.sellable;
}
