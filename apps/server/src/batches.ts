import { err, ok } from '@orderloom/core';
import { type Database, type EntityManager, isUnavailable, transact } from '@orderloom/db';
import type { Refusal } from './errors.ts';
import type { Answer, Once } from './once.ts';
import type { Actor } from './trpc.ts';

/** What somebody wishes for. */
type Wish = { readonly ctx: Pick<Actor, 'caller' | 'once'> };
export type Batch<W> = readonly [W, ...W[]];

/** One caller's wish, and how to answer it. */
type Waiting<W, T> = {
  readonly wish: W;
  readonly answer: (answer: Answer<T>) => void;
  readonly fail: (thrown: unknown) => void;
  /** Runs while it waits in the queue; nobody waits there longer than for a connection. */
  readonly patience: NodeJS.Timeout;
};
type Lane<W, T> = { readonly waiting: Waiting<W, T>[]; running: number };

/**
 * Grants the wishes of one tenant in one transaction. A refusal is a value and rolls nothing back; `null` is
 * for those of several that would have to wait, and go alone.
 */
type Work<W, T> = (em: EntityManager, wishes: Batch<W>) => Promise<(Answer<T> | null)[]>;

const limits = {
  batchSizeMax: 64,
  batchesPerTenantMax: 2,
  batchesMax: 4,
  waitingPerTenantMax: 2_000,
};
const busy = err({ code: 'BUSY', retryAfterSeconds: 1 } as const);

/**
 * A door at which callers of one tenant share transactions. A batch starts as soon as a connection is free,
 * so a lone caller never waits for company; whoever comes meanwhile goes with the next one. Tenants take
 * turns. Whoever has waited for long is told to come again: a late answer helps nobody, and makes all those
 * behind it late too.
 */
export function inBatches<W extends Wish, T>(
  db: Database,
  work: Work<W, T>,
): (wish: W) => Promise<Answer<T>> {
  const lanes = new Map<string, Lane<W, T>>();
  const waitMs = db.pool.options.connectionTimeoutMillis ?? 500;
  let running = 0;

  const start = (tenantId: string, lane: Lane<W, T>) => {
    const [first, ...others] = nextOf(lane.waiting);
    if (!first) return;
    const batch: Batch<Waiting<W, T>> = [first, ...others];
    for (const { patience } of batch) clearTimeout(patience);
    running += 1;
    lane.running += 1;
    void grant(db, batch, work).finally(() => {
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
  return (wish) =>
    new Promise((answer, fail) => {
      const { tenantId } = wish.ctx.caller;
      const lane = lanes.get(tenantId) ?? { waiting: [], running: 0 };
      lanes.set(tenantId, lane);
      queue(lane, { wish, answer, fail }, waitMs);
      pump();
    });
}

/** Puts a wish at the end of the queue, from which it goes again by itself when its patience is over. */
function queue<W, T>(
  { waiting }: Lane<W, T>,
  wishing: Omit<Waiting<W, T>, 'patience'>,
  waitMs: number,
): void {
  if (waiting.length >= limits.waitingPerTenantMax) {
    wishing.answer(busy);
    return;
  }
  const leave = () => {
    waiting.splice(waiting.indexOf(one), 1);
    wishing.answer(busy);
  };
  const one: Waiting<W, T> = { ...wishing, patience: setTimeout(leave, waitMs) };
  waiting.push(one);
}

type Keyed = {
  readonly wish: { readonly ctx: { readonly once: Pick<Once, 'principalId' | 'route' | 'key'> | null } };
};

/** Takes the next batch off a queue; a request that is sent twice at once goes with the batch after. */
export function nextOf<T extends Keyed>(waiting: T[]): T[] {
  const keys = new Set<string>();
  const batch: T[] = [];
  for (let at = 0; at < waiting.length && batch.length < limits.batchSizeMax;) {
    const one = waiting[at];
    const once = one?.wish.ctx.once;
    const key = once && JSON.stringify([once.principalId, once.route, once.key]);
    if (!one || (key && keys.has(key))) {
      at += 1;
      continue;
    }
    if (key) keys.add(key);
    batch.push(one);
    waiting.splice(at, 1);
  }
  return batch;
}

/**
 * Grants a batch; when it fails as a whole its wishes are tried singly, so that one cannot refuse its
 * neighbours. Not when the database had no time or was lost: every single one would wait as long again, and
 * what was lost while it was committed may have been done.
 */
async function grant<W extends Wish, T>(
  db: Database,
  batch: Batch<Waiting<W, T>>,
  work: Work<W, T>,
): Promise<void> {
  const [first, ...others] = batch;
  const { tenantId } = first.wish.ctx.caller;
  try {
    const granted = await transact<(Answer<T> | null)[], Refusal>(db, { tenantId }, async (em) =>
      ok(await work(em, [first.wish, ...others.map(({ wish }) => wish)])),
    );
    for (const [at, one] of batch.entries()) {
      const answer = granted.ok ? granted.value[at] : granted;
      if (answer) one.answer(answer);
      else if (batch.length > 1) void grant(db, [one], work);
      else throw new RangeError('whoever is alone goes');
    }
  } catch (thrown) {
    if (batch.length === 1 || isUnavailable(thrown)) for (const one of batch) one.fail(thrown);
    else for (const one of batch) await grant(db, [one], work);
  }
}
