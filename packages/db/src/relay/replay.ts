import type { EntityManager } from '@mikro-orm/postgresql';
import { run } from '../sql.ts';

/**
 * Puts the published events after a feed number into a consumer's queue once more; what still waits there is
 * left as it is. How many were put there.
 */
export async function replayEvents(
  em: EntityManager,
  tenantId: string,
  { consumer, after }: { readonly consumer: string; readonly after: number },
): Promise<number> {
  const queued = await run(
    em,
    `insert into deliveries (tenant_id, consumer, feed_seq, event_id, order_id, state, attempts, next_at)
     select tenant_id, $2, feed_seq, id, order_id, 'OPEN', 0, now()
     from events where tenant_id = $1 and feed_seq > $3
     on conflict (tenant_id, consumer, feed_seq) do nothing returning 1`,
    [tenantId, consumer, after],
  );
  return queued.length;
}
