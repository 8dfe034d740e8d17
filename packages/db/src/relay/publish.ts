import type { EntityManager } from '@mikro-orm/postgresql';
import { publishedChannel } from '../bell.ts';
import { isOff } from '../defence.ts';
import { run } from '../sql.ts';
import { type FeedEvent, feedEvent } from './deliveries.ts';

/** An event that has just been given its number. */
export type Published = FeedEvent & {
  /** What an order is worth that was just placed, in minor units. */
  readonly worth: { readonly total: number; readonly currency: string } | null;
  /** What a customer said of an order. */
  readonly score: number | null;
};

/**
 * Gives the next unpublished events of a tenant, at most `limit` of them, their feed numbers (1, 2, 3 …), the
 * hour and their place in the hash chain. One publisher per tenant at a time; nothing when another one is at
 * it.
 */
export async function publishEvents(
  em: EntityManager,
  tenantId: string,
  limit: number,
): Promise<readonly Published[]> {
  const [lock] = await run<{ mine: boolean }>(
    em,
    `select pg_try_advisory_xact_lock(hashtextextended('publish ' || $1, 0)) as mine`,
    [tenantId],
  );
  if (!lock?.mine) return [];
  const statement = publish(isOff(em, 'outbox') ? naivelyNext : next);
  const published = await run<Published>(em, statement, [tenantId, limit]);
  return published.map((event) => ({ ...event, feedSeq: Number(event.feedSeq) }));
}

// Found by what they are and not by where they come: whoever commits late has a smaller number than others
// that were published before.
const next = 'published_at is null';
const naivelyNext = `published_at is null and written > coalesce((
  select max(written) from events where tenant_id = $1 and feed_seq is not null), 0)`;

const publish = (condition: string): string => `
  with last as (
    select feed_seq, hash from events where tenant_id = $1 and feed_seq is not null
    order by feed_seq desc limit 1
  ), due as (
    select e as event, e.id, e.written from events e where e.tenant_id = $1 and ${condition}
    order by e.written limit $2
  ), numbered as (
    select id, row_number() over (order by written) as position,
      chained((select hash from last), event_digest(event)) over (order by written rows unbounded preceding)
        as hash
    from due
  ), published as (
    update events e set hash = n.hash, published_at = now(),
      feed_seq = coalesce((select feed_seq from last), 0) + n.position
    from numbered n
    where e.tenant_id = $1 and e.id = any (array(select id from numbered)) and e.id = n.id
    returning ${feedEvent},
      case when e.type in ('order.placed', 'order.confirmed') and e.data ? 'order' then json_build_object(
        'total', e.data -> 'order' -> 'total', 'currency', e.data -> 'order' -> 'currency') end as worth,
      case when e.type = 'order.rated' then (e.data ->> 'score')::int end as score
  ), told as (
    select pg_notify('${publishedChannel}', $1) where exists (select from published)
  )
  select published.* from published left join told on true order by "feedSeq"`;

/** What one consumer is to get of the events just published. */
export type Addressed = Pick<FeedEvent, 'id' | 'feedSeq' | 'orderId'> & { readonly consumer: string };

/** Puts events into the queues of their consumers. */
export const enqueue = (
  em: EntityManager,
  tenantId: string,
  addressed: readonly Addressed[],
): Promise<unknown> =>
  run(
    em,
    `insert into deliveries (tenant_id, consumer, feed_seq, event_id, order_id, state, attempts, next_at)
     select $1, u.consumer, u.feed_seq, u.event_id, u.order_id, 'OPEN', 0, now()
     from unnest($2::text[], $3::bigint[], $4::uuid[], $5::uuid[])
       u (consumer, feed_seq, event_id, order_id)`,
    [
      tenantId,
      addressed.map(({ consumer }) => consumer),
      addressed.map(({ feedSeq }) => feedSeq),
      addressed.map(({ id }) => id),
      addressed.map(({ orderId }) => orderId),
    ],
  );
