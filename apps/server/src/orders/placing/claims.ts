import { ok, type Result } from '@orderloom/core';
import { claimKeys, type EntityManager, keepAnswers, releaseKeys } from '@orderloom/db';
import type { Refusal } from '../../errors.ts';
import { type Once, repeated, type Replay } from '../../once.ts';
import type { Answer } from './place.ts';
import { placedView } from '../views.ts';
import type { Wish } from './wish.ts';

type Claimed = Result<Wish, Refusal | Replay>;

/** Claims the keys of a batch: the wishes that are new, and what became of the others before. */
export async function claimed(
  em: EntityManager,
  tenantId: string,
  wishes: readonly Wish[],
): Promise<Claimed[]> {
  const keys = wishes.flatMap(({ ctx }) => ctx.once ?? []);
  const earlier = await claimKeys(em, tenantId, keys);
  const before = new Map(keys.map((key, at) => [key, earlier[at] ?? null]));
  return wishes.map((wish) => {
    const { once } = wish.ctx;
    const again = once ? repeated(once, before.get(once) ?? null) : ok(null);
    return again.ok ? ok(wish) : again;
  });
}

type Batch = {
  readonly wishes: readonly Wish[];
  readonly claims: readonly Claimed[];
  readonly answers: readonly Answer[];
};

/** Stores the answers of what was done now; a refusal is not stored, so that a later try decides anew. */
export async function settled(
  em: EntityManager,
  tenantId: string,
  { wishes, claims, answers }: Batch,
): Promise<void> {
  const held = wishes.flatMap(({ ctx }, at): { claim: Once; answer: Answer | undefined }[] =>
    ctx.once && claims[at]?.ok ? [{ claim: ctx.once, answer: answers[at] }] : [],
  );
  const kept = held.flatMap(({ claim, answer }) =>
    answer?.ok ? [{ claim, answer: claim.answer(placedView(answer.value)) }] : [],
  );
  const refused = held.flatMap(({ claim, answer }) => (answer?.ok ? [] : [claim]));
  await keepAnswers(em, tenantId, kept);
  await releaseKeys(em, tenantId, refused);
}
