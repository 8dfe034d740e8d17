import type { EntityManager } from '@mikro-orm/postgresql';
import {
  type OrderGroup,
  type OrderStatus,
  type PaymentGroup,
  type PaymentMethod,
  type PaymentStatus,
  type Scores,
  sum,
} from '@orderloom/core';
import { rows, run } from '../sql.ts';

/** Whose orders are counted, and of which stores; `null` for all. */
export type Counted = {
  readonly customerId: string | null;
  readonly storeIds: readonly string[] | null;
};

type Found = {
  readonly month: string;
  readonly count: number;
  readonly captured: string;
  readonly refunded: string;
};
type OrdersFound = Found & { readonly status: OrderStatus; readonly scored: number; readonly scores: number };
type PaymentsFound = Found & { readonly status: PaymentStatus; readonly method: PaymentMethod };

/** The orders of a tenant or of one customer by status and month, but drafts, and their scores. */
export async function orderGroups(
  em: EntityManager,
  tenantId: string,
  of: Counted,
): Promise<{ readonly groups: OrderGroup[]; readonly scores: Scores }> {
  const found = await groupsOf<OrdersFound>(em, tenantId, { ...of, subject: 'order' });
  return {
    groups: found.map(({ scored, scores, ...group }) => exact(group)),
    scores: { sum: sum(found.map(({ scores }) => scores)), count: sum(found.map(({ scored }) => scored)) },
  };
}

/** The payments of a tenant or of one customer by status, method and month. */
export const paymentGroups = async (
  em: EntityManager,
  tenantId: string,
  of: Counted,
): Promise<PaymentGroup[]> =>
  (await groupsOf<PaymentsFound>(em, tenantId, { ...of, subject: 'payment' })).map(exact);

const exact = <T extends Found>({ captured, refunded, ...group }: T) => ({
  ...group,
  captured: BigInt(captured),
  refunded: BigInt(refunded),
});

type Asked = Counted & { readonly subject: keyof typeof ofCustomer };

/** Of a tenant what was added up and what has changed since; of a customer, who has few, the rows. */
const groupsOf = <T>(em: EntityManager, tenantId: string, { subject, customerId, storeIds }: Asked) =>
  customerId === null
    ? rows<T>(em, ofTenant, [tenantId, subject, storeIds])
    : rows<T>(em, ofCustomer[subject], [tenantId, customerId, storeIds]);

// Sums of money as texts: JSON's numbers would lose what is beyond 2^53.
const sums = `sum(count) as count, sum(captured_minor)::text as captured,
  sum(refunded_minor)::text as refunded`;
const scores = 'sum(scored) as scored, sum(score_sum) as scores';

const tally = (table: string) => `
  select month, status, method, count, captured_minor, refunded_minor, scored, score_sum from ${table}
  where tenant_id = $1 and subject = $2 and ($3::uuid[] is null or store_id = any ($3::uuid[]))`;

const ofTenant = `
  select month, status, method, ${sums}, ${scores}
  from (${tally('tallies')} union all ${tally('tally_changes')}) t
  group by 1, 2, 3 having (sum(count), sum(captured_minor), sum(refunded_minor)) <> (0, 0, 0)`;

const alike = (row: string) => `
  to_char(${row}.created_at at time zone 'UTC', 'YYYY-MM') as month, ${row}.status`;
const orders = `
  from orders o where o.tenant_id = $1 and o.customer_id = $2 and o.deleted_at is null
    and ($3::uuid[] is null or o.store_id = any ($3::uuid[]))`;

// A payment for a group is one payment: its first part counts, and the money of each.
const isFirst = `(p.group_payment_id is null or not exists (select from payments q
  where q.tenant_id = $1 and q.group_payment_id = p.group_payment_id and q.id < p.id))`;

const ofCustomer = {
  order: `
    select month, status, ${sums}, ${scores} from (
      select ${alike('o')}, 1 as count, o.paid_minor as captured_minor, o.refunded_minor,
        (o.score is not null)::int as scored, coalesce(o.score, 0) as score_sum
      ${orders} and o.status <> 'DRAFT'
    ) t group by 1, 2`,
  payment: `
    select month, status, method, ${sums} from (
      select ${alike('p')}, ${isFirst}::int as count, p.method, p.captured_minor, p.refunded_minor
      from (select o.id ${orders}) o join payments p on p.tenant_id = $1 and p.order_id = o.id
      where p.deleted_at is null
    ) t group by 1, 2, 3`,
};

const recently = 'order by created_at desc, id desc limit 10';

/** The ids of the ten newest of these orders. */
export async function newestOrders(
  em: EntityManager,
  tenantId: string,
  { customerId, storeIds }: Counted,
): Promise<string[]> {
  const among = (what: string) =>
    `select id, created_at from orders
     where tenant_id = $1 and deleted_at is null and status <> 'DRAFT' ${what}`;
  // Each store by itself: an index gives its newest, and none gives those of several.
  const [text, ...params] =
    customerId !== null
      ? [
          `${among(`and customer_id = $2 and ($3::uuid[] is null or store_id = any ($3::uuid[]))`)}`,
          customerId,
          storeIds,
        ]
      : storeIds !== null
        ? [
            `select o.* from unnest($2::uuid[]) s (id)
             cross join lateral (${among('and store_id = s.id')} ${recently}) o`,
            storeIds,
          ]
        : [among('')];
  const found = await run<{ id: string }>(em, `${text} ${recently}`, [tenantId, ...params]);
  return found.map(({ id }) => id);
}

/** Adds up what has changed, at most so many changes; how many there were. */
export async function foldTallies(em: EntityManager, tenantId: string, limit: number): Promise<number> {
  const [done] = await run<{ changes: number }>(em, fold, [tenantId, limit]);
  return done?.changes ?? 0;
}

// What one deletes, no other finds: two may do this at once. Groups are written in the order of their keys,
// so that those two do not wait for each other.
const group = 'subject, store_id, month, status, method';
const numbers = ['count', 'captured_minor', 'refunded_minor', 'scored', 'score_sum'];
const fold = `
  with taken as (
    delete from tally_changes where tenant_id = $1 and id = any (array(
      select id from tally_changes where tenant_id = $1 order by id limit $2))
    returning *
  ), added as (
    insert into tallies as t (tenant_id, ${group}, ${numbers.join(', ')})
    select $1, ${group}, ${numbers.map((number) => `sum(${number})`).join(', ')}
    from taken group by ${group} order by ${group}
    on conflict (tenant_id, ${group}) do update
    set ${numbers.map((number) => `${number} = t.${number} + excluded.${number}`).join(', ')}
  )
  select count(*)::int as changes from taken`;
