import type { EntityManager } from '@mikro-orm/postgresql';
import {
  type Instant,
  type PaymentFailure,
  type PaymentMethod,
  paymentMethods,
  type PaymentStatus,
  paymentStatusesOf,
  paymentStatusWords,
} from '@orderloom/core';
import { plainly } from '../lists/filter.ts';
import { holding, type ListSpec } from '../lists/list.ts';
import { instant, rows } from '../sql.ts';

/** A payment as it is told alone, with the order that it is for. */
export type PaymentRecord = {
  readonly id: string;
  readonly order: {
    readonly id: string;
    readonly number: string | null;
    readonly version: number;
    readonly customerId: string | null;
  };
  readonly method: PaymentMethod;
  readonly reference: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly status: PaymentStatus;
  readonly captured: number;
  readonly refunded: number;
  readonly failure: PaymentFailure | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly processedAt: Instant | null;
  readonly refundedAt: Instant | null;
};

const columns = `
  p.id, json_build_object('id', o.id, 'number', o.number, 'version', o.version,
    'customerId', o.customer_id) as order, p.method, p.reference,
  p.amount_minor as amount, p.currency, p.status, p.captured_minor as captured, p.refunded_minor as refunded,
  p.failure, ${instant('p.created_at')} as "createdAt", ${instant('p.updated_at')} as "updatedAt",
  ${instant('p.processed_at')} as "processedAt", ${instant('p.refunded_at')} as "refundedAt"`;
const joins = 'join orders o on o.tenant_id = p.tenant_id and o.id = p.order_id';
const ofOrder = (what: string) =>
  `(select o.${what} from orders o where o.tenant_id = p.tenant_id and o.id = p.order_id)`;

/** Whose the order of a payment is. */
export const paymentCustomer = ofOrder('customer_id');

/** The payments of a tenant. */
export const paymentsList: ListSpec = {
  name: 'payments',
  table: 'payments',
  as: 'p',
  id: 'p.id',
  where: `${ofOrder('deleted_at')} is null`,
  columns,
  joins,
  filters: {
    order: { kind: 'named', column: 'p.order_id', of: 'orders' },
    status: {
      kind: 'word',
      column: 'p.status',
      words: Object.fromEntries(paymentStatusWords.map((word) => [word, paymentStatusesOf(word)])),
    },
    payment_method: { kind: 'word', column: 'p.method', words: plainly(paymentMethods) },
    store: { kind: 'named', column: ofOrder('store_id'), of: 'stores' },
    created_after: { kind: 'since', column: 'p.created_at' },
    created_before: { kind: 'before', column: 'p.created_at' },
  },
  orderings: {
    created_at: ['p.created_at', 'timestamptz'],
    amount: ['p.amount_minor', 'bigint'],
    status: ['p.status', 'text'],
  },
  search: holding('p.reference', ofOrder('number')),
};

/** One payment, with its order as it is now. */
export async function paymentById(
  em: EntityManager,
  tenantId: string,
  paymentId: string,
): Promise<PaymentRecord | undefined> {
  const [found] = await rows<PaymentRecord>(
    em,
    `select ${columns} from payments p ${joins}
     where p.tenant_id = $1 and p.id = $2 and o.deleted_at is null`,
    [tenantId, paymentId],
  );
  return found;
}
