import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { type Result, short, spoken } from './result.ts';
import { pgbenchPath } from './yardstick.ts';

type Run = {
  readonly started: string;
  /** Of the machine, before the first case and after each. */
  readonly loads: readonly number[];
  readonly seconds: string;
  readonly turns: string;
  readonly failed: readonly string[];
};

/** The results as a page: where and when, and a line for each. */
export function pageOf(results: readonly Result[], run: Run): string {
  const { started, loads, seconds, turns, failed } = run;
  const commit = spawnSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).stdout.trim();
  const pgbench = pgbenchPath();
  const yards = pgbench
    ? spawnSync(pgbench, ['--version'], { encoding: 'utf8' }).stdout.trim()
    : 'our own client, as there is no pgbench';
  const memory = Math.round(totalmem() / 2 ** 30);
  const [before = 0, ...during] = loads;
  return [
    '# Results',
    '',
    'Written by `pnpm bench`; what is measured, and how, is in [README.md](README.md).',
    '',
    `- Date: ${started}; commit ${commit}`,
    `- Machine: ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${memory} GB; Node ${process.version}`,
    `- Database: PostgreSQL 18 as it comes with the packages, default durability; yardsticks by ${yards}`,
    `- Load average: ${short(before)} before, at most ${short(Math.max(before, ...during))} during it`,
    `- ${turns} turns of ${seconds} s; medians, with the smallest and the largest`,
    ...(failed.length > 0 ? [`- Failed: ${failed.join(', ')}`] : []),
    '',
    '| Case | Orders there | Found | Yardstick | Ratio | More | First | Aim |',
    '|---|---|---|---|---|---|---|---|',
    ...results.map(rowOf),
    '',
    ...growth(results),
  ].join('\n');
}

function rowOf({ name, orders, value, unit, yardstick, more, first, aim }: Result): string {
  const budget = (of: Result['first']) => (of ? `${of.wants}: ${of.met ? 'yes' : '**no**'}` : '');
  const cells = [
    name,
    orders === null ? '' : orders.toLocaleString('en'),
    `${spoken(value)} ${unit}`,
    yardstick ? `${yardstick.name} ${spoken(yardstick.value)}` : '',
    yardstick ? spoken(yardstick.ratio) : '',
    more,
    budget(first),
    budget(aim),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** How each case changes from the smallest database to the largest. */
function growth(results: readonly Result[]): string[] {
  const sizes = [...new Set(results.flatMap(({ orders }) => orders ?? []))].toSorted((a, b) => a - b);
  const [few, many] = [sizes[0], sizes.at(-1)];
  if (few === undefined || many === undefined || few === many) return [];
  const pairs = results.flatMap((small) => {
    const large = results.find(
      ({ name, orders }) => small.orders === few && orders === many && name === small.name,
    );
    return large ? [`| ${small.name} | ${short(large.value.median / small.value.median)} |`] : [];
  });
  return [
    `## From ${few.toLocaleString('en')} to ${many.toLocaleString('en')} orders`,
    '',
    'What was found with many orders, divided by what was found with few. 1 is: size costs nothing.',
    '',
    '| Case | Ratio |',
    '|---|---|',
    ...pairs,
    '',
  ];
}
