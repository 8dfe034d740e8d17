import { setTimeout as sleep } from 'node:timers/promises';
import type { Answered } from '../testing.ts';

/** As callers do who are told to come again: a 503 has changed nothing. */
export async function insist(ask: () => Promise<Answered>): Promise<Answered> {
  for (let tries = 1; ; tries += 1) {
    const answer = await ask();
    if (answer.status !== 503 || tries === 100) return answer;
    await sleep(100);
  }
}
