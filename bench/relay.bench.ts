import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ok } from '@orderloom/core';
import { check, migrate, openDatabase, transact } from '@orderloom/db';
import { startEmbedded } from '@orderloom/db/embedded';
import { createLog } from '../apps/server/src/log.ts';
import { startRelay } from '../apps/server/src/relay/relay.ts';
import { aRequest, placeBatch } from '../packages/db/src/testing/orders.ts';
import { aTenant } from '../packages/db/src/testing/tenant.ts';
import { options, report } from './bench.ts';
import { spreadOf } from './result.ts';

// Events of real orders from their commit to a consumer that does nothing but look at the clock, with default
// durability. Whoever writes and whoever carries share this process.
const dataDir = mkdtempSync(join(tmpdir(), 'orderloom-bench-'));
const embedded = await startEmbedded({ dataDir });
const db = await openDatabase({ url: embedded.url, poolMax: 16, acquireTimeoutMs: 10_000 });
await migrate(db);
const shop = await aTenant(db, { stock: 1_000_000, price: 1, balance: 1_000_000_000 });
const log = createLog({ mode: 'production', logLevel: 'error' });

const committed = new Map<string, number>();
let got = 0;
let lags: number[] = [];
const sink = {
  name: 'sink',
  wants: () => true,
  deliver: async ({ orderId }: { readonly orderId: string | null }) => {
    got += 1;
    const since = committed.get(orderId ?? '');
    if (since !== undefined) lags.push(performance.now() - since);
  },
};

async function place(orders: number): Promise<void> {
  const requests = Array.from({ length: orders }, () => aRequest(shop));
  const placed = await transact(db, shop, async (em) => ok(await placeBatch(em, shop, requests)));
  const now = performance.now();
  if (!placed.ok) throw new Error('not placed');
  for (const { id } of requests) committed.set(id, now);
}

const perOrder = 4;
await place(50);
await db.pool.query('analyze');
const rates: number[] = [];
const late: number[] = [];
for (let turn = 0; turn < options.turns; turn += 1) {
  rates.push(await backlog(5_000));
  late.push(await stream(2_000, options.seconds));
}
const [rate, p95] = [spreadOf(rates), spreadOf(late)];
report({
  name: 'relay, events that waited',
  orders: null,
  value: rate,
  unit: 'events/s',
  first: { wants: '≥ 2,000/s', met: rate.median >= 2_000 },
  aim: { wants: '≥ 10,000/s', met: rate.median >= 10_000 },
});
report({
  name: 'relay, commit to consumer at 2,000 events/s',
  orders: null,
  value: p95,
  unit: 'ms (p95)',
  first: { wants: '≤ 200 ms', met: p95.median <= 200 },
});
const differences = await check(db);
console.log(`check: ${differences.length} differences`);
if (differences.length > 0) process.exitCode = 1;
await db.close();
await embedded.stop();
rmSync(dataDir, { recursive: true, force: true });

/** How fast what waits is published and delivered. */
async function backlog(orders: number): Promise<number> {
  got = 0;
  for (let left = orders; left > 0; left -= 100) await place(100);
  const from = performance.now();
  const relay = startRelay({ db, log, consumers: [sink] });
  while (got < orders * perOrder) await sleep(5);
  const seconds = (performance.now() - from) / 1_000;
  await relay.stop();
  return got / seconds;
}

/** How late most events are at a steady rate, in milliseconds. */
async function stream(eventsPerSecond: number, seconds: number): Promise<number> {
  const relay = startRelay({ db, log, consumers: [sink] });
  await sleep(1_000);
  [got, lags] = [0, []];
  const everyMs = 20;
  const orders = (eventsPerSecond * everyMs) / 1_000 / perOrder;
  const from = performance.now();
  let sent = 0;
  for (let turn = 0; performance.now() - from < seconds * 1_000; turn += 1) {
    const due = Math.floor((turn + 1) * orders) - Math.floor(turn * orders);
    if (due > 0) await place(due);
    sent += due * perOrder;
    await sleep(Math.max(0, from + (turn + 1) * everyMs - performance.now()));
  }
  while (got < sent) await sleep(5);
  await relay.stop();
  lags.sort((a, b) => a - b);
  return lags[Math.floor(lags.length * 0.95)] ?? Number.NaN;
}
