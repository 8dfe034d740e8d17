import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { shop, token } from '../../bench/shop.ts';
import { ask } from '../http.ts';
import { residentOf } from '../server.ts';
import type { Flood, Flooded } from './flood.ts';
import type { Violation } from './history.ts';
import type { Line } from './report.ts';
import type { World } from './world.ts';

/** What came of asking four times as much of one server as it can give. */
export type Overload = {
  readonly peak: Flooded;
  readonly flooded: Flooded;
  readonly healthMs: { readonly p99: number; readonly max: number };
  readonly residentMb: number;
  readonly recoverySeconds: number;
  readonly violations: readonly Violation[];
};

const file = fileURLToPath(new URL('flood.ts', import.meta.url));
const times = 4;

/** The other server stands aside, so that the cores are shared by no more than there must be. */
export async function overload(world: World, seconds: number): Promise<Overload> {
  const [{ url, server }, other] = world.servers;
  await other.server.stop();
  const load = { urls: [url] as const, token, clients: 64, perSecond: 0 };
  await pour({ ...load, seconds: 2 });
  await world.db.pool.query('analyze');
  const before = await countOrders(world);
  const peak = await pour({ ...load, seconds: 5 });
  const watch = startWatch(url, server.pid);
  const flooded = await pour({ ...load, perSecond: peak.goodput * times, seconds });
  const seen = await watch.stop();
  const recoverySeconds = await recovery(url);
  const stored = (await countOrders(world)) - before;
  await other.start();
  const acknowledged = peak.placed + flooded.placed + 1;
  const sent = peak.sent + flooded.sent + 1;
  const found = judged({ peak, flooded, ...seen, recoverySeconds });
  if (stored < acknowledged || stored > sent)
    found.push({
      promise: 'nothing acknowledged is lost',
      subject: 'orders',
      why: `${acknowledged} were acknowledged, ${sent} sent, ${stored} are stored`,
    });
  return { peak, flooded, ...seen, recoverySeconds, violations: found };
}

/** What is promised of an overload, on cores that the flood itself uses too. */
function judged(seen: Omit<Overload, 'violations'>): Violation[] {
  const { peak, flooded, healthMs, residentMb, recoverySeconds } = seen;
  const said: readonly [boolean, string, string][] = [
    [flooded.busyMs.p99 <= 1_000, 'a 503 comes within a second', `99 of 100 within ${flooded.busyMs.p99} ms`],
    [flooded.silent === 0, 'a 503 says when to come again', `${flooded.silent} did not`],
    [
      flooded.goodput >= 0.8 * peak.goodput,
      'goodput stays above 80 % of the peak',
      `${flooded.goodput}/s of ${peak.goodput}/s`,
    ],
    [Object.keys(flooded.other).length === 0, 'trouble is a 503', JSON.stringify(flooded.other)],
    [flooded.lost === 0, 'everybody is answered', `${flooded.lost} of ${flooded.sent} were not`],
    [residentMb <= 512, 'memory stays below 512 MB', `${Math.round(residentMb)} MB`],
    [healthMs.p99 <= 100, 'health is told within 100 ms', `99 of 100 within ${healthMs.p99} ms`],
    [recoverySeconds <= 5, 'orders succeed within 5 s', `took ${recoverySeconds} s`],
  ];
  return said.flatMap(([kept, promise, why]) => (kept ? [] : [{ promise, subject: 'overload', why }]));
}

async function pour(asked: Flood): Promise<Flooded> {
  const child = spawn(process.execPath, [file, JSON.stringify(asked)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout));
}

/** Asks how the server is, ten times a second, and how much memory it has. */
function startWatch(url: string, pid: number) {
  const answers: number[] = [];
  let residentMb = 0;
  let over = false;
  const watch = async () => {
    while (!over) {
      const began = performance.now();
      await ask(url, { method: 'GET', path: '/healthz', timeoutMs: 5_000 });
      answers.push(Math.round(performance.now() - began));
      residentMb = Math.max(residentMb, residentOf({ pid }));
      await sleep(100);
    }
  };
  const watching = watch();
  const stop = async () => {
    over = true;
    await watching;
    answers.sort((a, b) => a - b);
    const at = (share: number) =>
      answers[Math.min(Math.floor(answers.length * share), answers.length - 1)] ?? 0;
    return { healthMs: { p99: at(0.99), max: at(1) }, residentMb };
  };
  return { stop };
}

async function recovery(url: string): Promise<number> {
  const began = performance.now();
  const body = { customer_id: 1, product_id: 1, quantity: 1 };
  for (;;) {
    const answer = await ask(url, { method: 'POST', path: '/order/', token, body, timeoutMs: 5_000 });
    if (answer?.status === 200 || performance.now() - began > 60_000)
      return Math.round((performance.now() - began) / 100) / 10;
    await sleep(50);
  }
}

async function countOrders({ db }: Pick<World, 'db'>): Promise<number> {
  const found = await db.pool.query<{ count: number }>(
    'select count(*)::int as count from orders where tenant_id = $1',
    [shop.tenantId],
  );
  return found.rows[0]?.count ?? 0;
}

export const overloadLine = ({ flooded, recoverySeconds, violations }: Overload): Line => ({
  cells: [
    'overload',
    String(flooded.placed),
    '0',
    '0',
    String(flooded.lost),
    String(flooded.busy),
    (flooded.busyMs.max / 1_000).toFixed(1),
    String(recoverySeconds),
    '',
    violations.length === 0 ? 'kept' : `BROKEN: ${violations.map(({ promise }) => promise).join('; ')}`,
  ],
  kept: violations.length === 0,
});

export function overloadNotes({ peak, flooded, healthMs, residentMb, violations }: Overload): string[] {
  const { goodput, placedMs, busyMs } = flooded;
  const memory = `${Math.round(residentMb)} MB in memory`;
  return [
    `peak ${peak.goodput}/s at 64 clients; at ${times} times that, ${goodput}/s were placed`,
    `placed after p50 ${placedMs.p50} ms, p99 ${placedMs.p99} ms`,
    `503 after p50 ${busyMs.p50} ms, p99 ${busyMs.p99} ms, at most ${busyMs.max} ms`,
    `/healthz p99 ${healthMs.p99} ms, at most ${healthMs.max} ms; ${memory}`,
    ...violations.map(({ promise, why }) => `${promise}: ${why}`),
  ].map((note) => `overload: ${note}`);
}
