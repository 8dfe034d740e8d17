import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type OrderStatus, type Result, transitions } from '@orderloom/core';
import type { BulkUpdate } from '@orderloom/core/inputs';
import { claimKeys, isUnavailable, keepAnswers, orderIds, releaseKeys, transact } from '@orderloom/db';
import { z } from 'zod';
import type { Refusal } from '../../errors.ts';
import { outcome, repeated, type Replay } from '../../once.ts';
import type { Acting } from '../../trpc.ts';
import { stepOrders, type Taken } from './change.ts';
import type { Command } from './command.ts';
import { plainUpdate } from './update.ts';

/** What is told of a refusal: its code, and the facts that come with it. */
const Told = z.custom<Refusal>((value) => z.looseObject({ code: z.string() }).safeParse(value).success);

/** The orders that were changed, and why the others were not; those by the names that they were called. */
export const BulkView = z.object({
  changed: z.array(z.string()),
  failed: z.array(z.object({ id: z.string(), refusal: Told })),
});
type BulkOutcome = z.output<typeof BulkView>;

const limits = { atOnce: 250, tries: 5, pauseMs: 100 };

/**
 * Takes many orders one step further, each for itself: what one is refused changes nothing for the others.
 * They go in small transactions, so that nobody waits for all of them. With a key this is done once; when the
 * server ends in the middle, the same key goes on with those that are left.
 */
export async function bulkUpdate(ctx: Acting, input: BulkUpdate): Promise<BulkOutcome> {
  const { once, caller, parts } = ctx;
  const { tenantId } = caller;
  const scope = { tenantId };
  if (!once) return moveAll(ctx, input);
  outcome(
    await transact<null, Refusal | Replay>(parts.db, scope, async (em) => {
      const [earlier = null] = await claimKeys(em, tenantId, [once]);
      return repeated(once, earlier);
    }),
  );
  try {
    const done = await moveAll(ctx, input);
    const kept = [{ claim: once, answer: once.answer(done) }];
    await transact(parts.db, scope, async (em) => ok(await keepAnswers(em, tenantId, kept)));
    return done;
  } catch (thrown) {
    await transact(parts.db, scope, async (em) => ok(await releaseKeys(em, tenantId, [once])));
    throw thrown;
  }
}

type Step = Result<string, Refusal>;

async function moveAll(ctx: Acting, { ids: names, status }: BulkUpdate): Promise<BulkOutcome> {
  const known = await ctx.read((em) => orderIds(em, ctx.caller.tenantId, names.filter(isName)));
  // The same order may be named in several ways: it is changed once.
  const ids = [...new Set(known.values())].sort();
  const steps = new Map<string, Step>();
  for (let at = 0; at < ids.length; at += limits.atOnce) {
    const [first, ...others] = ids.slice(at, at + limits.atOnce);
    if (first === undefined) break;
    for (const [id, step] of await moveSome(ctx, [first, ...others], status)) steps.set(id, step);
  }
  const changed = ids.filter((id) => steps.get(id)?.ok);
  const failed = [...new Set(names)].flatMap((name) => {
    const id = known.get(name);
    const step = id === undefined ? undefined : steps.get(id);
    if (step?.ok) return [];
    return [{ id: name, refusal: step?.error ?? { code: 'ORDER_NOT_FOUND' as const, id: name } }];
  });
  return { changed, failed };
}

/** PostgreSQL stores no NUL in a text, so nothing is called so. */
const isName = (name: string): boolean => !name.includes('\0') && name.isWellFormed();

async function moveSome(
  ctx: Acting,
  ids: readonly [string, ...string[]],
  status: OrderStatus,
): Promise<Map<string, Step>> {
  const commandOf = (id: string): Command => ({
    ctx,
    id,
    expectedVersion: undefined,
    command: { ...plainUpdate, status },
  });
  const [first, ...others] = ids;
  const answers = await insisted(() =>
    inTurn(ctx.parts.db, () =>
      transact<Result<Taken, Refusal>[], Refusal>(
        ctx.parts.db,
        { tenantId: ctx.caller.tenantId },
        async (em) => ok(await stepOrders(em, [commandOf(first), ...others.map(commandOf)])),
      ),
    ),
  );
  return new Map(
    ids.map((id, at): [string, Step] => {
      const answer = answers.ok ? answers.value[at] : answers;
      if (!answer) return [id, err({ code: 'INTERNAL' })];
      if (!answer.ok) return [id, answer];
      const { events, order } = answer.value;
      return [id, events.length > 0 ? ok(id) : err(thereAlready(order.status))];
    }),
  );
}

/** A moment in which the database has no time is no reason to leave the others where they are. */
async function insisted<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (thrown) {
      if (tries === limits.tries || !isUnavailable(thrown)) throw thrown;
      await sleep(limits.pauseMs * tries);
    }
  }
}

const lastTurns = new WeakMap<object, Promise<unknown>>();

/** However many bulks there are, they take turns, so that they are to all others as one. */
function inTurn<T>(db: object, work: () => Promise<T>): Promise<T> {
  const turn = (lastTurns.get(db) ?? Promise.resolve()).then(work);
  lastTurns.set(
    db,
    turn.catch(() => {}),
  );
  return turn;
}

/** An order that has the status already has no step to it. */
const thereAlready = (from: OrderStatus): Refusal => ({
  code: 'INVALID_TRANSITION',
  from,
  command: transitions.findLast(({ to }) => to === from)?.command ?? 'placeOrder',
});
