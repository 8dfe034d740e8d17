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

/** A payment as it is told alone, with the order that it is for, or the group of orders. */
export type PaymentRecord = {
  readonly id: string;
  readonly order: { readonly id: string; readonly number: string | null } | null;
  readonly groupId: string | null;
  /** The version of its order; of a group those of all its orders together. */
  readonly version: number;
  readonly customerId: string | null;
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

const isAlone = 'p.group_payment_id is null';

/** The payment `p` with all others that are one payment with it, and their orders. */
const parts = `from payments q join orders o on o.tenant_id = q.tenant_id and o.id = q.order_id
  where q.tenant_id = p.tenant_id and (q.id = p.id or q.group_payment_id = p.group_payment_id)
    and q.deleted_at is null and o.deleted_at is null`;

const sums = `sum(q.amount_minor) as amount, sum(q.authorized_minor) as authorized,
  sum(q.captured_minor) as captured, sum(q.refunded_minor) as refunded, sum(q.voided_minor) as voided,
  bool_and(q.expired) as expired, (array_agg(q.failure order by o.id) filter (where q.failure is not null))[1]
    as failure`;

/** The status from the amounts, as core reads it. */
const status = `case
  when s.captured > 0 and s.refunded = s.captured then 'REFUNDED'
  when s.refunded > 0 then 'PARTIALLY_REFUNDED'
  when s.captured > 0
    then case when s.captured + s.voided >= s.amount then 'PAID' else 'PARTIALLY_CAPTURED' end
  when s.voided > 0 then 'VOIDED'
  when s.expired then 'EXPIRED'
  when s.authorized > 0 then 'AUTHORIZED'
  when s.failure is not null then 'FAILED'
  else 'PENDING' end`;

const ofWhole = (own: string, what: string) =>
  `case when ${isAlone} then ${own} else (select ${what} from (select ${sums} ${parts}) s) end`;

// Of the parts of a group's payment the first one stands for them all.
const isFirst = `(${isAlone} or not exists (
  select from payments q join orders o on o.tenant_id = q.tenant_id and o.id = q.order_id
  where q.tenant_id = p.tenant_id and q.group_payment_id = p.group_payment_id and q.id < p.id
    and o.deleted_at is null))`;

const columns = `
  coalesce(p.group_payment_id, p.id) as id,
  case when ${isAlone} then json_build_object('id', p.order_id, 'number', s.numbers) end as order,
  case when not ${isAlone} then s.group_id end as "groupId",
  s.version, s.customer_id as "customerId", p.method, p.reference,
  s.amount::bigint as amount, p.currency, case when ${isAlone} then p.status else ${status} end as status,
  s.captured::bigint as captured, s.refunded::bigint as refunded, s.failure,
  ${instant('p.created_at')} as "createdAt", ${instant('s.updated_at')} as "updatedAt",
  ${instant('s.processed_at')} as "processedAt", ${instant('s.refunded_at')} as "refundedAt"`;
const joins = `join lateral (
  select ${sums}, sum(o.version)::int as version, (array_agg(o.customer_id))[1] as customer_id,
    (array_agg(o.group_id))[1] as group_id, string_agg(o.number, ' ') as numbers,
    max(q.updated_at) as updated_at, max(q.processed_at) as processed_at, max(q.refunded_at) as refunded_at
  ${parts}) s on true`;
const ofOrder = (what: string) =>
  `(select o.${what} from orders o where o.tenant_id = p.tenant_id and o.id = p.order_id)`;

/** Whose the order of a payment is, or the orders of its group. */
export const paymentCustomer = ofOrder('customer_id');

const isThere = `p.deleted_at is null and ${ofOrder('deleted_at')} is null`;

/** The payments of a tenant: what was paid for a group is one of them. */
export const paymentsList: ListSpec = {
  name: 'payments',
  table: 'payments',
  as: 'p',
  id: 'p.id',
  where: `${isThere} and ${isFirst}`,
  columns,
  joins,
  filters: {
    order: {
      kind: 'among',
      of: 'orders',
      holds: (id) => `p.id in (
        select r.id from payments q join payments r on r.tenant_id = q.tenant_id
          and (r.id = q.id or r.group_payment_id = q.group_payment_id)
        where q.tenant_id = $1 and q.order_id = ${id})`,
    },
    status: {
      kind: 'word',
      column: ofWhole('p.status', status),
      words: Object.fromEntries(paymentStatusWords.map((word) => [word, paymentStatusesOf(word)])),
    },
    payment_method: { kind: 'word', column: 'p.method', words: plainly(paymentMethods) },
    store: { kind: 'among', of: 'stores', holds: (id) => `exists (select ${parts} and o.store_id = ${id})` },
    created_after: { kind: 'since', column: 'p.created_at' },
    created_before: { kind: 'before', column: 'p.created_at' },
  },
  orderings: {
    created_at: ['p.created_at', 'timestamptz'],
    amount: [ofWhole('p.amount_minor', 's.amount::bigint'), 'bigint'],
    status: [ofWhole('p.status', status), 'text'],
  },
  search: holding('p.reference', `(select string_agg(o.number, ' ') ${parts})`),
};

/** Payments as they are now, by id; the parts of a group's payment are told as the whole. */
export async function paymentsById(
  em: EntityManager,
  tenantId: string,
  ids: readonly string[],
): Promise<Map<string, PaymentRecord>> {
  const found = await rows<{ part: string; whole: PaymentRecord }>(
    em,
    `select p.id as part, (select to_json(w) from (select ${columns}) w) as whole
     from payments p ${joins}
     where p.tenant_id = $1 and (p.id = any ($2::uuid[]) or p.group_payment_id = any ($2::uuid[]))
       and ${isThere}`,
    [tenantId, [...ids]],
  );
  return new Map(found.flatMap(({ part, whole }) => [part, whole.id].map((id) => [id, whole] as const)));
}

/** The orders that a payment is of; more than one when it is the payment of a group. */
export type PaymentPlace = {
  readonly orderIds: readonly [string, ...string[]];
  readonly isGroup: boolean;
  readonly customerId: string | null;
  readonly method: PaymentMethod;
};

/** The orders that a payment or a group's payment belongs to, whose they are, and how it is paid. */
export async function paymentPlace(
  em: EntityManager,
  tenantId: string,
  paymentId: string,
): Promise<PaymentPlace | undefined> {
  const [found] = await rows<PaymentPlace>(
    em,
    `select json_agg(o.id order by o.id) as "orderIds", bool_and(p.id <> $2) as "isGroup",
        (array_agg(o.customer_id))[1] as "customerId", min(p.method) as method
      from payments p join orders o on o.tenant_id = p.tenant_id and o.id = p.order_id
      where p.tenant_id = $1 and (p.id = $2 or p.group_payment_id = $2) group by p.tenant_id`,
    [tenantId, paymentId],
  );
  return found;
}

/** The orders of a group that are there. */
export async function groupOrderIds(em: EntityManager, tenantId: string, groupId: string): Promise<string[]> {
  const found = await rows<{ id: string }>(
    em,
    'select id from orders where tenant_id = $1 and group_id = $2 and deleted_at is null order by id',
    [tenantId, groupId],
  );
  return found.map(({ id }) => id);
}
