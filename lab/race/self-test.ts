import type { Defence } from '@orderloom/db';
import { dropNets } from '../../packages/db/src/defence.ts';
import { type Cluster, startCluster } from '../cluster.ts';
import { startInstallation } from '../installation.ts';
import { broken, lineOf, type Verdict } from '../verdicts.ts';
import { told } from './after.ts';
import { arenaAt, scenarios } from './race.ts';

/** The defences that keep a promise of the lab. */
export const planted = [...new Set(scenarios.flatMap(({ needs = [] }) => needs))];

const limits = { clients: 48, stock: 10, seconds: 10 };

type Plant = { readonly defence: Defence; readonly seed: number };

/** Races without a defence until its promise is broken; what was seen then, and how long that took. */
async function without(
  cluster: Cluster,
  { defence, seed }: Plant,
): Promise<{ seen: Verdict[]; seconds: number }> {
  const at = await startInstallation(await cluster.fresh(), { defenceOff: [defence] });
  try {
    await dropNets(at.db, [defence]);
    const arena = arenaAt(at, { ...limits, seed }, []);
    const needing = scenarios.filter(({ needs = [] }) => needs.includes(defence));
    const from = performance.now();
    for (;;) {
      const verdicts: Verdict[] = [];
      for (const { run } of needing) verdicts.push(...(await run(arena)));
      if (defence === 'outbox') verdicts.push(await told(at.db));
      const seen = broken(verdicts).filter(({ promise }) => promise === defence);
      const seconds = (performance.now() - from) / 1_000;
      if (seen.length > 0 || seconds > limits.seconds) return { seen, seconds };
    }
  } finally {
    await at.stop();
  }
}

/** Takes away one defence after the other, in a database of its own; whether each was missed. */
export async function selfTest(
  { seed, only }: { readonly seed: number; readonly only: readonly string[] },
  say: (line: string) => void,
): Promise<boolean> {
  const wanted = planted.filter((defence) => only.length === 0 || only.includes(defence));
  const cluster = await startCluster({ durable: false });
  let missed = 0;
  try {
    for (const defence of wanted) {
      const { seen, seconds } = await without(cluster, { defence, seed });
      const how = seen.length > 0 ? 'noticed' : 'NOT NOTICED';
      say(`without ${defence}: ${how} after ${seconds.toFixed(1)} s`);
      for (const verdict of seen) say(lineOf(verdict));
      missed += seen.length > 0 ? 1 : 0;
    }
  } finally {
    await cluster.stop();
  }
  say(`${missed} of ${wanted.length} missing defences were noticed; seed ${seed}`);
  return missed === wanted.length;
}
