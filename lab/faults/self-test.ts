import type { Defence } from '@orderloom/db';
import { chance } from '../../apps/server/src/demo/chance.ts';
import type { Run } from '../arguments.ts';
import { chosen, strikeAll } from './nemesis.ts';

/** What must be noticed when a defence is missing, and the fault that brings it to light soonest. */
const guarded: readonly (readonly [Defence, RegExp, string])[] = [
  ['idempotency', /a key has one (?:effect|answer)/, 'server-kill'],
  ['version', /versions never fork|no change is lost/, 'database-latency'],
  ['outbox', /the feed/, 'server-kill'],
];

// A race is not lost every time.
const triesMax = 6;

/** Takes each defence away in turn: a run that notices nothing proves nothing. The exit code. */
export async function selfTest(run: Run): Promise<number> {
  let blind = 0;
  for (const [defence, expected, fault] of guarded) {
    const told: string[] = [];
    const note = (text: string) => void told.push(text);
    const only = run.only.length > 0 ? run.only : [fault];
    const say = () => {};
    let found: string | undefined;
    for (let tried = 0; tried < triesMax && found === undefined; tried += 1) {
      const asked = { ...run, only, seed: run.seed + tried };
      await strikeAll(asked, chosen(asked), { luck: chance(asked.seed), defenceOff: [defence], say, note });
      found = told.find((text) => expected.test(text));
    }
    process.stdout.write(`without ${defence}: ${found ?? 'NOTHING WAS NOTICED'}\n`);
    if (found === undefined) blind += 1;
  }
  return blind > 0 ? 1 : 0;
}
