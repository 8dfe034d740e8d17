import { describe, expect, it } from 'vitest';
import { aShop, call, type CallOptions, startApp } from '../../testing.ts';

const app = await startApp({ config: { trustNetwork: true } });

/** A shop with ten mugs at 25.00, and how its staff and its customer ask. */
async function open() {
  const shop = await aShop(app, { stock: 10, price: 2_500 });
  const by =
    (token: string) =>
    (path: string, options: CallOptions = {}) =>
      call(app, path, { token, ...options });
  return { tenant: shop.tenant, staff: by(shop.staff.token), customer: by(shop.customer.token) };
}
const put = (body: unknown, headers = {}): CallOptions => ({ method: 'PUT', body, headers });
const mug = '{"id":1,"sku":"MUG","name":"Mug","price":25.00,"quantity":10}';
const wrong = 'Invalid request. Please review your request and ensure everything is correct.';

describe('GET /products', () => {
  it('is a bare array of what is for sale, by number, with every digit of the price', async () => {
    const { staff } = await open();
    await staff('/products', { body: { name: 'Tea', price: 4.5, quantity: 3 } });
    const tea = '{"id":2,"sku":"P-2","name":"Tea","price":4.50,"quantity":3}';
    const answer = await staff('/products');
    expect([answer.status, answer.text]).toEqual([200, `[${mug},${tea}]`]);
  });

  it('is open to every token, and in a trusted network without one', async () => {
    const { customer, tenant } = await open();
    expect((await customer('/products')).text).toBe(`[${mug}]`);
    const bare = await call(app, '/products', { headers: { 'X-Tenant-Id': tenant.tenantId } });
    expect(bare.text).toBe(`[${mug}]`);
  });
});

describe('POST /products', () => {
  it('answers 201 with the product and where it is', async () => {
    const { staff } = await open();
    const body = { name: 'Pot', price: 25, quantity: 10, sku: 'POT' };
    const answer = await staff('/products', { body });
    expect(answer.status).toBe(201);
    expect(answer.text).toBe('{"id":2,"sku":"POT","name":"Pot","price":25.00,"quantity":10}');
    expect((await staff(answer.headers.get('location') ?? '')).text).toBe(answer.text);
  });

  it('makes one product of a request that is sent twice', async () => {
    const { staff } = await open();
    const request = { body: { name: 'Pot', price: 25 }, headers: { 'Idempotency-Key': 'pot-1' } };
    const first = await staff('/products', request);
    const second = await staff('/products', request);
    expect([second.status, second.text]).toEqual([201, first.text]);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect((await staff('/products')).json).toHaveLength(2);
  });

  it('refuses a sku that is taken, and a price that is no amount of money', async () => {
    const { staff } = await open();
    const taken = await staff('/products', { body: { name: 'Pot', price: 1, sku: 'MUG' } });
    expect(taken.status).toBe(409);
    for (const [field, value] of [
      ['price', 1.005],
      ['price', -1],
      ['price', '1.00'],
      ['quantity', -1],
      ['name', ''],
      ['colour', 'red'],
    ] as const) {
      const answer = await staff('/products', { body: { name: 'Pot', price: 1, [field]: value } });
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({ error: wrong, details: { [field]: [expect.any(String)] } });
    }
  });

  it('needs a store to sell from', async () => {
    const { staff, tenant } = await open();
    await app.db.pool.query('update stores set active = false where tenant_id = $1', [tenant.tenantId]);
    const answer = await staff('/products', { body: { name: 'Pot', price: 1 } });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ details: { store: [expect.any(String)] } });
  });
});

describe('/products/{id}', () => {
  it('is found by number, UUID and SKU, with its version', async () => {
    const { staff, tenant } = await open();
    for (const name of ['1', '01', tenant.productId, 'MUG']) {
      const answer = await staff(`/products/${name}`);
      expect([answer.status, answer.text]).toEqual([200, mug]);
      expect(answer.headers.get('etag')).toMatch(/^"\d+"$/);
    }
  });

  it('takes any of name, price and quantity', async () => {
    const { staff } = await open();
    expect((await staff('/products/1', put({ quantity: 8 }))).text).toBe(mug.replace(':10}', ':8}'));
    expect((await staff('/products/1', put({ price: 26.5 }))).json).toMatchObject({
      price: 26.5,
      quantity: 8,
    });
    const { text, headers } = await staff('/products/1', put({ name: 'Cup', price: 3, quantity: 0 }));
    expect(text).toBe('{"id":1,"sku":"MUG","name":"Cup","price":3.00,"quantity":0}');
    const again = await staff('/products/1');
    expect([again.text, again.headers.get('etag')]).toEqual([text, headers.get('etag')]);
    for (const body of [{ price: 0.001 }, { quantity: 1.5 }, { sku: 'CUP' }, { id: 2 }, '{'])
      expect((await staff('/products/1', put(body))).status).toBe(400);
  });

  it('is written only by the version that was read, and an order makes another one', async () => {
    const { staff } = await open();
    const read = await staff('/products/1');
    const etag = read.headers.get('etag') ?? '';
    const placed = await staff('/orders', { body: { products: [{ product_id: 'MUG', item_count: 1 }] } });
    expect(placed.status).toBe(200);
    const stale = await staff('/products/1', put({ quantity: 9 }, { 'If-Match': etag }));
    expect(stale.status).toBe(409);
    expect(stale.json).toMatchObject({ code: 'conflict', message: 'stale version' });
    const gone = await staff('/products/1', { method: 'DELETE', headers: { 'If-Match': `W/${etag}` } });
    expect(gone.status).toBe(409);
    expect((await staff('/products/1', put({}, { 'If-Match': 'new' }))).status).toBe(400);
    const now = (await staff('/products/1')).headers.get('etag') ?? '';
    expect((await staff('/products/1', put({ quantity: 8 }, { 'If-Match': now }))).status).toBe(200);
  });

  it('is gone once it is deleted, and stays in the orders that hold it', async () => {
    const { staff } = await open();
    const body = { products: [{ product_id: 'MUG', item_count: 1 }] };
    const { json } = await staff('/orders', { body });
    const deleted = await staff('/products/1', { method: 'DELETE' });
    expect([deleted.status, deleted.text, deleted.headers.get('content-type')]).toEqual([204, '', null]);
    for (const options of [{}, put({ quantity: 1 }), { method: 'DELETE' }]) {
      const answer = await staff('/products/1', options);
      expect(answer.status).toBe(404);
      expect(answer.json).toMatchObject({ error: 'Product not found.', code: 'not_found' });
    }
    expect((await staff('/products')).text).toBe('[]');
    const order = await staff(`/orders/${String(Reflect.get(Object(json), 'order_id'))}`);
    expect(order.json).toMatchObject({ products: [{ product_id: 'MUG', item_count: 1 }] });
  });

  it('is written by staff and services alone, whatever there is', async () => {
    const { customer } = await open();
    for (const [path, options] of [
      ['/products', { body: { name: 'Pot', price: 1 } }],
      ['/products/1', put({ price: 1 })],
      ['/products/99', { method: 'DELETE' }],
    ] as const)
      expect((await customer(path, options)).status).toBe(403);
  });
});
