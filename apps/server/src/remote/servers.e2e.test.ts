import { setTimeout as sleep } from 'node:timers/promises';
import { check, type Defence } from '@orderloom/db';
import { raceUntil } from '@orderloom/db/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { aShop, call, startApp, type TestApp } from '../testing.ts';
import { insist } from '../testing/insist.ts';
import { aServer } from '../testing/process.ts';
import { type Call, startStandIn } from './testing/stand-in.ts';

const there = await startStandIn();
const app = await startApp({ config: { catalogUrl: there.url } });
const order = (product_id: string, item_count = 1) => ({ body: { products: [{ product_id, item_count }] } });

beforeEach(() => {
  Object.assign(there, { fault: null, late: false });
  there.products.set('1', { id: 1, sku: 'TEA', name: 'Tea', price: 25, quantity: 10, version: 1 });
});

/** Does what is left to do, as if the leases of whoever died were over. */
async function afterTheLeases(tenantId: string, { db, parts }: Pick<TestApp, 'db' | 'parts'> = app) {
  for (let n = 0; n < 200; n += 1) {
    await db.pool.query(
      `update intents set next_at = now() where tenant_id = $1 and state in ('OPEN', 'RUNNING')`,
      [tenantId],
    );
    await parts.remote?.sweep(new Date().toISOString());
    const { rows } = await db.pool.query(
      `select kind, state from intents where tenant_id = $1 and state in ('OPEN', 'RUNNING')`,
      [tenantId],
    );
    if (rows.length === 0) return;
    await sleep(100);
  }
  throw new Error('something is left');
}
/** How many statements wait for a lock on a table. */
async function waitingFor(table: string) {
  const waiting = 'select from pg_locks where not granted and relation = $1::regclass';
  return (await app.db.pool.query(waiting, [table])).rowCount;
}
const ordersOf = async (tenantId: string) =>
  (await app.db.pool.query('select id from orders where tenant_id = $1', [tenantId])).rows;

describe('what was given back', () => {
  it('is not given back again when it can be asked for neither', async () => {
    const { tenant, staff } = await aShop(app);
    const place = () => call(app, '/orders', { token: staff.token, ...order('TEA', 2) });
    const placed = await place();
    Object.assign(there, { fault: 'error', late: true, only: ({ method }: Call) => method === 'PUT' });
    await call(app, placed.headers.get('location') ?? '', { method: 'DELETE', token: staff.token });
    const tries = async () => {
      const { rows } = await app.db.pool.query<{ tries: number }>(
        `select coalesce(max(attempts), 0) as tries from intents
         where tenant_id = $1 and kind = 'catalogue.give_back'`,
        [tenant.tenantId],
      );
      return rows[0]?.tries ?? 0;
    };
    const sweepTo = async (count: number) => {
      await app.db.pool.query(`update intents set next_at = now() where state in ('OPEN', 'RUNNING')`);
      await app.parts.remote?.sweep(new Date().toISOString());
      expect(await tries()).toBeGreaterThanOrEqual(count);
    };
    await expect.poll(() => sweepTo(1).then(() => 'done', String), { timeout: 20_000 }).toBe('done');
    // The service is in trouble for others, too, until nobody asks it any more.
    there.only = () => true;
    for (let n = 0; n < 12; n += 1) await place();
    await sweepTo((await tries()) + 1);
    there.fault = null;
    await afterTheLeases(tenant.tenantId);
    expect(there.products.get('1')?.quantity).toBe(10);
  });
});

describe('a server that dies', () => {
  it('while the answer to a taking is on its way leaves no piece behind', async () => {
    const { tenant, staff } = await aShop(app);
    const server = await aServer(app.db.url, { env: { CATALOG_URL: there.url } });
    const dying = Promise.withResolvers<void>();
    const isPut = ({ method }: Call) => {
      if (method === 'PUT') dying.resolve(server.kill());
      return method === 'PUT';
    };
    Object.assign(there, { fault: 'half-open', late: true, only: isPut });
    const answer = call(server, '/orders', { token: staff.token, ...order('TEA', 4) }).catch(() => null);
    await dying.promise;
    expect(await answer).toBeNull();
    expect(there.products.get('1')?.quantity).toBe(6);
    there.fault = null;
    await afterTheLeases(tenant.tenantId);
    expect(there.products.get('1')?.quantity).toBe(10);
    expect(await ordersOf(tenant.tenantId)).toEqual([]);
  });

  it('between the taking and the commit leaves no piece behind', async () => {
    const { tenant, staff } = await aShop(app);
    const server = await aServer(app.db.url, { env: { CATALOG_URL: there.url } });
    const holder = await app.db.pool.connect();
    await holder.query('begin; lock table order_items in share mode');
    const answer = call(server, '/orders', { token: staff.token, ...order('TEA', 4) }).catch(() => null);
    while (there.products.get('1')?.quantity === 10) await sleep(20);
    await expect.poll(() => waitingFor('order_items'), { timeout: 20_000 }).toBeGreaterThan(0);
    await server.kill();
    await holder.query('rollback');
    holder.release();
    expect(await answer).toBeNull();
    expect(there.products.get('1')?.quantity).toBe(6);
    await afterTheLeases(tenant.tenantId);
    expect(there.products.get('1')?.quantity).toBe(10);
    expect(await ordersOf(tenant.tenantId)).toEqual([]);
  });
});

describe('two Orderlooms, one of them the catalogue and the carts of the other', () => {
  it('sell exactly what there is through two servers at once', async () => {
    const catalogue = await startApp({ config: { trustNetwork: true } });
    const { tenant } = await aShop(catalogue, { stock: 30 });
    const { tenantId } = tenant;
    const [config, env] = [
      { catalogUrl: catalogue.url, cartUrl: catalogue.url },
      { CATALOG_URL: catalogue.url, CART_URL: catalogue.url },
    ];
    const placing = await startApp({ config });
    const { staff } = await aShop(placing, { tenantId, stock: 0 });
    const servers = [placing, await aServer(placing.db.url, { env })];
    const turns = Array.from({ length: 100 }, (_, n) => servers[n % 2] ?? placing).values();
    const told: number[] = [];
    const caller = async () => {
      for (const server of turns) {
        const { status } = await insist(() =>
          call(server, '/orders', { token: staff.token, ...order('MUG') }),
        );
        told.push(status);
      }
    };
    await Promise.all(Array.from({ length: 20 }, caller));
    const statuses = Map.groupBy(told, (status) => status);
    expect([...statuses].map(([status, { length }]) => `${length} × ${status}`).sort()).toEqual([
      '30 × 200',
      '70 × 404',
    ]);
    const left = await call(catalogue, '/products/MUG', { headers: { 'X-Tenant-Id': tenantId } });
    expect(left.json).toMatchObject({ quantity: 0 });
    expect([await check(catalogue.db), await check(placing.db)]).toEqual([[], []]);
  }, 300_000);

  it('order what lies in a cart over there', async () => {
    const catalogue = await startApp({ config: { trustNetwork: true } });
    const { tenant } = await aShop(catalogue, { stock: 30 });
    const { tenantId } = tenant;
    const placing = await startApp({ config: { catalogUrl: catalogue.url, cartUrl: catalogue.url } });
    const { staff } = await aShop(placing, { tenantId, stock: 0 });
    const headers = { 'X-Tenant-Id': tenantId };
    await call(catalogue, '/carts/1', { headers, body: { product_id: 1, quantity: 2 } });
    const placed = await insist(() => call(placing, '/orders/1', { token: staff.token, method: 'POST' }));
    expect([placed.status, placed.json]).toMatchObject([201, { items: [{ product_id: 1, quantity: 2 }] }]);
    const [cart, mug] = [
      await call(catalogue, '/carts/1', { headers }),
      await call(catalogue, '/products/1', { headers }),
    ];
    expect([cart.json, mug.json]).toMatchObject([{ status: 'Ordered' }, { quantity: 28 }]);
  });
});

/**
 * Two servers and a catalogue without versions: how many of 30 orders get one of its ten pieces, each time
 * that it is asked.
 */
async function aRush(defenceOff: readonly Defence[]) {
  const catalogue = await startStandIn();
  const tea = { id: 1, sku: 'TEA', name: 'Tea', price: 25, quantity: 10, version: 1 };
  Object.assign(catalogue, { etags: false, thinkMs: 5 });
  catalogue.products.set('1', tea);
  const placing = await startApp({ defenceOff, config: { catalogUrl: catalogue.url } });
  const { staff, tenant } = await aShop(placing);
  const env = { CATALOG_URL: catalogue.url };
  const servers = [placing, await aServer(placing.db.url, { defenceOff, env })];
  return async () => {
    tea.quantity = 10;
    let sold = 0;
    // Who was not answered in time has given a piece back, which is there for others.
    for (let round = 0; round < 5 && tea.quantity > 0; round += 1) {
      const all = Array.from({ length: 30 }, (_, n) =>
        insist(() => call(servers[n % 2] ?? placing, '/orders', { token: staff.token, ...order('TEA') })),
      );
      sold += (await Promise.all(all)).filter(({ status }) => status === 200).length;
      await afterTheLeases(tenant.tenantId, placing);
    }
    return { sold, left: tea.quantity };
  };
}

describe('a catalogue without versions', () => {
  it('sells exactly what there is through two servers at once', async () => {
    const rush = await aRush([]);
    expect(await rush()).toEqual({ sold: 10, left: 0 });
  }, 300_000);

  it('would sell more without the lock', async () => {
    const { sold } = await raceUntil((run) => run.sold > 10, await aRush(['stock']));
    expect(sold).toBeGreaterThan(10);
  }, 300_000);
});
