import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { check } from '@orderloom/db';
import type { Found } from './load.ts';
import type { Measured } from './measure.ts';
import { lineOf, type Result, short, spreadOf } from './result.ts';
import { openStage, type Settings, type Stage } from './stage.ts';
import type { Rate } from './yardstick.ts';

/** How much is measured. */
export type Options = {
  readonly orders: number;
  readonly seconds: number;
  readonly turns: number;
};

export const options = ((): Options => {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { orders: text, seconds: text, turns: text } });
  const { orders = '10000', seconds = '5', turns = '3' } = values;
  return { orders: Number(orders), seconds: Number(seconds), turns: Number(turns) };
})();

type Told = Pick<Result, 'name' | 'value' | 'unit'> & Partial<Result>;

/** Prints one line, and keeps it for RESULTS.md. Below its first budget, the case fails. */
export function report(told: Told): void {
  const orders = 'orders' in told ? (told.orders ?? null) : options.orders;
  const result: Result = { yardstick: null, more: '', first: null, aim: null, ...told, orders };
  console.log(lineOf(result));
  const out = process.env['BENCH_OUT'];
  if (out) appendFileSync(out, `${JSON.stringify(result)}\n`);
  if (result.first && !result.first.met && process.env['BENCH_BUDGET'] !== 'off') process.exitCode = 1;
}

/** Ours against theirs, turn by turn. */
export function against(ours: readonly Found[], theirs: readonly Rate[]): Result['yardstick'] {
  const ratios = ours.map(({ perSecond }, at) => perSecond / (theirs[at]?.perSecond ?? Number.NaN));
  const value = spreadOf(theirs.map(({ perSecond }) => perSecond));
  return { name: theirs[0]?.name ?? '', value, ratio: spreadOf(ratios) };
}

const medianOf = <T>(all: readonly T[], of: (one: T) => number): number => spreadOf(all.map(of)).median;

/** The medians of what several turns of a load measured. */
export function summary(all: readonly Measured[]) {
  const of = (what: (one: Measured) => number) => medianOf(all, what);
  const [server, database] = [of(({ cpu }) => cpu.server), of(({ cpu }) => cpu.database)];
  const [p50, p95, p99] = [of((one) => one.p50), of((one) => one.p95), of((one) => one.p99)];
  const [statements, rows] = [of((one) => one.statements), of((one) => one.rows)];
  const refused = all.reduce((sum, one) => sum + one.refused, 0);
  const words = [
    `p50 ${short(p50)} ms, p99 ${short(p99)} ms`,
    `CPU ${short(server + database)} ms (server ${short(server)}, PostgreSQL ${short(database)})`,
    `${short(statements)} statements, ${short(rows)} rows`,
    ...(refused > 0 ? [`${refused} refused: ${all.find((one) => one.refusal)?.refusal}`] : []),
  ];
  const rate = spreadOf(all.map(({ perSecond }) => perSecond));
  return { rate, p50, p95, p99, cpu: server + database, statements, rows, more: words.join('; ') };
}

/** A case on a database of its size; afterwards nothing may disagree. */
export async function onStage(work: (stage: Stage) => Promise<void>, settings: Settings = {}): Promise<void> {
  const stage = await openStage(options.orders, settings);
  try {
    await work(stage);
    if (options.orders <= 100_000) await checked(stage);
  } finally {
    await stage.close();
  }
}

export async function checked({ db }: Stage): Promise<void> {
  const differences = await check(db);
  console.log(`check: ${differences.length} differences`);
  if (differences.length === 0) return;
  console.log(differences.slice(0, 3));
  process.exitCode = 1;
}
