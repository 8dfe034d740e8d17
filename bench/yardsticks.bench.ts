import { onStage, options, report } from './bench.ts';
import { spreadOf } from './result.ts';
import { byOurselves, byPgbench, pgbenchPath, prepareYardstick } from './yardstick.ts';

// What takes the place of pgbench where there is none, beside pgbench.
await onStage(async ({ databaseUrl: url }) => {
  const pgbench = pgbenchPath();
  for (const yard of ['B', 'H'] as const) {
    const [ours, theirs]: [number[], number[]] = [[], []];
    const effort = { url, clients: 16, seconds: options.seconds, yard };
    for (let turn = 0; turn < options.turns; turn += 1) {
      await prepareYardstick(url);
      ours.push((await byOurselves(effort)).perSecond);
      if (pgbench) theirs.push((await byPgbench(pgbench, effort)).perSecond);
    }
    const ratio = spreadOf(ours.map((rate, at) => rate / (theirs[at] ?? Number.NaN)));
    report({
      name: `yardstick ${yard} by a client of our own`,
      orders: null,
      value: spreadOf(ours),
      unit: 'orders/s',
      yardstick: pgbench ? { name: `pgbench ${yard}`, value: spreadOf(theirs), ratio } : null,
    });
  }
});
