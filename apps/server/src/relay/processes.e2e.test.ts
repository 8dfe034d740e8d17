import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { aShop, call, procedures, startApp } from '../testing.ts';
import { quickStart } from '../testing/process.ts';
import { outOfOrder, toldIn } from './testing/sink.ts';

const app = await startApp();
const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

function run(path: string, args: readonly string[], env: Record<string, string> = {}) {
  const file = fileURLToPath(new URL(path, import.meta.url));
  const stdio: ['pipe', 'pipe', 'inherit'] = ['pipe', 'pipe', 'inherit'];
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...quickStart, ...env },
    stdio,
  });
  running.add(child);
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  const says = (word: string) => until(() => said.includes(word), `${path} ${args.at(-1)} says ${word}`);
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { child, says, kill };
}

const aRelay = (file: string, name: string, hangsAfter = '') =>
  run('testing/worker.ts', [app.db.url, file, name, hangsAfter]);

async function until(met: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const inTime = Date.now() + 60_000;
  while (!(await met())) {
    if (Date.now() > inTime) throw new Error(`not in time: ${what}`);
    await sleep(25);
  }
}

const newSink = () => join(mkdtempSync(join(tmpdir(), 'sink-')), 'told');

async function events(tenantId: string) {
  const { rows } = await app.db.pool.query<{ id: string; feed: string | null }>(
    'select id, feed_seq as feed from events where tenant_id = $1 order by feed_seq',
    [tenantId],
  );
  return rows;
}
const published = async (tenantId: string) => (await events(tenantId)).every(({ feed }) => feed !== null);
const queued = async (tenantId: string) => {
  const { rows } = await app.db.pool.query('select 1 from deliveries where tenant_id = $1', [tenantId]);
  return rows.length;
};
const oneToN = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

/** Customers order and change their minds, so that every order has several steps. */
async function trade(orders: number) {
  const shop = await aShop(app, { stock: 10_000, price: 100, balance: 100_000_000 });
  const staff = await procedures(app, shop.staff);
  const turns = Array.from({ length: orders }, (_, turn) => turn).values();
  const clients = Array.from({ length: 6 }, async () => {
    for (const turn of turns) {
      const body = { customer_id: 1, product_id: 1, quantity: 1 };
      expect((await call(app, '/order/', { token: shop.customer.token, body })).status).toBe(200);
      const { items } = await staff.orders.list({ limit: 1 });
      const id = items[0]?.id ?? '';
      if (turn % 3 === 0)
        await staff.orders.change({ id, command: { type: 'startProcessing' } }).catch(() => null);
    }
  });
  await Promise.all(clients);
  return shop.tenant.tenantId;
}

describe('two relays in two processes', () => {
  it('number every event once and deliver it in order, also when one of them is killed', async () => {
    const file = newSink();
    const first = aRelay(file, 'first', '8');
    const second = aRelay(file, 'second');
    await Promise.all([first.says('ready'), second.says('ready')]);
    const trading = trade(45);
    await first.says('hangs');
    await first.kill();
    const tenantId = await trading;
    await until(
      async () => (await published(tenantId)) && (await queued(tenantId)) === 0,
      'all is delivered',
    );

    const all = await events(tenantId);
    expect(all.map(({ feed }) => feed)).toEqual(oneToN(all.length));
    const ids = new Set(all.map(({ id }) => id));
    const told = toldIn(file).filter(({ id }) => ids.has(id));
    expect(new Set(told.map(({ id }) => id))).toEqual(ids);
    expect(outOfOrder(told)).toEqual([]);
    expect(new Set(told.map(({ by }) => by))).toEqual(new Set(['first', 'second']));
  }, 150_000);
});

describe('killing the server between a commit and its publication', () => {
  it('loses nothing: the next server publishes what the last one wrote', async () => {
    const tenantId = await trade(5); // there is no relay yet, as if the server had died at each commit
    expect(await published(tenantId)).toBe(false);
    const settings = { DATABASE_URL: app.db.url, PORT: '0', DEMO: 'off', NODE_ENV: 'test' };
    const server = run('../main.ts', [], settings);
    await until(() => published(tenantId), 'the server publishes');
    const all = await events(tenantId);
    expect(all.map(({ feed }) => feed)).toEqual(oneToN(all.length));
    await until(async () => (await queued(tenantId)) === 0, 'its consumers have it');
    server.child.kill('SIGTERM');
    expect(await once(server.child, 'exit')).toEqual([0, null]);
  }, 150_000);
});
