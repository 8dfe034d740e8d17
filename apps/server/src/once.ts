import { err, ok, type Result } from '@orderloom/core';
import {
  type Claim,
  claimKeys,
  type Earlier,
  type EntityManager,
  keepAnswers,
  type StoredAnswer,
} from '@orderloom/db';
import { type Refusal, refuse } from './errors.ts';

/** A request with an `Idempotency-Key`: one effect, and the same answer however often it is sent. */
export type Once = Claim & {
  /** The answer over the wire that an output becomes; stored in the transaction that earned it. */
  readonly answer: (output: unknown) => StoredAnswer;
};

/** The request was answered before; nothing was done now. */
export type Replay = { readonly code: 'REPLAYED'; readonly answer: StoredAnswer };

/** What becomes of a wish. */
export type Answer<T> = Result<T, Refusal | Replay>;

/** Carries a stored answer through tRPC, which only throws. */
export class Replayed extends Error {
  readonly answer: StoredAnswer;

  constructor(answer: StoredAnswer) {
    super('REPLAYED');
    this.answer = answer;
  }
}

/** The value of a result; a refusal or an earlier answer is thrown. */
export function outcome<T>(result: Result<T, Refusal | Replay>): T {
  if (result.ok) return result.value;
  if (result.error.code === 'REPLAYED') throw new Replayed(result.error.answer);
  throw refuse(result.error);
}

/** What a key that was used before means for the request that uses it now. */
export function repeated(
  { requestHash }: Pick<Claim, 'requestHash'>,
  earlier: Earlier | null,
): Result<null, Refusal | Replay> {
  if (earlier === null) return ok(null);
  if (earlier.requestHash !== requestHash) return err({ code: 'IDEMPOTENCY_KEY_REUSED' });
  return err(
    earlier.answer === null
      ? { code: 'IDEMPOTENCY_IN_PROGRESS', retryAfterSeconds: 1 }
      : { code: 'REPLAYED', answer: earlier.answer },
  );
}

type Work<T> = (em: EntityManager) => Promise<Result<T, Refusal>>;
type Keyed<T, V> = {
  readonly tenantId: string;
  readonly once: Once;
  readonly work: Work<T>;
  readonly view: (value: T) => V;
};

/** Claim, effect and stored answer in one transaction: whatever ends one of them ends all three. */
export async function workOnce<T, V>(
  em: EntityManager,
  { tenantId, once, work, view }: Keyed<T, V>,
): Promise<Result<V, Refusal | Replay>> {
  const [earlier = null] = await claimKeys(em, tenantId, [once]);
  const again = repeated(once, earlier);
  if (!again.ok) return again;
  const result = await work(em);
  if (!result.ok) return result;
  const output = view(result.value);
  await keepAnswers(em, tenantId, [{ claim: once, answer: once.answer(output) }]);
  return ok(output);
}
