import { mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  check,
  migrate,
  openDatabase,
  orderCount,
  type OrderFilter,
  orderList,
  type OrderPosition,
  read,
} from '@orderloom/db';
import { startEmbedded } from '@orderloom/db/embedded';
import { copyOrder } from '@orderloom/db/testing';
import { cpuOf, residentOf, startServer } from './server.ts';
import { openShop, shop, token } from './shop.ts';

// `GET /orders` of a tenant with a million orders: speed, memory, and what a page costs at that size.
// ORDERS says how many; with BENCH_DIR they are kept there and found again; with CHECK=1 they are checked.
const wanted = Number(process.env['ORDERS'] ?? 1_000_000);
const kept = process.env['BENCH_DIR'];
const url = 'http://127.0.0.1:8791';
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
const { tenantId } = shop;
const scope = { tenantId, statementTimeout: '10min' };

const dataDir = kept ?? mkdtempSync(join(tmpdir(), 'orderloom-stream-'));
const embedded = await startEmbedded({ dataDir, durable: false });
const db = await openDatabase({ url: embedded.url, poolMax: 4 });
await migrate(db);
const { rows: tenants } = await db.pool.query('select id from tenants where id = $1', [tenantId]);
if (tenants.length === 0) await openShop(db);
const server = await startServer(embedded.url, 8_791);
await fill();

await pages('all orders', { drafts: true });
await pages('placed ones', {});
await pages('pending ones', { status: ['PENDING'] });
await pages('pending or confirmed ones', { status: ['PENDING', 'CONFIRMED'] });
await pages('unpaid ones', { paymentStatus: ['unpaid'] });
await overHttp();
await streamed('a client that reads', { bytesPerSecond: Infinity, seconds: 600 });
await streamed('the same again', { bytesPerSecond: Infinity, seconds: 600 });
await streamed('a client that reads 1 MB/s, for 20 s', { bytesPerSecond: 1_000_000, seconds: 20 });
if (process.env['CHECK']) console.log(`check: ${(await check(db)).length} differences`);
server.kill('SIGTERM');
await new Promise((resolve) => server.on('exit', resolve));
await db.close();
await embedded.stop();
if (kept === undefined) rmSync(dataDir, { recursive: true, force: true });

async function orders(): Promise<number> {
  const { rows } = await db.pool.query('select count(*) from orders where tenant_id = $1', [tenantId]);
  return Number(rows[0]?.count);
}

/** Places one order of two lines over REST, and copies it until there are enough. */
async function fill(): Promise<void> {
  const there = await orders();
  if (there >= wanted) return;
  await db.pool.query('update stock_levels set backorder_limit = 10000000 where tenant_id = $1', [tenantId]);
  const body = JSON.stringify({ items: [1, 2].map((product_id) => ({ product_id, quantity: 1 })) });
  const placed = await fetch(`${url}/orders/1`, { method: 'POST', headers, body });
  const orderId = String(JSON.parse(await placed.text()).id);
  const from = performance.now();
  for (let first = there + 1; first <= wanted; first += 20_000) {
    const count = Math.min(20_000, wanted - first + 1);
    await copyOrder(db, { tenantId, orderId, count, first, perMoment: 10 });
  }
  await db.pool.query('vacuum analyze');
  const seconds = (performance.now() - from) / 1_000;
  console.log(
    `${await orders()} orders of two lines; ${Math.round((wanted - there) / seconds)} copied a second`,
  );
}

function median(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < 30; turn += 1) {
    const from = performance.now();
    await work();
    times.push(performance.now() - from);
  }
  return median(times);
}

/** Milliseconds of the first and of the deepest page of 20, and of counting what a filter finds. */
async function pages(what: string, filter: OrderFilter): Promise<void> {
  const { rows } = await db.pool.query<{ at: string; id: string }>(
    `select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, id from orders
     where tenant_id = $1 order by created_at, id offset 20 limit 1`,
    [tenantId],
  );
  const page = (after: OrderPosition) =>
    timed(() => read(db, scope, (em) => orderList(em, tenantId, { filter, after, limit: 20 })));
  const [first, last] = [await page(null), await page(rows[0] ?? null)];
  const counting = await timed(() => read(db, scope, (em) => orderCount(em, tenantId, filter)));
  console.log(
    `${what}: first page ${first.toFixed(1)} ms, deepest ${last.toFixed(1)} ms, ` +
      `ratio ${(last / first).toFixed(2)}; count ${counting.toFixed(1)} ms`,
  );
}

async function overHttp(): Promise<void> {
  for (const path of [
    '/orders?limit=20',
    '/orders?limit=100',
    '/api/v1/orders/',
    '/api/v1/orders/?page_size=100',
  ]) {
    const ms = await timed(async () => (await fetch(url + path, { headers })).text());
    console.log(`GET ${path}: ${ms.toFixed(1)} ms`);
  }
}

type Pace = { readonly bytesPerSecond: number; readonly seconds: number };

/** Reads the stream at a pace until it ends or the time is over. */
async function streamed(who: string, pace: Pace): Promise<void> {
  await sleep(1_000);
  const before = residentOf(server);
  const cpuBefore = cpuOf(server);
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, residentOf(server))), 100);
  const from = performance.now();
  const found = await drained(pace);
  clearInterval(watch);
  const seconds = (performance.now() - from) / 1_000;
  console.log(
    `${who}: ${found.orders} orders, ${(found.bytes / 1e6).toFixed(0)} MB, ` +
      `${Math.round(found.orders / seconds)} orders/s; memory ${before.toFixed(0)} MB, ` +
      `at most +${(most - before).toFixed(0)} MB; server CPU ${(cpuOf(server) - cpuBefore).toFixed(1)} s`,
  );
}

async function drained({ bytesPerSecond, seconds }: Pace) {
  const found = { bytes: 0, orders: 0 };
  const from = performance.now();
  const asking = get(`${url}/orders`, { headers });
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
