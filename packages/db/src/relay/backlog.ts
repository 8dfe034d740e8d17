import type { EntityManager } from '@mikro-orm/postgresql';
import type { Instant } from '@orderloom/core';
import type { Database } from '../database.ts';
import { instant, rows, run } from '../sql.ts';
import { acrossTenants } from '../transact.ts';
import { type FeedEvent, feedEvent } from './deliveries.ts';

/** A tenant in which the relay has something to do now. */
export type Due = {
  readonly tenantId: string;
  readonly unpublished: boolean;
  /** Whose queues hold something that is due. */
  readonly consumers: readonly string[];
};

export const dueTenants = (db: Database): Promise<Due[]> =>
  acrossTenants(db, (em) =>
    rows<Due>(em, 'select tenant_id as "tenantId", unpublished, consumers from relay_due()', []),
  );

/** What waits, of all tenants together: to be published where there is no consumer, else to be delivered. */
export type Backlog = {
  readonly consumer: string | null;
  readonly waiting: number;
  readonly oldestSeconds: number;
  readonly dead: number;
};

export const backlogOfAll = (db: Database): Promise<Backlog[]> =>
  acrossTenants(db, (em) =>
    rows<Backlog>(
      em,
      `select consumer, sum(waiting) as waiting, sum(dead) as dead,
         greatest(coalesce(extract(epoch from now() - min(oldest)), 0), 0)::float8 as "oldestSeconds"
       from relay_backlog() group by consumer`,
      [],
    ),
  );

/** What waits in one tenant. */
export type Queue = {
  readonly consumer: string;
  readonly waiting: number;
  /** Of those that wait, how many have failed at least once. */
  readonly failing: number;
  readonly dead: number;
  readonly oldestAt: Instant | null;
  readonly lastError: string | null;
};
export type Unpublished = { readonly count: number; readonly oldestAt: Instant | null };

export async function unpublished(em: EntityManager, tenantId: string): Promise<Unpublished> {
  const [found] = await rows<Unpublished>(
    em,
    `select count(*) as count, ${instant('min(at)')} as "oldestAt"
     from events where tenant_id = $1 and published_at is null`,
    [tenantId],
  );
  return found ?? { count: 0, oldestAt: null };
}

export const queues = (em: EntityManager, tenantId: string): Promise<Queue[]> =>
  rows<Queue>(
    em,
    `select coalesce(w.consumer, l.consumer) as consumer, coalesce(waiting, 0) as waiting,
       coalesce(failing, 0) as failing, coalesce(dead, 0) as dead, "oldestAt", "lastError"
     from (
       select d.consumer, count(*) as waiting, count(*) filter (where last_error is not null) as failing,
         ${instant('min(e.published_at)')} as "oldestAt",
         (array_agg(last_error order by d.feed_seq) filter (where last_error is not null))[1] as "lastError"
       from deliveries d join events e on e.tenant_id = $1 and e.id = d.event_id
       where d.tenant_id = $1 group by d.consumer
     ) w full join (
       select consumer, count(*) as dead from dead_letters where tenant_id = $1 group by consumer
     ) l on l.consumer = w.consumer
     order by 1`,
    [tenantId],
  );

/** An event that a consumer did not take. */
export type DeadLetter = {
  readonly consumer: string;
  readonly feedSeq: number;
  readonly eventId: string;
  readonly type: string;
  readonly orderId: string | null;
  readonly attempts: number;
  readonly lastError: string;
  readonly diedAt: Instant;
};

/** The newest hundred. */
export const deadLetters = (em: EntityManager, tenantId: string): Promise<DeadLetter[]> =>
  rows<DeadLetter>(
    em,
    `select l.consumer, l.feed_seq as "feedSeq", l.event_id as "eventId", e.type, l.order_id as "orderId",
       l.attempts, l.last_error as "lastError", ${instant('l.died_at')} as "diedAt"
     from dead_letters l join events e on e.tenant_id = $1 and e.id = l.event_id
     where l.tenant_id = $1 order by l.died_at desc, l.feed_seq desc limit 100`,
    [tenantId],
  );

/** Puts dead letters of a consumer back into its queue: those of one event, or all; how many they were. */
export async function reviveDeadLetters(
  em: EntityManager,
  tenantId: string,
  { consumer, eventId }: { readonly consumer: string; readonly eventId: string | null },
): Promise<number> {
  const revived = await run(
    em,
    `with raised as (
       delete from dead_letters where tenant_id = $1 and consumer = $2 and ($3::uuid is null or event_id = $3)
       returning *
     )
     insert into deliveries (tenant_id, consumer, feed_seq, event_id, order_id, state, attempts, next_at,
       last_error)
     select tenant_id, consumer, feed_seq, event_id, order_id, 'OPEN', 0, now(), last_error from raised
     returning 1`,
    [tenantId, consumer, eventId],
  );
  return revived.length;
}

/** The published events that come after a feed number. */
export const feedAfter = (
  em: EntityManager,
  tenantId: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<FeedEvent[]> =>
  rows<FeedEvent>(
    em,
    `select ${feedEvent} from events e where e.tenant_id = $1 and e.feed_seq > $2
     order by e.feed_seq limit $3`,
    [tenantId, after, limit],
  );

/** The feed number of the event that was published last. */
export async function lastFeedSeq(em: EntityManager, tenantId: string): Promise<number> {
  const [found] = await rows<{ last: number }>(
    em,
    'select coalesce(max(feed_seq), 0) as last from events where tenant_id = $1 and feed_seq is not null',
    [tenantId],
  );
  return found?.last ?? 0;
}
