/** What came of one promise; `null` when it could not be seen from here. */
export type Verdict = {
  readonly promise: string;
  /** What was done and what was found, in plain words with numbers. */
  readonly words: string;
  readonly kept: boolean | null;
};

const word = ({ kept }: Verdict): string => (kept === null ? 'skipped' : kept ? 'kept' : 'BROKEN');

/** One verdict a line. */
export const lineOf = (verdict: Verdict): string =>
  `  ${word(verdict).padEnd(8)} ${verdict.promise.padEnd(12)} ${verdict.words}`;

/** What was promised and not kept. */
export const broken = (verdicts: readonly Verdict[]): Verdict[] =>
  verdicts.filter(({ kept }) => kept === false);

/** The last line of a run. */
export function summaryOf(verdicts: readonly Verdict[]): string {
  const count = (kept: boolean | null) => verdicts.filter((one) => one.kept === kept).length;
  return `${count(true)} promises kept, ${count(false)} broken, ${count(null)} skipped`;
}
