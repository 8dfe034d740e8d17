import type { EntityManager } from '@mikro-orm/postgresql';
import type { Instant, OrderStatus } from '@orderloom/core';
import { instant, rows } from '../sql.ts';

/** One event of an order, with the name of who caused it. */
export type TimelineEvent = {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly from: OrderStatus | null;
  readonly to: OrderStatus | null;
  readonly at: Instant;
  readonly actor: string;
  readonly reason: string | null;
  readonly requestId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
};

/** What happened to each of some orders, newest first: the last thousand events of each. */
export async function orderHistories(
  em: EntityManager,
  tenantId: string,
  orderIds: readonly string[],
): Promise<Map<string, TimelineEvent[]>> {
  const found = await rows<{ orderId: string; events: TimelineEvent[] }>(
    em,
    `select o.id as "orderId", (
        select coalesce(json_agg(h), '[]') from (
          select e.id, e.type, e.version, e.from_status as "from", e.to_status as "to",
            ${instant('e.at')} as at, coalesce(p.name, 'System') as actor, e.reason,
            e.request_id as "requestId", e.data
          from events e
          left join principals p on p.tenant_id = e.tenant_id and p.id = e.actor_id
          where e.tenant_id = $1 and e.order_id = o.id
          order by e.version desc, e.idx desc
          limit 1000) h) as events
      from unnest($2::uuid[]) o (id)`,
    [tenantId, [...orderIds]],
  );
  return new Map(found.map(({ orderId, events }) => [orderId, events]));
}
