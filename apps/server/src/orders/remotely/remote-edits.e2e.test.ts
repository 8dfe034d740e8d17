import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { startStandIn } from '../../remote/testing/stand-in.ts';
import { z } from 'zod';
import { aShop, call, type CallOptions, startApp } from '../../testing.ts';

const there = await startStandIn();
const app = await startApp({ config: { catalogUrl: there.url } });

/** A shop whose goods lie over there. */
async function open() {
  const { tenant, staff } = await aShop(app);
  const ask = (path: string, options: CallOptions = {}) =>
    call(app, path, { token: staff.token, ...options });
  const edit = (id: string, ...products: readonly (readonly [string | number, number])[]) =>
    ask(`/orders/${id}`, {
      method: 'PATCH',
      body: { products: products.map(([product_id, item_count]) => ({ product_id, item_count })) },
    });
  return { tenantId: tenant.tenantId, ask, edit };
}
/** A shop that has a product of number 2 without a sku of its own, which stands for a pot over there. */
async function withPots() {
  const shop = await open();
  await shop.ask('/products', { body: { name: 'Pot', price: 12.5, quantity: 0 } });
  there.products.set('2', { id: 2, sku: 'POT', name: 'Pot', price: 12.5, quantity: 5, version: 1 });
  return shop;
}
const Said = z.object({ order_id: z.string() });
const orderIn = ({ json }: { readonly json: unknown }) => Said.parse(json).order_id;
const left = (id: string) => there.products.get(id)?.quantity;

/** Until what belongs to no order is back over there. */
async function settled(tenantId: string) {
  for (let n = 0; n < 300; n += 1) {
    await app.parts.remote?.sweep(new Date().toISOString());
    const { rowCount } = await app.db.pool.query(
      `select from intents where tenant_id = $1 and state in ('OPEN', 'RUNNING')`,
      [tenantId],
    );
    if (rowCount === 0) return;
    await sleep(100);
  }
  throw new Error('something is left to do');
}

beforeEach(() => {
  there.products.clear();
  there.products.set('1', { id: 1, sku: 'TEA', name: 'Tea', price: 25, quantity: 10, version: 1 });
  there.products.set('2', { id: 2, sku: 'CUP', name: 'Cup', price: 4.5, quantity: 5, version: 1 });
});

describe('an edit with a catalogue elsewhere', () => {
  it('adds up what names one product twice', async () => {
    const { ask, edit, tenantId } = await open();
    const placed = await ask('/orders', { body: { products: [{ product_id: 'TEA', item_count: 3 }] } });
    const id = orderIn(placed);
    const edited = await edit(id, ['TEA', 2], [1, 3]);
    expect([edited.status, edited.json]).toMatchObject([
      200,
      { products: [{ product_id: 'TEA', item_count: 5 }] },
    ]);
    const more = await edit(id, ['TEA', 4], ['TEA', 4]);
    expect([more.status, more.json]).toMatchObject([
      200,
      { products: [{ product_id: 'TEA', item_count: 8 }] },
    ]);
    await settled(tenantId);
    expect(left('1')).toBe(2);
  });
});

describe('an edit of what an order shows', () => {
  it.each(['P-2', '2', 2])('finds it over there by %j', async (name) => {
    const { ask, edit, tenantId } = await withPots();
    const placed = await ask('/orders', { body: { products: [{ product_id: 'POT', item_count: 1 }] } });
    expect(placed.json).toMatchObject({ products: [{ product_id: 'P-2' }], items: [{ product_id: 2 }] });
    const edited = await edit(orderIn(placed), [name, 3]);
    expect([edited.status, edited.json]).toMatchObject([
      200,
      { products: [{ product_id: 'P-2', item_count: 3 }] },
    ]);
    await settled(tenantId);
    expect(left('2')).toBe(2);
  });

  it('finds it over there when a draft is confirmed', async () => {
    const { ask, edit } = await withPots();
    const draft = await ask('/orders', { method: 'POST', headers: { 'Idempotency-Key': 'draft-1' } });
    const id = orderIn(draft);
    expect((await edit(id, ['POT', 2])).json).toMatchObject({ products: [{ product_id: 'P-2' }] });
    expect((await ask(`/orders/${id}`, { method: 'PUT', body: { status: 'shipped' } })).status).toBe(200);
    expect(left('2')).toBe(3);
  });

  it('takes nothing for as many as it has, by a number that is another product’s here', async () => {
    const { ask, edit, tenantId } = await open();
    const placed = await ask('/orders', { body: { products: [{ product_id: 1, item_count: 8 }] } });
    // Our number 1 is a mug.
    expect(placed.json).toMatchObject({ products: [{ product_id: 'TEA' }], items: [{ product_id: 2 }] });
    const edited = await edit(orderIn(placed), ['1', 8]);
    expect([edited.status, edited.json]).toMatchObject([200, { version: 1, products: [] }]);
    const less = await edit(orderIn(placed), [1, 7]);
    expect(less.json).toMatchObject({ products: [{ product_id: 'TEA', item_count: 7 }] });
    await settled(tenantId);
    expect(left('1')).toBe(3);
  });
});

describe('a draft with a catalogue elsewhere', () => {
  it('takes its pieces when it is confirmed, and not before', async () => {
    const { ask, edit, tenantId } = await open();
    const draft = await ask('/orders', { method: 'POST', headers: { 'Idempotency-Key': 'draft-1' } });
    const id = orderIn(draft);
    const written = await edit(id, ['TEA', 3], ['CUP', 2]);
    expect([written.status, written.json]).toMatchObject([200, { totalCents: 8_400 }]);
    await settled(tenantId);
    expect([left('1'), left('2')]).toEqual([10, 5]);
    const confirmed = await ask(`/orders/${id}/confirm`, {
      method: 'PATCH',
      headers: { 'If-Match': '2' },
      body: { totalCents: 8_400 },
    });
    expect(confirmed.status).toBe(200);
    await settled(tenantId);
    expect([left('1'), left('2')]).toEqual([7, 3]);
  });

  it('is not confirmed when too little is there, and takes nothing', async () => {
    const { ask, edit, tenantId } = await open();
    const draft = await ask('/orders', { method: 'POST', headers: { 'Idempotency-Key': 'draft-1' } });
    const id = orderIn(draft);
    expect((await edit(id, ['TEA', 3], ['CUP', 6])).status).toBe(200);
    const moved = await ask(`/orders/${id}`, { method: 'PUT', body: { status: 'shipped' } });
    expect([moved.status, moved.json]).toMatchObject([404, { details: { CUP: [expect.any(String)] } }]);
    await settled(tenantId);
    expect([left('1'), left('2')]).toEqual([10, 5]);
    there.products.set('2', { id: 2, sku: 'CUP', name: 'Cup', price: 4.5, quantity: 6, version: 7 });
    expect((await ask(`/orders/${id}`, { method: 'PUT', body: { status: 'shipped' } })).status).toBe(200);
    expect([left('1'), left('2')]).toEqual([7, 0]);
  });
});

describe('a cart of ours with a catalogue elsewhere', () => {
  it('holds what is for sale over there, and is ordered from there', async () => {
    const { ask, tenantId } = await open();
    const put = (product_id: string, quantity: number) => ask('/carts/1', { body: { product_id, quantity } });
    expect([(await put('TEA', 4)).status, (await put('NOTHING', 1)).status]).toEqual([201, 404]);
    const tooMuch = await put('CUP', 6);
    expect([tooMuch.status, tooMuch.json]).toMatchObject([400, { error: 'Not enough product in stock' }]);
    expect(left('1')).toBe(10);
    const placed = await ask('/orders/1', { method: 'POST' });
    expect([placed.status, placed.json]).toMatchObject([201, { products: [{ product_id: 'TEA' }] }]);
    await settled(tenantId);
    expect(left('1')).toBe(6);
  });

  it('orders what has another sku here', async () => {
    const { ask, tenantId } = await withPots();
    await ask('/carts/1', { body: { product_id: 'POT', quantity: 2 } });
    const placed = await ask('/orders/1', { method: 'POST' });
    expect([placed.status, placed.json]).toMatchObject([201, { products: [{ product_id: 'P-2' }] }]);
    await settled(tenantId);
    expect(left('2')).toBe(3);
  });
});
