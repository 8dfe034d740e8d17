import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onStage, options, report, summary } from './bench.ts';
import { measure, type Measured } from './measure.ts';
import { anything, counted, orderOf } from './placed.ts';
import { spreadOf } from './result.ts';
import { freePort, type Stage } from './stage.ts';
import { prepareYardstick } from './yardstick.ts';

// One client, who has no company to share a transaction with; beside the smallest service for an order.
await onStage(async (stage) => {
  await prepareYardstick(stage.databaseUrl);
  const naive = await naiveService(stage);
  const [ours, theirs]: [Measured[], Measured[]] = [[], []];
  const what = { clients: 1, seconds: options.seconds, requests: anything.map(orderOf) };
  for (let turn = 0; turn < options.turns; turn += 1) {
    ours.push(await counted(stage, () => measure(stage, what)));
    theirs.push(await measure(stage, { ...what, url: naive.url }));
  }
  naive.stop();
  const { p50, more } = summary(ours);
  const times = spreadOf(theirs.map((one) => one.p50));
  const ratio = spreadOf(ours.map((one, at) => one.p50 / (theirs[at]?.p50 ?? Number.NaN)));
  report({
    name: 'place, one client',
    value: spreadOf(ours.map((one) => one.p50)),
    unit: 'ms an order',
    yardstick: { name: 'naive service', value: times, ratio },
    more: `${Math.round(1_000 / p50)} orders/s; ${more}`,
    first: { wants: '≤ 2 of its latency', met: ratio.median <= 2 },
    aim: { wants: '≤ 1.2 of its latency', met: ratio.median <= 1.2 },
  });
});

async function naiveService({ databaseUrl }: Stage) {
  const port = await freePort();
  const file = fileURLToPath(new URL('naive-service.ts', import.meta.url));
  const service = spawn(process.execPath, [file, databaseUrl, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => service.stdout.once('data', resolve));
  return { url: `http://127.0.0.1:${port}`, stop: () => service.kill() };
}
