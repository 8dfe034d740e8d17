import { err, ok } from '@orderloom/core';
import { type Database, isUnavailable, transact } from '@orderloom/db';
import type { Refusal } from '../../errors.ts';
import { countPlaced } from '../../metrics.ts';
import type { Once } from '../../once.ts';
import type { Actor } from '../../trpc.ts';
import { type Answer, placeOrders } from './place.ts';
import type { Wish, Wished } from './wish.ts';

/** The one door for placing orders: callers of one tenant share transactions. */
export type Placing = {
  readonly place: (ctx: Actor, asked: Wished) => Promise<Answer>;
};

/** One caller's wish, and how to answer it. */
type Waiting = Wish & {
  readonly answer: (answer: Answer) => void;
  readonly fail: (thrown: unknown) => void;
  /** Runs while it waits in the queue; nobody waits there longer than for a connection. */
  readonly patience: NodeJS.Timeout;
};
type Batch = readonly [Waiting, ...Waiting[]];
type Lane = { readonly waiting: Waiting[]; running: number };

const limits = {
  batchSizeMax: 64,
  batchesPerTenantMax: 2,
  batchesMax: 4,
  waitingPerTenantMax: 2_000,
};
const busy = err({ code: 'BUSY', retryAfterSeconds: 1 } as const);

/**
 * A batch starts as soon as a connection is free, so a lone caller never waits for company; whoever comes
 * meanwhile goes with the next one. Tenants take turns. Whoever has waited for long is told to come again:
 * a late answer helps nobody, and makes all those behind it late too.
 */
export function createPlacing(db: Database): Placing {
  const lanes = new Map<string, Lane>();
  const waitMs = db.pool.options.connectionTimeoutMillis ?? 500;
  let running = 0;

  const start = (tenantId: string, lane: Lane) => {
    const [first, ...others] = nextOf(lane.waiting);
    if (!first) return;
    const batch: Batch = [first, ...others];
    for (const { patience } of batch) clearTimeout(patience);
    running += 1;
    lane.running += 1;
    void placeBatch(db, tenantId, batch).finally(() => {
      running -= 1;
      lane.running -= 1;
      lanes.delete(tenantId);
      if (lane.waiting.length + lane.running > 0) lanes.set(tenantId, lane);
      pump();
    });
  };
  const pump = () => {
    for (const [tenantId, lane] of lanes) {
      if (running >= limits.batchesMax) return;
      if (lane.waiting.length > 0 && lane.running < limits.batchesPerTenantMax) start(tenantId, lane);
    }
  };
  const place = (ctx: Actor, asked: Wished): Promise<Answer> =>
    new Promise((answer, fail) => {
      const { tenantId } = ctx.caller;
      const lane = lanes.get(tenantId) ?? { waiting: [], running: 0 };
      lanes.set(tenantId, lane);
      queue(lane, { ctx, asked, answer, fail }, waitMs);
      pump();
    });
  return { place };
}

/** Puts a wish at the end of the queue, from which it goes again by itself when its patience is over. */
function queue({ waiting }: Lane, wishing: Omit<Waiting, 'patience'>, waitMs: number): void {
  if (waiting.length >= limits.waitingPerTenantMax) {
    wishing.answer(busy);
    return;
  }
  const leave = () => {
    waiting.splice(waiting.indexOf(wish), 1);
    wishing.answer(busy);
  };
  const wish: Waiting = { ...wishing, patience: setTimeout(leave, waitMs) };
  waiting.push(wish);
}

type Keyed = { readonly ctx: { readonly once: Pick<Once, 'principalId' | 'route' | 'key'> | null } };

/** Takes the next batch off a queue; a request that is sent twice at once goes with the batch after. */
export function nextOf<T extends Keyed>(waiting: T[]): T[] {
  const keys = new Set<string>();
  const batch: T[] = [];
  for (let at = 0; at < waiting.length && batch.length < limits.batchSizeMax;) {
    const wish = waiting[at];
    const once = wish?.ctx.once;
    const key = once && JSON.stringify([once.principalId, once.route, once.key]);
    if (!wish || (key && keys.has(key))) {
      at += 1;
      continue;
    }
    if (key) keys.add(key);
    batch.push(wish);
    waiting.splice(at, 1);
  }
  return batch;
}

/**
 * Places a batch; when it fails as a whole its orders are tried singly, so that one cannot refuse its
 * neighbours. Not when the database had no time or was lost: every single one would wait as long again, and
 * what was lost while it was committed may have been placed.
 */
async function placeBatch(db: Database, tenantId: string, batch: Batch): Promise<void> {
  try {
    const placed = await transact<Answer[], Refusal>(db, { tenantId }, async (em) =>
      ok(await placeOrders(em, batch)),
    );
    if (placed.ok) countPlaced(placed.value.filter(({ ok: went }) => went).length);
    for (const [at, wish] of batch.entries())
      wish.answer(placed.ok ? (placed.value[at] ?? err({ code: 'INTERNAL' })) : placed);
  } catch (thrown) {
    if (batch.length === 1 || isUnavailable(thrown)) for (const wish of batch) wish.fail(thrown);
    else for (const wish of batch) await placeBatch(db, tenantId, [wish]);
  }
}
