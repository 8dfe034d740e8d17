import type { EntityManager } from '@mikro-orm/postgresql';
import type { OrderEvent } from '@orderloom/core';
import { instant, rows } from './sql.ts';

type Told = { readonly orderId: string; readonly event: OrderEvent };

/** All events of these orders, as core folds them, in the order in which they happened. */
export async function eventsOf(
  em: EntityManager,
  tenantId: string,
  orderIds: readonly string[],
): Promise<Map<string, OrderEvent[]>> {
  const told = await rows<Told>(
    em,
    `select order_id as "orderId",
       data || jsonb_build_object('type', type, 'version', version, 'at', ${instant('at')}) as event
     from events where tenant_id = $1 and order_id = any ($2::uuid[]) order by order_id, version, idx`,
    [tenantId, [...orderIds]],
  );
  const byOrder = new Map<string, OrderEvent[]>(orderIds.map((id) => [id, []]));
  for (const { orderId, event } of told) byOrder.get(orderId)?.push(event);
  return byOrder;
}
