import type { EntityManager } from '@mikro-orm/postgresql';
import type { Instant } from '@orderloom/core';
import { instant, run } from '../sql.ts';

/** A published event. */
export type FeedEvent = {
  readonly tenantId: string;
  /** 1, 2, 3 … in each tenant, without a gap. */
  readonly feedSeq: number;
  readonly id: string;
  readonly type: string;
  readonly orderId: string | null;
  readonly version: number | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly at: Instant;
  readonly data: Readonly<Record<string, unknown>>;
  readonly actorId: string | null;
  readonly commandId: string;
  readonly requestId: string;
  readonly reason: string | null;
};

export const feedEvent = `e.tenant_id as "tenantId", e.feed_seq as "feedSeq", e.id, e.type,
  e.order_id as "orderId", e.version, e.from_status as "from", e.to_status as "to", ${instant('e.at')} as at,
  e.data, e.actor_id as "actorId", e.command_id as "commandId", e.request_id as "requestId", e.reason`;

/** An event that is ours to deliver until the lease is over; this time is counted among its attempts. */
export type Claimed = { readonly event: FeedEvent; readonly attempts: number };
export type Claim = {
  readonly tenantId: string;
  readonly consumer: string;
  readonly limit: number;
  readonly leaseMs: number;
};

/**
 * Takes the next events for a consumer, oldest first. Whatever stands behind an event of its order that was
 * tried already waits for that one: so an order is told in its order, and only by one process at a time.
 */
export async function claimDeliveries(
  em: EntityManager,
  { tenantId, consumer, limit, leaseMs }: Claim,
): Promise<readonly Claimed[]> {
  // One at a time, for an instant: two that look at once could take two events of one order.
  await run(em, `select pg_advisory_xact_lock(hashtextextended('deliver ' || $1 || ' ' || $2, 0))`, [
    tenantId,
    consumer,
  ]);
  const claimed = await run<{ event: string; attempts: number }>(em, claim, [
    tenantId,
    consumer,
    limit,
    leaseMs,
  ]);
  return claimed.map(({ event, attempts }) => ({ event: JSON.parse(event), attempts }));
}

// Queues are empty when their plans are made, so nothing here is left to the planner: rows are named by
// arrays, and what was tried is one value, the oldest of each order by the order's id.
const claim = `
  with tried as materialized (
    select jsonb_object_agg(order_id, first) as oldest from (
      select order_id, min(feed_seq) as first from deliveries
      where tenant_id = $1 and consumer = $2 and attempts > 0 and order_id is not null group by order_id
    ) o
  ), due as materialized (
    select feed_seq from deliveries
    where tenant_id = $1 and consumer = $2 and next_at <= now()
      and feed_seq <= coalesce(((select oldest from tried) -> order_id::text)::bigint, feed_seq)
    order by feed_seq limit $3
  ), claimed as (
    update deliveries set state = 'RUNNING', attempts = attempts + 1,
      next_at = now() + $4::int * interval '1 ms'
    where tenant_id = $1 and consumer = $2 and feed_seq = any (array(select feed_seq from due))
    returning event_id, attempts
  )
  select (select to_json(f)::text from (select ${feedEvent}) f) as event, c.attempts
  from events e join claimed c on c.event_id = e.id
  where e.tenant_id = $1 and e.id = any (array(select event_id from claimed))
  order by e.feed_seq`;

/** How the delivery of one event ended. */
export type Settled = {
  readonly feedSeq: number;
  readonly attempts: number;
  readonly outcome:
    | { readonly is: 'done' | 'untried' }
    | { readonly is: 'failed'; readonly why: string; readonly againInMs: number }
    | { readonly is: 'dead'; readonly why: string };
};

/**
 * Writes down how deliveries ended. Whose lease was over, and whose event somebody else has taken since, has
 * nothing to say about it any more, unless it was delivered.
 */
export async function settleDeliveries(
  em: EntityManager,
  { tenantId, consumer }: Pick<Claim, 'tenantId' | 'consumer'>,
  settled: readonly Settled[],
): Promise<void> {
  await run(em, settle, [
    tenantId,
    consumer,
    settled.map(({ feedSeq }) => feedSeq),
    settled.map(({ attempts }) => attempts),
    settled.map(({ outcome }) => outcome.is),
    settled.map(({ outcome }) => ('why' in outcome ? outcome.why : null)),
    settled.map(({ outcome }) => ('againInMs' in outcome ? outcome.againInMs : 0)),
  ]);
}

const settle = `
  with told as materialized (
    select * from unnest($3::bigint[], $4::int[], $5::text[], $6::text[], $7::int[])
      u (feed_seq, attempts, outcome, why, again_in)
  ), gone as (
    delete from deliveries d using told t
    where d.tenant_id = $1 and d.consumer = $2 and d.feed_seq = any ($3) and d.feed_seq = t.feed_seq
      and (t.outcome = 'done' or (t.outcome = 'dead' and d.attempts = t.attempts))
    returning d.feed_seq, d.event_id, d.order_id, t.outcome, t.attempts, t.why
  ), buried as (
    insert into dead_letters (tenant_id, consumer, feed_seq, event_id, order_id, attempts, last_error,
      died_at)
    select $1, $2, feed_seq, event_id, order_id, attempts, why, now() from gone where outcome = 'dead'
    on conflict do nothing
  )
  update deliveries d set state = 'OPEN', last_error = coalesce(t.why, d.last_error),
    attempts = d.attempts - case when t.outcome = 'untried' then 1 else 0 end,
    next_at = now() + t.again_in * interval '1 ms'
  from told t
  where d.tenant_id = $1 and d.consumer = $2 and d.feed_seq = any ($3) and d.feed_seq = t.feed_seq
    and d.attempts = t.attempts and t.outcome in ('failed', 'untried')`;

/** The consumer is back: whatever waits for its next try is tried at once. */
export const hurryDeliveries = (
  em: EntityManager,
  { tenantId, consumer }: Pick<Claim, 'tenantId' | 'consumer'>,
): Promise<unknown> =>
  run(
    em,
    `update deliveries set next_at = now()
     where tenant_id = $1 and consumer = $2 and state = 'OPEN' and attempts > 0 and next_at > now()`,
    [tenantId, consumer],
  );
