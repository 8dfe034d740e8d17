import { ok, type Result } from '@orderloom/core';
import { claimKeys, type EntityManager, keepAnswers, releaseKeys } from '@orderloom/db';
import type { Batch } from './batches.ts';
import type { Refusal } from './errors.ts';
import { type Answer, type Once, repeated, type Replay } from './once.ts';
import { throughAll } from './through-all.ts';
import type { Actor } from './trpc.ts';

type Wish = { readonly ctx: Pick<Actor, 'caller' | 'once'> };
type Claimed<W> = Result<W, Refusal | Replay>;
type Granting<W, T, A> = {
  /** Grants the wishes whose requests are new; `null` for those that must go alone. */
  readonly work: (wishes: Batch<W>) => Promise<A[]>;
  /** What is answered, and stored for requests with a key. */
  readonly view: (value: T, wish: W) => unknown;
};

/** Claims the keys of a batch, grants what is new, and stores the answers, for one transaction. */
export async function eachOnce<W extends Wish, T, A extends Answer<T> | null>(
  em: EntityManager,
  wishes: Batch<W>,
  { work, view }: Granting<W, T, A>,
): Promise<(A | Answer<never>)[]> {
  const { tenantId } = wishes[0].ctx.caller;
  const claims = await claimed(em, tenantId, wishes);
  const granted = await throughAll(claims, async ([first, ...others]) =>
    (first ? await work([first, ...others]) : []).map((answer) => ok(answer)),
  );
  const answers = granted.map((one) => (one.ok ? one.value : one));
  await settled(em, tenantId, { claims, answers, view });
  return answers;
}

/** Claims the keys of a batch: the wishes that are new, and what became of the others before. */
export async function claimed<W extends Wish>(
  em: EntityManager,
  tenantId: string,
  wishes: readonly W[],
): Promise<Claimed<W>[]> {
  const keys = wishes.flatMap(({ ctx }) => ctx.once ?? []);
  const earlier = await claimKeys(em, tenantId, keys);
  const before = new Map(keys.map((key, at) => [key, earlier[at] ?? null]));
  return wishes.map((wish) => {
    const { once } = wish.ctx;
    const again = once ? repeated(once, before.get(once) ?? null) : ok(null);
    return again.ok ? ok(wish) : again;
  });
}

type Granted<W, T> = {
  readonly claims: readonly Claimed<W>[];
  readonly answers: readonly (Answer<T> | null)[];
  readonly view: (value: T, wish: W) => unknown;
};

/** Stores the answers of what was done now; a refusal is not stored, so that a later try decides anew. */
export async function settled<W extends Wish, T>(
  em: EntityManager,
  tenantId: string,
  { claims, answers, view }: Granted<W, T>,
): Promise<void> {
  type Held = { readonly wish: W; readonly claim: Once; readonly answer: Answer<T> | null | undefined };
  const held = claims.flatMap((wish, at): Held[] =>
    wish.ok && wish.value.ctx.once
      ? [{ wish: wish.value, claim: wish.value.ctx.once, answer: answers[at] }]
      : [],
  );
  const kept = held.flatMap(({ wish, claim, answer }) =>
    answer?.ok ? [{ claim, answer: claim.answer(view(answer.value, wish)) }] : [],
  );
  const refused = held.flatMap(({ claim, answer }) => (answer?.ok ? [] : [claim]));
  await keepAnswers(em, tenantId, kept);
  await releaseKeys(em, tenantId, refused);
}
