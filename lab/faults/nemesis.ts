import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, type Defence } from '@orderloom/db';
import { type Chance, chance } from '../../apps/server/src/demo/chance.ts';
import { isBeginning, type Run } from '../arguments.ts';
import { mountSmallDisk, unmount } from './disk.ts';
import { type Episode, episode } from './episode.ts';
import { type Fault, faults } from './faults.ts';
import { overload, overloadLine, overloadNotes } from './overload.ts';
import { keepFailure, type Line, lineOf, skippedLine } from './report.ts';
import { startWorld, type World } from './world.ts';

/** How a run goes on, and whom it tells. */
export type Telling = {
  readonly luck: Chance;
  readonly defenceOff: readonly Defence[];
  readonly say: (line: Line) => void;
  readonly note: (text: string) => void;
};
type Place = NonNullable<Fault['place']> | 'usual' | 'overload';

const places: readonly Place[] = ['usual', 'warehouse', 'disk', 'overload'];
const flooding: Pick<Fault, 'name' | 'quick'> = { name: 'overload', quick: true };

/** What can be asked for. */
export const names = [...faults, flooding].map(({ name }) => name);

// With the patience of production: tests wait longer.
const production = { NODE_ENV: 'production', METRICS_TOKEN: 'a token for the lab', LOG_LEVEL: 'ERROR' };

const isWanted = ({ only, full }: Run, { name, quick }: Pick<Fault, 'name' | 'quick'>): boolean =>
  only.length > 0 ? only.some((one) => isBeginning(one, name)) : full || quick;

export const chosen = (run: Run): Fault[] => faults.filter((fault) => isWanted(run, fault));

/** Everything that is wanted, each world with its faults one after the other. */
export async function strikeAll(run: Run, all: readonly Fault[], telling: Telling): Promise<void> {
  for (const place of places) {
    const here = all.filter((fault) => (fault.place ?? 'usual') === place);
    const wanted =
      place === 'overload' ? isWanted(run, flooding) && telling.defenceOff.length === 0 : here.length > 0;
    if (wanted) await visit(run, { place, here }, telling);
  }
}

type Visit = { readonly place: Place; readonly here: readonly Fault[] };

async function visit(run: Run, { place, here }: Visit, telling: Telling): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'orderloom-faults-'));
  const mounted = place === 'disk' && mountSmallDisk(dir);
  try {
    if (place === 'disk' && !mounted) {
      for (const { name } of here) telling.say(skippedLine(name, 'no small disk can be mounted here'));
      return;
    }
    const world = await startWorld({
      dir,
      chance: chance(run.seed + 1).next,
      defenceOff: telling.defenceOff,
      remote: place === 'warehouse',
      env: place === 'overload' ? production : {},
    });
    try {
      if (place === 'overload') await floodIt(run, world, telling);
      for (const fault of here) await strike(run, { world, fault }, telling);
      await checkAll(run, { world, place }, telling);
    } finally {
      await world.stop();
    }
  } finally {
    if (mounted) unmount(dir);
    rmSync(dir, { recursive: true, force: true });
  }
}

async function strike(
  run: Run,
  { world, fault }: { readonly world: World; readonly fault: Fault },
  { luck, say, note }: Telling,
): Promise<void> {
  const why = fault.missing?.(world) ?? null;
  const pace = {
    seed: luck.between(1, 1_000_000),
    luck,
    faultMs: luck.between(1_500, run.full ? 8_000 : 3_000),
    clients: run.full ? 16 : 8,
  };
  if (why !== null) {
    say(skippedLine(fault.name, why));
    return;
  }
  const seen: Episode = await episode(world, fault, pace);
  say(lineOf(seen));
  for (const { promise, subject, why: reason } of seen.violations.slice(0, 5))
    note(`${seen.fault}: ${promise}: ${subject}: ${reason}`);
  if (seen.violations.length === 0) return;
  const file = keepFailure({ fault: seen.fault, seed: run.seed, found: seen });
  process.stdout.write(`  kept in ${file}; again with --seed ${run.seed}\n`);
}

async function floodIt(run: Run, world: World, { say, note }: Telling): Promise<void> {
  const seen = await overload(world, run.full ? 60 : 10);
  say(overloadLine(seen));
  for (const text of overloadNotes(seen)) note(text);
  if (seen.violations.length > 0) keepFailure({ fault: 'overload', seed: run.seed, found: seen });
}

type Checked = { readonly world: World; readonly place: Place };

/** Everything is recomputed from the histories that the database keeps. */
async function checkAll(run: Run, { world, place }: Checked, { say, note }: Telling): Promise<void> {
  const differences = await check(world.db);
  note(`check after ${place}: ${differences.length} differences`);
  if (differences.length === 0) return;
  keepFailure({ fault: `check-${place}`, seed: run.seed, found: differences });
  say({ cells: [`check ${place}`, JSON.stringify(differences.slice(0, 3))], kept: false });
}
