import { setTimeout as sleep } from 'node:timers/promises';
import { gatewayRequests, groupRequests, ok, type Result } from '@orderloom/core';
import {
  claimKey,
  type Database,
  type EntityManager,
  keepAnswers,
  keepBegun,
  loadOrders,
  read,
  releaseKeys,
  transact,
} from '@orderloom/db';
import { orThrow, type Refusal } from '../../errors.ts';
import { outcome, repeated, type Replay } from '../../once.ts';
import type { Acting } from '../../trpc.ts';

/** A command whose effect is a gateway's to have: what is answered is known only after its word has come. */
type Asking<T, V> = {
  readonly work: (em: EntityManager) => Promise<Result<T, Refusal>>;
  /** The id by which what was begun is found again. */
  readonly idOf: (value: T) => string;
  /** The orders that may wait for the gateway. */
  readonly ordersOf: (em: EntityManager, id: string) => Promise<readonly string[]>;
  /** What the answer is made of, read anew when the gateway has answered. */
  readonly again: (em: EntityManager, id: string) => Promise<Result<T, Refusal>>;
  readonly view: (value: T) => V;
};

const patience = { waitMs: 6_000, firstPauseMs: 20, pauseMs: 150 };

/**
 * Commits the command, waits a while for the gateway, and answers what is known then. A key is claimed with
 * the command and keeps its answer at the end; meanwhile the same request is told that it is in progress.
 * When whoever waited is no more, the same request goes on where that one was interrupted.
 */
export async function throughGateway<T, V>(ctx: Acting, asking: Asking<T, V>): Promise<V> {
  const { parts, once, caller, commitAs } = ctx;
  const { work, ordersOf, again, view } = asking;
  if (!parts.gateway) return commitAs(work, view);
  const { db } = parts;
  const { tenantId } = caller;
  const begun = outcome(
    await transact<string, Refusal | Replay>(db, { tenantId }, (em) => begin(em, ctx, asking)),
  );
  await answered(db, tenantId, await read(db, { tenantId }, (em) => ordersOf(em, begun)));
  const known = await transact<Result<V, Refusal>, never>(db, { tenantId }, async (em) => {
    const found = await again(em, begun);
    const seen = found.ok ? ok(view(found.value)) : found;
    if (once && seen.ok) await keepAnswers(em, tenantId, [{ claim: once, answer: once.answer(seen.value) }]);
    // What was declined may be tried again with the same key.
    if (once && !seen.ok) await releaseKeys(em, tenantId, [once]);
    return ok(seen);
  });
  return orThrow(orThrow(known));
}

/** Does the work, unless the same request has begun it before; the id of what is under way. */
async function begin<T, V>(
  em: EntityManager,
  { once, caller: { tenantId } }: Acting,
  { work, idOf }: Asking<T, V>,
): Promise<Result<string, Refusal | Replay>> {
  const { earlier, begun } = once ? await claimKey(em, tenantId, once) : { earlier: null, begun: null };
  const fresh = once ? repeated(once, earlier) : ok(null);
  if (!fresh.ok) return fresh;
  if (begun !== null) return ok(begun);
  const done = await work(em);
  if (!done.ok) return done;
  const id = idOf(done.value);
  if (once) await keepBegun(em, tenantId, { claim: once, begun: id });
  return ok(id);
}

/** Waits until nothing that was asked for these orders is unanswered, but not for ever. */
async function answered(db: Database, tenantId: string, ids: readonly string[]): Promise<void> {
  const untilMs = performance.now() + patience.waitMs;
  for (let pauseMs = patience.firstPauseMs; performance.now() < untilMs; pauseMs *= 2) {
    const orders = [...(await read(db, { tenantId }, (em) => loadOrders(em, tenantId, ids))).values()];
    const open = [...orders.flatMap(gatewayRequests), ...groupRequests(orders)];
    if (open.every(({ waiting }) => waiting)) return;
    await sleep(Math.min(pauseMs, patience.pauseMs));
  }
}
