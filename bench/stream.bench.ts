import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { onStage, options, report } from './bench.ts';
import { short, spreadOf } from './result.ts';
import { cpuOf, residentOf } from './server.ts';
import { token } from './shop.ts';
import { quiet, type Stage } from './stage.ts';

// `GET /orders`: every order of the tenant in one answer. Its length must not show in the server's memory.
await onStage(async (stage) => {
  await quiet(stage.db);
  await drained(stage, { bytesPerSecond: Infinity, seconds: 600 });
  const found: Streamed[] = [];
  for (let turn = 0; turn < options.turns; turn += 1)
    found.push(await streamed(stage, { bytesPerSecond: Infinity, seconds: 600 }));
  const slow = await streamed(stage, { bytesPerSecond: 1_000_000, seconds: 4 * options.seconds });
  const rate = spreadOf(found.map(({ perSecond }) => perSecond));
  const grown = spreadOf([...found, slow].map(({ megabytes }) => megabytes));
  const cpu = spreadOf(found.map((one) => one.cpu));
  report({
    name: 'GET /orders, streamed',
    value: rate,
    unit: 'rows/s',
    more: [
      `memory grows by ${short(grown.max)} MB, for a client that reads 1 MB/s by ${short(slow.megabytes)}`,
      `${found[0]?.orders.toLocaleString('en')} rows, ${short(cpu.median * 1_000)} µs of server CPU a row`,
    ].join('; '),
    first: { wants: 'memory grows ≤ 50 MB', met: grown.max <= 50 },
    aim: { wants: '≥ 50,000 rows/s', met: rate.median >= 50_000 },
  });
});

type Streamed = {
  readonly perSecond: number;
  readonly megabytes: number;
  readonly orders: number;
  /** Milliseconds of the server for a row. */
  readonly cpu: number;
};
type Pace = { readonly bytesPerSecond: number; readonly seconds: number };

/** Reads the stream at a pace until it ends or the time is over. */
async function streamed(stage: Stage, pace: Pace): Promise<Streamed> {
  const [server] = stage.servers;
  if (!server) throw new RangeError('a stage has a server');
  await sleep(1_000);
  const [before, cpuBefore] = [residentOf(server), cpuOf(server)];
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, residentOf(server))), 100);
  const from = performance.now();
  const { orders } = await drained(stage, pace);
  clearInterval(watch);
  const seconds = (performance.now() - from) / 1_000;
  const cpu = ((cpuOf(server) - cpuBefore) * 1_000) / orders;
  return { perSecond: orders / seconds, megabytes: most - before, orders, cpu };
}

async function drained({ url }: Stage, { bytesPerSecond, seconds }: Pace) {
  const found = { bytes: 0, orders: 0 };
  const from = performance.now();
  const asking = get(`${url}/orders`, { headers: { authorization: `Bearer ${token}` } });
  const answer = await new Promise<IncomingMessage>((resolve) => asking.on('response', resolve));
  const end = setTimeout(() => asking.destroy(), seconds * 1_000);
  answer.setEncoding('latin1');
  answer.on('data', (text: string) => {
    found.bytes += text.length;
    for (let at = 0; (at = text.indexOf('"order_id"', at)) >= 0; at += 10) found.orders += 1;
    const ahead = (found.bytes / bytesPerSecond) * 1_000 - (performance.now() - from);
    if (ahead < 50) return;
    answer.pause();
    setTimeout(() => answer.resume(), ahead);
  });
  answer.on('error', () => {});
  await new Promise((resolve) => answer.on('close', resolve));
  clearTimeout(end);
  return found;
}
