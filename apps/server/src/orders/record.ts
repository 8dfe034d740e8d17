import {
  consequences,
  type Entry,
  evolve,
  ok,
  type Order,
  type OrderEvent,
  orderNumber,
  dayOf,
  type Result,
  type StockMove,
  wantsNumber,
  withNumber,
} from '@orderloom/core';
import { type EntityManager, type OrderWrite, takeSerials, writeOrders } from '@orderloom/db';
import { actOf } from '../act.ts';
import type { Refusal } from '../errors.ts';
import type { Actor } from '../trpc.ts';

/** What core decided for one order, and on whose behalf. */
export type Change = {
  readonly ctx: Actor;
  readonly before: Order | null;
  readonly events: readonly OrderEvent[];
  readonly reason: string | null;
};

/**
 * The one writer of orders: the orders as they are now, their stock moves, postings and events, in one go.
 * Answers each order, or the conflict when somebody else changed it since it was read.
 */
export async function record(
  em: EntityManager,
  changes: readonly Change[],
): Promise<Result<Order, Refusal>[]> {
  const [first] = changes;
  if (!first) return [];
  const { tenantId } = first.ctx.caller;
  const writes = (await numbered(em, tenantId, changes)).map(writeOf);
  const written = await writeOrders(em, tenantId, writes);
  return written.map((result, at) => {
    const write = writes[at];
    if (!write) throw new RangeError('every write has its result');
    return result.ok ? ok(write.after) : result;
  });
}

/** What an order's events make of it, and all that follows from them. */
function writeOf({ ctx, before, events, reason }: Change): OrderWrite {
  const moves: StockMove[] = [];
  const entries: Entry[] = [];
  let order = before;
  const told = events.map((event) => {
    const from = order?.status ?? null;
    const follows = consequences(order, event);
    moves.push(...follows.moves);
    entries.push(...follows.entries);
    order = evolve(order, event);
    return { id: ctx.newId(), event, from, to: order.status };
  });
  if (!order) throw new RangeError('an order has at least one event');
  return {
    before,
    after: order,
    events: told,
    moves,
    entries,
    ...actOf(ctx, reason),
  };
}

/**
 * Gives a number to each order that is placed by these changes; the counters are locked last.
 */
async function numbered(em: EntityManager, tenantId: string, changes: readonly Change[]): Promise<Change[]> {
  const days = changes.map(({ events }) => wantsNumber(events));
  const wanted = new Map<string, number>();
  for (const at of days) if (at !== null) wanted.set(counter(at), (wanted.get(counter(at)) ?? 0) + 1);
  if (wanted.size === 0) return [...changes];
  const next = new Map(await takeSerials(em, tenantId, wanted));
  return changes.map((change, index) => {
    const at = days[index] ?? null;
    if (at === null) return change;
    const serial = next.get(counter(at)) ?? 1;
    next.set(counter(at), serial + 1);
    return { ...change, events: withNumber(change.events, orderNumber(at, serial)) };
  });
}

const counter = (at: string): string => `order:${dayOf(at)}`;
