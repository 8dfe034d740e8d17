import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Episode } from './episode.ts';
import type { Try, Violation } from './history.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** One line of the results: what was done, what was seen, whether it was good. */
export type Line = { readonly cells: readonly string[]; readonly kept: boolean | null };

export const headings = [
  'fault',
  'ok',
  'refused',
  'unknown',
  'tries lost',
  'tries 503',
  'slowest 503, s',
  'recovery, s',
  'all told after, s',
  'verdict',
];

export function lineOf({ fault, history, recoverySeconds, toldSeconds, violations }: Episode): Line {
  const count = (outcome: string) => history.ops.filter((op) => op.outcome === outcome).length;
  const tries = history.ops.flatMap((op) => op.tries);
  const busy = tries.filter(({ answer }) => answer === 503);
  const cells = [
    fault,
    ...['ok', 'fail', 'unknown'].map((outcome) => String(count(outcome))),
    String(tries.filter(({ answer }) => answer === 'lost').length),
    String(busy.length),
    busy.length === 0 ? '' : slowest(busy),
    String(recoverySeconds),
    String(toldSeconds),
    violations.length === 0 ? 'kept' : `BROKEN: ${promisesOf(violations)}`,
  ];
  return { cells, kept: violations.length === 0 };
}

const slowest = (tries: readonly Try[]): string =>
  (Math.max(...tries.map(({ ms }) => ms)) / 1_000).toFixed(1);

const promisesOf = (violations: readonly Violation[]): string =>
  [...Map.groupBy(violations, ({ promise }) => promise)]
    .map(([promise, { length }]) => `${promise} (${length})`)
    .join('; ');

export const skippedLine = (fault: string, why: string): Line => ({
  cells: [fault, ...Array.from({ length: headings.length - 2 }, () => ''), `skipped: ${why}`],
  kept: null,
});

/** Writes a line below its headings. */
export function print({ cells }: Line): void {
  const wide = cells.map((cell, at) =>
    at === 0 ? cell.padEnd(22) : cell.padStart((headings[at] ?? '').length),
  );
  process.stdout.write(`${wide.join('  ')}\n`);
}

export type Case = { readonly fault: string; readonly seed: number; readonly found: unknown };

/** Keeps what a failing run saw; where. */
export function keepFailure({ fault, seed, found }: Case): string {
  const folder = join(here, '.failures');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${seed}-${fault}.json`);
  writeFileSync(file, JSON.stringify(found, null, 1));
  return file;
}

export type Outcome = {
  readonly seed: number;
  readonly set: string;
  readonly seconds: number;
  readonly lines: readonly Line[];
  readonly notes: readonly string[];
};

/** Writes the results of the run, with the machine, the date and the commit. */
export function writeResults({ seed, set, seconds, lines, notes }: Outcome): void {
  const git = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: here, encoding: 'utf8' });
  const commit = git.stdout.trim() || 'unknown';
  const memory = Math.round(totalmem() / 2 ** 30);
  const at = new Date().toISOString().slice(0, 16);
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? ''})`;
  const load = readFileSync('/proc/loadavg', 'utf8').split(' ')[0];
  const text = [
    '# Faults: what the last run saw',
    '',
    `Written by \`pnpm faults ${set}\`. ${at}Z, commit ${commit}, seed ${seed}, ${seconds} s,`,
    `${machine}, ${memory} GB, load ${load} at the end.`,
    '',
    `| ${headings.join(' | ')} |`,
    `|${headings.map(() => '---').join('|')}|`,
    ...lines.map(({ cells }) => `| ${cells.join(' | ')} |`),
    '',
    ...notes.map((note) => `- ${note}`),
    '',
  ];
  writeFileSync(join(here, 'RESULTS.md'), text.join('\n'));
}
