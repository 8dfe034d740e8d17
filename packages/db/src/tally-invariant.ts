import type { Invariant } from './invariants.ts';

const group = 'subject, store_id, month, status, method';
const added = `sum(count) as count, sum(captured_minor) as captured, sum(refunded_minor) as refunded,
  sum(scored) as scored, sum(score_sum) as score_sum`;
const isSome = `(sum(count), sum(captured_minor), sum(refunded_minor)) <> (0, 0, 0)`;
const isFirst = `(p.group_payment_id is null or p.id = (select min(q.id::text)::uuid from payments q
  where q.tenant_id = $1 and q.group_payment_id = p.group_payment_id))`;
const alike = (row: string) => `coalesce(o.store_id, '00000000-0000-0000-0000-000000000000') as store_id,
  to_char(${row}.created_at at time zone 'UTC', 'YYYY-MM') as month, ${row}.status`;

/** The numbers of the statistics are a second book: they must say what the rows say. */
export const statistics: readonly Invariant[] = [
  {
    id: 'I-24',
    title: 'what statistics say is what is counted from the rows',
    sql: `with told as (
        select ${group}, ${added} from (
          select ${group}, count, captured_minor, refunded_minor, scored, score_sum
          from tallies where tenant_id = $1
          union all select ${group}, count, captured_minor, refunded_minor, scored, score_sum
          from tally_changes where tenant_id = $1
        ) t group by ${group} having ${isSome}
      ), there as (
        select ${group}, ${added} from (
          select 'order' as subject, ${alike('o')}, '' as method, 1 as count, o.paid_minor as captured_minor,
            o.refunded_minor, (o.score is not null)::int as scored, coalesce(o.score, 0) as score_sum
          from orders o where o.tenant_id = $1 and o.deleted_at is null and o.status <> 'DRAFT'
          union all
          select 'payment', ${alike('p')}, p.method, ${isFirst}::int, p.captured_minor, p.refunded_minor, 0, 0
          from payments p join orders o on o.tenant_id = $1 and o.id = p.order_id
          where p.tenant_id = $1 and p.deleted_at is null and o.deleted_at is null
        ) r group by ${group} having ${isSome}
      )
      select concat_ws(' ', ${group}) as subject,
        concat_ws(', ', r.count, r.captured, r.refunded, r.scored, r.score_sum) as expected,
        concat_ws(', ', t.count, t.captured, t.refunded, t.scored, t.score_sum) as found
      from told t full join there r using (${group})
      where (t.count, t.captured, t.refunded, t.scored, t.score_sum)
        is distinct from (r.count, r.captured, r.refunded, r.scored, r.score_sum)`,
  },
];
