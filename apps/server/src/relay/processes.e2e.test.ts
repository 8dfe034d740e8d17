import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ok } from '@orderloom/core';
import { type Defence, newId, transact, writeDeeds } from '@orderloom/db';
import { anAct, aTenant, raceUntil, type TestTenant } from '@orderloom/db/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { fieldOf } from '../rest/testing/occasions.ts';
import { aShop, call, procedures, startApp } from '../testing.ts';
import { aServer, quickStart, type ServerProcess } from '../testing/process.ts';
import { outOfOrder, toldIn } from './testing/sink.ts';

const app = await startApp();
const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

type RelayOptions = { readonly hangsAfter?: number; readonly defenceOff?: readonly Defence[] };

function aRelay(file: string, name: string, { hangsAfter, defenceOff = [] }: RelayOptions = {}) {
  const worker = fileURLToPath(new URL('testing/worker.ts', import.meta.url));
  const env = { ...process.env, ...quickStart };
  const stdio: ['pipe', 'pipe', 'inherit'] = ['pipe', 'pipe', 'inherit'];
  const how = [hangsAfter === undefined ? '' : String(hangsAfter), ...defenceOff];
  const child = spawn(process.execPath, [worker, app.db.url, file, name, ...how], { env, stdio });
  running.add(child);
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  const says = (word: string) => until(() => said.includes(word), `the relay ${name} says ${word}`);
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { says, kill };
}

async function until(met: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const inTime = Date.now() + 60_000;
  while (!(await met())) {
    if (Date.now() > inTime) throw new Error(`not in time: ${what}`);
    await sleep(25);
  }
}

const newSink = () => join(mkdtempSync(join(tmpdir(), 'sink-')), 'told');

type Stored = {
  readonly id: string;
  readonly type: string;
  readonly order: string;
  readonly feed: string | null;
};

async function events(tenantId: string) {
  const { rows } = await app.db.pool.query<Stored>(
    `select id, type, order_id as "order", feed_seq as feed from events
     where tenant_id = $1 order by feed_seq`,
    [tenantId],
  );
  return rows;
}
const published = async (tenantId: string) => (await events(tenantId)).every(({ feed }) => feed !== null);
const queued = async (tenantId: string) => {
  const { rows } = await app.db.pool.query('select 1 from deliveries where tenant_id = $1', [tenantId]);
  return rows.length;
};
const settled = async (tenantId: string) => (await published(tenantId)) && (await queued(tenantId)) === 0;
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

async function twoRelays(defenceOff: readonly Defence[] = []): Promise<void> {
  const file = newSink();
  const relays = ['first', 'second'].map((name) => aRelay(file, name, { defenceOff }));
  await Promise.all(relays.map(({ says }) => says('ready')));
}

/** Writes an event and takes its time to commit. */
const writeSlowly = (of: TestTenant, ms: number, id = newId()) =>
  transact(app.db, of, async (em) => {
    const written = [{ id, type: 'stock.adjusted', data: {} }];
    await writeDeeds(em, of.tenantId, [{ ...anAct(), events: written, moves: [], entries: [] }]);
    await sleep(ms);
    return ok(null);
  });

/** Many writers that commit in another order than they began in; what is never published of it. */
async function commitLate(): Promise<Stored[]> {
  const shop = await aTenant(app.db);
  const writer = async (number: number) => {
    for (let turn = 0; turn < 15; turn += 1) await writeSlowly(shop, (number * 7 + turn * 5) % 23);
  };
  await Promise.all(Array.from({ length: 8 }, (_, number) => writer(number)));
  const last = newId();
  await writeSlowly(shop, 0, last);
  const waiting = async () => (await events(shop.tenantId)).filter(({ feed }) => feed === null);
  await until(async () => (await waiting()).every(({ id }) => id !== last), 'the last is published');
  return waiting();
}

describe('two relays in two processes', () => {
  it('number every event once and deliver it in order, also when one of them is killed', async () => {
    const file = newSink();
    const first = aRelay(file, 'first', { hangsAfter: 8 });
    const second = aRelay(file, 'second');
    await Promise.all([first.says('ready'), second.says('ready')]);
    const trading = trade(45);
    await first.says('hangs');
    await first.kill();
    const tenantId = await trading;
    await until(() => settled(tenantId), 'all is delivered');

    const all = await events(tenantId);
    expect(all.map(({ feed }) => feed)).toEqual(oneToN(all.length));
    const ids = new Set(all.map(({ id }) => id));
    const told = toldIn(file).filter(({ id }) => ids.has(id));
    expect(new Set(told.map(({ id }) => id))).toEqual(ids);
    expect(outOfOrder(told)).toEqual([]);
    expect(new Set(told.map(({ by }) => by))).toEqual(new Set(['first', 'second']));
  }, 150_000);

  it('miss nothing that commits late', async () => {
    await twoRelays();
    expect(await commitLate()).toEqual([]);
  });

  it('without their defence never see what commits late', async () => {
    await twoRelays(['outbox']);
    expect(await raceUntil((lost) => lost.length > 0, commitLate)).not.toEqual([]);
  });
});

/** Has a server agree to a draft and close it, which is the one event that is still to be published. */
async function closeOne(server: ServerProcess, { tenantId, token }: { tenantId: string; token: string }) {
  const draft = await call(server, '/orders', { token, body: {}, headers: { 'Idempotency-Key': newId() } });
  const id = fieldOf(draft, 'id');
  const agreed = { method: 'PATCH', body: { totalCents: 5 }, headers: { 'If-Match': '1' } };
  expect((await call(server, `/orders/${id}/confirm`, { token, ...agreed })).status).toBe(200);
  await until(() => settled(tenantId), 'all that came before');
  expect((await call(server, `/orders/${id}/close`, { token, method: 'POST' })).status).toBe(200);
  return id;
}

describe('killing the server between a commit and its publication', () => {
  it('loses nothing that it answered: the next server publishes it, once', async () => {
    const { tenant, staff } = await aShop(app);
    const { tenantId } = tenant;
    const closed: string[] = [];
    let server = await aServer(app.db.url);
    // Sometimes the server is quicker than the kill: it counts when the event was still to be published.
    for (let [caught, rounds] = [0, 0]; caught < 2; rounds += 1) {
      expect(rounds).toBeLessThan(20);
      closed.push(await closeOne(server, { tenantId, token: staff.token }));
      await server.kill();
      if (!(await published(tenantId))) caught += 1;
      server = await aServer(app.db.url);
      await until(() => published(tenantId), 'the next server publishes');
    }
    await until(() => settled(tenantId), 'its consumers have it');
    const all = await events(tenantId);
    expect(all.map(({ feed }) => feed)).toEqual(oneToN(all.length));
    const told = all.filter(({ type }) => type === 'orders.closed').map(({ order }) => order);
    expect(told).toEqual(closed);
  }, 150_000);
});
