import { setTimeout as sleep } from 'node:timers/promises';
import { aTenant } from '@orderloom/db/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Call, startStandIn } from '../../remote/testing/stand-in.ts';
import { aShop, call, type CallOptions, startApp } from '../../testing.ts';

const there = await startStandIn();
const app = await startApp({ config: { catalogUrl: there.url, cartUrl: there.url } });

/** A tenant whose goods lie over there, and what its staff and its customer ask. */
async function open() {
  const { tenant, staff, customer } = await aShop(app);
  const by =
    (token: string) =>
    (path: string, options: CallOptions = {}) =>
      call(app, path, { token, ...options });
  return { tenantId: tenant.tenantId, staff: by(staff.token), customer: by(customer.token) };
}
const one = (item_count = 1, product_id: string | number = 'TEA') => ({
  body: { products: [{ product_id, item_count }] },
});
const sweep = () => app.parts.remote?.sweep(new Date().toISOString());
const puts = () => there.calls.filter(({ method, path }) => method === 'PUT' && path.startsWith('/products'));
const tea = () => there.products.get('1');
const isPut = ({ method }: Call) => method === 'PUT';
const isFirstPut = (call: Call) => isPut(call) && puts().length === 1;
const rows = async (sql: string, tenantId: string) => (await app.db.pool.query(sql, [tenantId])).rows;
const ordersOf = (tenantId: string) => rows('select id from orders where tenant_id = $1', tenantId);
const intentsOf = (tenantId: string) =>
  rows('select kind, state from intents where tenant_id = $1 order by id', tenantId);
const levelsOf = (tenantId: string) =>
  rows(
    `select l.on_hand, l.reserved from stock_levels l join stock_locations k
       on k.tenant_id = l.tenant_id and k.id = l.location_id and k.name = 'remote' where l.tenant_id = $1`,
    tenantId,
  );
/** Until nothing is left to do, for what was kicked off beside the answer. */
async function settled(tenantId: string) {
  for (let n = 0; n < 150; n += 1) {
    await sweep();
    const open = (await intentsOf(tenantId)).filter(({ state }) => state === 'OPEN' || state === 'RUNNING');
    if (open.length === 0) return;
    await sleep(200);
  }
  throw new Error(`something is left: ${JSON.stringify(await intentsOf(tenantId))}`);
}

/** The breakers stay with the server, so every story begins when they are closed. */
async function everythingIsWell() {
  const { goods, baskets, errand } = app.parts.remote ?? {};
  const of = {
    tenantId: spare.tenantId,
    requestId: 'a-test',
    at: '2026-11-21T09:00:00.000Z',
    currency: 'USD',
  };
  if (!errand) return;
  while (!(await goods?.find(errand(of), ['0']))?.ok) await sleep(250);
  while (!(await baskets?.find(errand(of), '0'))?.ok) await sleep(250);
}
const spare = await aTenant(app.db);

beforeEach(async () => {
  Object.assign(there, { fault: null, only: () => true, late: false, etags: true, keys: true });
  there.products.clear();
  there.products.set('1', { id: 1, sku: 'TEA', name: 'Tea', price: 25, quantity: 10, version: 1 });
  there.products.set('2', { id: 2, sku: 'CUP', name: 'Cup', price: 4.5, quantity: 5, version: 1 });
  there.carts.set('1', { customer_id: 1, status: 'Active', items: [{ product_id: 1, quantity: 2 }] });
  await everythingIsWell();
  there.calls.length = 0;
});

describe('an order of a catalogue elsewhere', () => {
  it('takes its pieces there, at the price there, and keeps them here', async () => {
    const { staff, tenantId } = await open();
    const placed = await staff('/orders', one(3));
    expect([placed.status, placed.json]).toMatchObject([
      200,
      { products: [{ product_id: 'TEA', product_count: 3 }], totalCents: 7_500 },
    ]);
    expect(tea()?.quantity).toBe(7);
    expect(await levelsOf(tenantId)).toEqual([{ on_hand: 3, reserved: 3 }]);
    expect(await intentsOf(tenantId)).toEqual([{ kind: 'catalogue.take', state: 'DONE' }]);
  });

  it('names products by their number over there, and by ours from then on', async () => {
    const { staff } = await open();
    there.products.set('7', { id: 7, sku: 'POT', name: 'Pot', price: 12.5, quantity: 5, version: 1 });
    const body = {
      items: [
        { product_id: 7, quantity: 1 },
        { product_id: 7, quantity: 1 },
      ],
    };
    const placed = await staff('/orders/1', { body });
    expect([placed.status, placed.json]).toMatchObject([
      201,
      { items: [{ product_id: 7, quantity: 2 }], products: [{ product_id: 'POT' }], totalCents: 2_500 },
    ]);
  });

  it('is of a million pieces of a product at most, by whatever names', async () => {
    const { staff } = await open();
    const products = [one(1_000_000), one(1, 1)].flatMap(({ body }) => body.products);
    const refused = await staff('/orders', { body: { products } });
    expect([refused.status, refused.json]).toMatchObject([
      400,
      { details: { 'products.1.item_count': [expect.any(String)] } },
    ]);
    expect(puts()).toEqual([]);
  });

  it('leaves out what is short, tells it, and takes nothing of it', async () => {
    const { staff, tenantId } = await open();
    const products = [one(3), one(7, 'CUP')].flatMap(({ body }) => body.products);
    const placed = await staff('/orders', { body: { products } });
    expect([placed.status, placed.json]).toMatchObject([
      200,
      {
        products: [{ product_id: 'TEA', product_count: 3 }],
        out_of_stock: [{ product_id: 'CUP', item_count: 7, product_count: 5 }],
      },
    ]);
    expect([tea()?.quantity, there.products.get('2')?.quantity]).toEqual([7, 5]);
    expect(
      await rows(`select from events where tenant_id = $1 and type = 'stock.short'`, tenantId),
    ).toHaveLength(1);
  });

  it('is refused as a whole when it wants all or nothing, and takes nothing', async () => {
    const { staff, tenantId } = await open();
    const items = [
      { product_id: 1, quantity: 3 },
      { product_id: 2, quantity: 7 },
    ];
    const refused = await staff('/orders/1', { body: { items } });
    expect([refused.status, refused.json]).toMatchObject([
      400,
      { detail: 'Insufficient inventory for one or more items.' },
    ]);
    expect(puts()).toEqual([]);
    expect(await ordersOf(tenantId)).toEqual([]);
  });

  it('is refused when nothing of it is there, or known', async () => {
    const { staff } = await open();
    expect((await staff('/orders', one(11))).status).toBe(404);
    expect((await staff('/orders', one(1, 'NOPE'))).status).toBe(400);
    expect((await staff('/orders/99', { body: { items: [{ product_id: 1, quantity: 1 }] } })).status).toBe(
      404,
    );
    expect(puts()).toEqual([]);
  });

  it('gives its pieces back when it is cancelled', async () => {
    const { staff, tenantId } = await open();
    const placed = await staff('/orders', one(3));
    await staff(placed.headers.get('location') ?? '', { method: 'DELETE' });
    await settled(tenantId);
    expect(tea()?.quantity).toBe(10);
    expect(await levelsOf(tenantId)).toEqual([{ on_hand: 0, reserved: 0 }]);
  });

  it('happens once for one key, however often and at once it is sent', async () => {
    const { staff, tenantId } = await open();
    const request = { ...one(2), headers: { 'Idempotency-Key': 'remote-1' } };
    const answers = await Promise.all(Array.from({ length: 8 }, () => staff('/orders', request)));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(await ordersOf(tenantId)).toHaveLength(1);
    await settled(tenantId);
    expect(tea()?.quantity).toBe(8);
  });
});

describe('an edit of an order of a catalogue elsewhere', () => {
  const placed = async () => {
    const shop = await open();
    const path = (await shop.staff('/orders', one(3))).headers.get('location') ?? '';
    const edit = (products: object[], headers = {}) =>
      shop.staff(path, { method: 'PATCH', body: { products }, headers });
    return { ...shop, edit };
  };

  it('takes what the order needs more, and gives back what it needs no more', async () => {
    const { tenantId, edit } = await placed();
    const more = await edit([
      { product_id: 'TEA', item_count: 5 },
      { product_id: 'CUP', item_count: 2 },
    ]);
    expect([more.status, tea()?.quantity, there.products.get('2')?.quantity]).toEqual([200, 5, 3]);
    const less = await edit([
      { product_id: 'TEA', item_count: 1 },
      { product_id: 'CUP', item_count: 0 },
    ]);
    expect(less.status).toBe(200);
    await settled(tenantId);
    expect([tea()?.quantity, there.products.get('2')?.quantity]).toEqual([9, 5]);
  });

  it('is refused as a whole when something is short, and takes nothing', async () => {
    const { edit } = await placed();
    const refused = await edit([
      { product_id: 'TEA', item_count: 5 },
      { product_id: 'CUP', item_count: 6 },
    ]);
    expect([refused.status, tea()?.quantity, there.products.get('2')?.quantity]).toEqual([404, 7, 5]);
  });

  it('happens once for one key', async () => {
    const { edit, tenantId } = await placed();
    const ask = () => edit([{ product_id: 'TEA', item_count: 6 }], { 'Idempotency-Key': 'edit-1' });
    const [first, second] = [await ask(), await ask()];
    expect([second.status, second.text]).toEqual([200, first.text]);
    await settled(tenantId);
    expect(tea()?.quantity).toBe(4);
  });

  it('is a 503 when the catalogue is out of reach, and changes nothing', async () => {
    const { edit, tenantId } = await placed();
    there.fault = 'error';
    expect((await edit([{ product_id: 'TEA', item_count: 6 }])).status).toBe(503);
    expect(await levelsOf(tenantId)).toEqual([{ on_hand: 3, reserved: 3 }]);
  });
});

describe('an order of a cart elsewhere', () => {
  it('orders what lies in it, and closes it', async () => {
    const { staff } = await open();
    const placed = await staff('/orders/1', { method: 'POST', body: {} });
    expect([placed.status, placed.json]).toMatchObject([201, { items: [{ quantity: 2 }], customer_id: 1 }]);
    expect(there.carts.get('1')?.status).toBe('Ordered');
    const again = await staff('/orders/1', { method: 'POST', body: {} });
    expect([again.status, again.json]).toMatchObject([400, { detail: 'Cart is empty.' }]);
  });

  it('orders it once, however many ask at once', async () => {
    const { staff, tenantId } = await open();
    const ask = () => staff('/orders/1', { method: 'POST', body: {} });
    const statuses = (await Promise.all([ask(), ask(), ask(), ask()]))
      .map(({ status }) => status)
      .sort((a, b) => a - b);
    expect(statuses).toEqual([201, 400, 400, 400]);
    await settled(tenantId);
    expect(tea()?.quantity).toBe(8);
  });

  it('closes it later when it cannot be closed now', async () => {
    const { staff, tenantId } = await open();
    Object.assign(there, {
      fault: 'error',
      only: (call: Call) => isPut(call) && call.path.startsWith('/carts'),
    });
    expect((await staff('/orders/1', { method: 'POST', body: {} })).status).toBe(201);
    expect(there.carts.get('1')?.status).toBe('Active');
    expect((await staff('/orders/1', { method: 'POST', body: {} })).status).toBe(400);
    there.fault = null;
    await settled(tenantId);
    expect(there.carts.get('1')?.status).toBe('Ordered');
  });
});

describe('an answer that is lost', () => {
  it.each([true, false])('after the pieces left is not asked twice, with versions: %s', async (etags) => {
    const { staff, tenantId } = await open();
    Object.assign(there, { etags, fault: 'reset', late: true, only: isFirstPut });
    const placed = await staff('/orders', one(3));
    await settled(tenantId);
    expect([placed.status, tea()?.quantity]).toEqual([200, 7]);
  });

  it('again and again ends in a refusal, and the pieces come back', async () => {
    const { staff, tenantId } = await open();
    Object.assign(there, {
      fault: 'reset',
      late: true,
      only: isPut,
    });
    expect((await staff('/orders', one(3))).status).toBe(503);
    expect(tea()?.quantity).toBe(7);
    there.fault = null;
    await settled(tenantId);
    expect(tea()?.quantity).toBe(10);
  });

  it('of a catalogue that knows no keys leaves pieces unsold, and never oversells', async () => {
    const { staff, tenantId } = await open();
    const reset = { fault: 'reset', late: true, only: isPut };
    Object.assign(there, { etags: true, keys: false, ...reset });
    expect((await staff('/orders', one(3))).status).toBe(503);
    there.fault = null;
    await settled(tenantId);
    expect(tea()?.quantity).toBe(7);
    expect(app.logged()).toContainEqual(expect.objectContaining({ level: 'ERROR', tenantId, pieces: 3 }));
  });
});
