import type { Result } from '@orderloom/core';

/** Asks once about all that went well so far, and puts each answer where its question was. */
export async function throughAll<A, B, E>(
  results: readonly Result<A, E>[],
  ask: (values: readonly A[]) => Promise<readonly Result<B, E>[]>,
): Promise<Result<B, E>[]> {
  const values = results.flatMap((result) => (result.ok ? [result.value] : []));
  const answers = (values.length > 0 ? await ask(values) : []).values();
  return results.map((result) => {
    if (!result.ok) return result;
    const answer = answers.next();
    if (answer.done) throw new RangeError('every question has its answer');
    return answer.value;
  });
}
