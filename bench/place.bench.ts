import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { check, migrate, openDatabase } from '@orderloom/db';
import { startEmbedded } from '@orderloom/db/embedded';
import type { Load } from './load.ts';
import { openShop, token } from './shop.ts';
import { prepareYardstick, yardstick } from './yardstick.ts';

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
const server = spawn(process.execPath, [file('../apps/server/src/main.ts')], {
  env: { ...process.env, DATABASE_URL: embedded.url, PORT: String(port), DEMO: 'off', LOG_LEVEL: 'ERROR' },
  stdio: ['ignore', 'ignore', 'inherit'],
});
const url = `http://127.0.0.1:${port}/order/`;
for (let tries = 0; tries < 100; tries += 1) {
  if (await fetch(`http://127.0.0.1:${port}/readyz`).then(({ ok }) => ok, () => false)) break;
  await sleep(100);
}

const place = (clients: number) => {
  const asked: Load = { url, token, clients, seconds };
  const { stdout } = spawnSync(process.execPath, [file('load.ts'), JSON.stringify(asked)], { encoding: 'utf8' });
  return JSON.parse(stdout);
};
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

for (const clients of [1, 16, 64]) {
  const ours = [];
  const theirs = [];
  for (let round = 0; round < rounds; round += 1) {
    await db.pool.query('select pg_stat_statements_reset()');
    ours.push(place(clients));
    theirs.push(await yardstick({ url: embedded.url, clients: Math.min(clients, 16), seconds }));
  }
  const rate = median(ours.map(({ perSecond }) => perSecond));
  const naive = median(theirs.map(({ perSecond }) => perSecond));
  const { p50, p99, refused } = ours.at(-1);
  console.log(
    `place, ${clients} clients: ${rate}/s (p50 ${p50} ms, p99 ${p99} ms, ${refused} refused), ` +
      `${theirs[0]?.name} naive at ${Math.min(clients, 16)} clients: ${naive}/s, ratio ${(rate / naive).toFixed(2)}`,
  );
}
console.log(`check: ${(await check(db)).length} differences`);
server.kill('SIGTERM');
await new Promise((resolve) => server.on('exit', resolve));
await db.close();
await embedded.stop();
rmSync(dataDir, { recursive: true, force: true });
