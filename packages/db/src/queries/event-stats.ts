import type { EntityManager } from '@mikro-orm/postgresql';
import type { OrderStatus } from '@orderloom/core';
import { rows } from '../sql.ts';

/** An order that went from one status to another, and how long it had been waiting there. */
export type StatusChange = {
  readonly from: OrderStatus;
  readonly to: OrderStatus;
  readonly seconds: number;
  /** How long ago it was placed. */
  readonly sincePlaced: number;
};

/** How long orders stood where these events, which are of orders, took them away. */
export const statusChanges = (
  em: EntityManager,
  tenantId: string,
  eventIds: readonly string[],
): Promise<StatusChange[]> =>
  rows(
    em,
    `select e.from_status as "from", e.to_status as "to",
        greatest(0, extract(epoch from e.at - coalesce(case e.from_status
          when 'CONFIRMED' then o.confirmed_at when 'PROCESSING' then o.processing_at
          when 'SHIPPED' then o.shipped_at when 'OUT_FOR_DELIVERY' then o.out_for_delivery_at
          when 'DELIVERED' then o.delivered_at when 'CANCELLED' then o.cancelled_at
          when 'REFUNDED' then o.refunded_at else o.placed_at end, o.created_at))) as seconds,
        greatest(0, extract(epoch from e.at - coalesce(o.placed_at, o.created_at))) as "sincePlaced"
      from events e join orders o on o.tenant_id = $1 and o.id = e.order_id
      where e.tenant_id = $1 and e.id = any ($2::uuid[])
        and e.from_status is not null and e.from_status <> e.to_status`,
    [tenantId, [...eventIds]],
  );
