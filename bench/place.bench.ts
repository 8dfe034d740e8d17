import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { check, migrate, openDatabase } from '@orderloom/db';
import { startEmbedded } from '@orderloom/db/embedded';
import type { Found, Load } from './load.ts';
import { startServer } from './server.ts';
import { openShop, token } from './shop.ts';
import { prepareYardstick, type Rate, yardstick } from './yardstick.ts';

// `POST /order/` with everything on, beside the naive transaction, in turns, with default durability.
const rounds = 3;
const seconds = 5;
const port = 8_790;
const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const dataDir = mkdtempSync(join(tmpdir(), 'orderloom-bench-'));
const embedded = await startEmbedded({ dataDir });
const db = await openDatabase({ url: embedded.url, poolMax: 4 });
await db.pool.query('create extension if not exists pg_stat_statements');
await migrate(db);
await openShop(db);
await prepareYardstick(embedded.url);
const server = await startServer(embedded.url, port);
const url = `http://127.0.0.1:${port}/order/`;

const place = (clients: number): Found => {
  const asked: Load = { url, token, clients, seconds };
  const args = [file('load.ts'), JSON.stringify(asked)];
  const found: Found = JSON.parse(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout);
  if (found.perSecond === 0) throw new Error(`no order was placed, ${found.refused} were refused`);
  return found;
};
const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

// What a shop looks like after its first minutes: some orders, and tables that the database knows (ADR 0015).
place(64);
await db.pool.query('analyze');

for (const clients of [1, 16, 64]) {
  const ours: Found[] = [];
  const theirs: Rate[] = [];
  const rivals = Math.min(clients, 16);
  for (let round = 0; round < rounds; round += 1) {
    ours.push(place(clients));
    theirs.push(await yardstick({ url: embedded.url, clients: rivals, seconds }));
  }
  const rate = median(ours.map(({ perSecond }) => perSecond));
  const naive = median(theirs.map(({ perSecond }) => perSecond));
  const [p50, p99] = [median(ours.map((found) => found.p50)), median(ours.map((found) => found.p99))];
  console.log(
    `place, ${clients} clients: ${rate}/s (p50 ${p50} ms, p99 ${p99} ms); ` +
      `${theirs[0]?.name}, naive, ${rivals} clients: ${naive}/s; ratio ${(rate / naive).toFixed(2)}`,
  );
}
await cost();
console.log(`check: ${(await check(db)).length} differences`);
server.kill('SIGTERM');
await new Promise((resolve) => server.on('exit', resolve));
await db.close();
await embedded.stop();
rmSync(dataDir, { recursive: true, force: true });

/** Statements and rows of a single order, counted by the database. */
async function cost(): Promise<void> {
  const orders = 20;
  const writes =
    "select sum(n_tup_ins + n_tup_upd)::int as rows from pg_stat_user_tables where schemaname = 'public'";
  const rowsNow = async () => Number((await db.pool.query(writes)).rows[0]?.rows);
  await sleep(11_000); // an idle connection counts its rows after ten seconds
  await db.pool.query('select pg_stat_statements_reset()');
  const before = await rowsNow();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ customer_id: 1, product_id: 1, quantity: 1 });
  for (let count = 0; count < orders; count += 1) await fetch(url, { method: 'POST', headers, body });
  await sleep(11_000);
  const calls = `select sum(calls)::int as calls from pg_stat_statements
    where query !~* '^(begin|commit|select set_config|exists|select e.from_status|.*pg_stat)'`;
  const statements = Number((await db.pool.query(calls)).rows[0]?.calls) / orders;
  const rows = ((await rowsNow()) - before) / orders;
  console.log(`one order alone: ${statements.toFixed(1)} statements, ${rows.toFixed(1)} rows written`);
}
