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
});
