import { parseArgs } from 'node:util';

/** How a lab run was asked for. */
export type Run = {
  readonly seed: number;
  readonly full: boolean;
  readonly selfTest: boolean;
  /** The cases that are wanted; all when it is empty. */
  readonly only: readonly string[];
};

/** `[--quick|--full] [--seed N] [--only NAME]… [--self-test]` */
export function readRun(args: readonly string[]): Run {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean' },
      full: { type: 'boolean' },
      seed: { type: 'string' },
      only: { type: 'string', multiple: true },
      'self-test': { type: 'boolean' },
    },
  });
  const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`--seed takes a whole number, not ${values.seed}`);
  const only = (values.only ?? []).flatMap((names) => names.split(','));
  return { seed, full: values.full ?? false, selfTest: values['self-test'] ?? false, only };
}

type Named = (asked: string, name: string) => boolean;
export const isWhole: Named = (asked, name) => name === asked;
export const isBeginning: Named = (asked, name) => name.startsWith(asked);

/** Ends the process when a name stands for nothing: nothing would be run, and nothing be found broken. */
export function refuseUnknown(asked: readonly string[], known: readonly string[], isNamed: Named): void {
  const unknown = asked.filter((one) => !known.some((name) => isNamed(one, name)));
  if (unknown.length === 0) return;
  process.stderr.write(`nothing is called ${unknown.join(' or ')}; there are ${known.join(', ')}\n`);
  process.exit(2);
}
