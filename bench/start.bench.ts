import { setTimeout as sleep } from 'node:timers/promises';
import { onStage, options, report } from './bench.ts';
import { spreadOf } from './result.ts';
import { residentOf, stopServer } from './server.ts';
import { quiet } from './stage.ts';

// From the start of the process to the first good answer of `/readyz`, and its memory when nobody asks.
await onStage(async (stage) => {
  await quiet(stage.db);
  await Promise.all(stage.servers.splice(0).map(stopServer));
  const [seconds, memory]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < options.turns; turn += 1) {
    const from = performance.now();
    await stage.join();
    seconds.push((performance.now() - from) / 1_000);
    await sleep(5_000);
    memory.push(Math.max(...stage.servers.map(residentOf)));
    await Promise.all(stage.servers.splice(0).map(stopServer));
  }
  const [took, kept] = [spreadOf(seconds), spreadOf(memory)];
  report({
    name: 'start, warm',
    value: took,
    unit: 's',
    first: { wants: '≤ 3 s', met: took.median <= 3 },
    aim: { wants: '≤ 1 s', met: took.median <= 1 },
  });
  report({
    name: 'memory of an idle server',
    value: kept,
    unit: 'MB',
    first: { wants: '≤ 200 MB', met: kept.median <= 200 },
    aim: { wants: '≤ 120 MB', met: kept.median <= 120 },
  });
});
