import { chance } from '../../apps/server/src/demo/chance.ts';
import { isBeginning, readRun, refuseUnknown } from '../arguments.ts';
import { chosen, names, strikeAll } from './nemesis.ts';
import { headings, type Line, print, writeResults } from './report.ts';
import { selfTest } from './self-test.ts';

// `pnpm faults [--quick|--full] [--seed N] [--only NAME] [--self-test]`: two servers, one PostgreSQL, a shop
// at work, and one fault after the other. A run with the same seed does the same things again.
const run = readRun(process.argv.slice(2));
refuseUnknown(run.only, names, isBeginning);
const began = performance.now();
process.stdout.write(`seed ${run.seed}\n`);
process.exit(run.selfTest ? await selfTest(run) : await faults());

async function faults(): Promise<number> {
  const lines: Line[] = [];
  const notes: string[] = [];
  const say = (line: Line) => {
    lines.push(line);
    print(line);
  };
  print({ cells: headings, kept: null });
  await strikeAll(run, chosen(run), {
    luck: chance(run.seed),
    defenceOff: [],
    say,
    note: (text) => {
      notes.push(text);
      process.stdout.write(`  ${text}\n`);
    },
  });
  const count = (kept: boolean | null) => lines.filter((line) => line.kept === kept).length;
  const seconds = Math.round((performance.now() - began) / 1_000);
  const set = run.full ? '--full' : '--quick';
  // A part is not what the last whole run saw.
  if (run.only.length === 0) writeResults({ seed: run.seed, set, seconds, lines, notes });
  const words = `${count(true)} survived, ${count(false)} not, ${count(null)} skipped`;
  process.stdout.write(`${words}; seed ${run.seed}, ${seconds} s\n`);
  return count(false) > 0 ? 1 : 0;
}
