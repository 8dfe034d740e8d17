import { describe, expect, it } from 'vitest';
import { aShop, call, type CallOptions, startApp } from '../../testing.ts';

const app = await startApp({ config: { trustNetwork: true } });

async function open() {
  const shop = await aShop(app, { stock: 10, price: 2_500 });
  const by =
    (token: string) =>
    (path: string, options: CallOptions = {}) =>
      call(app, path, { token, ...options });
  return { tenant: shop.tenant, staff: by(shop.staff.token), customer: by(shop.customer.token) };
}
const put = (body: unknown, headers = {}): CallOptions => ({ method: 'PUT', body, headers });
const two = { body: { product_id: 1, quantity: 2 } };
const printed = '{"customer_id":1,"status":"Active","items":[{"product_id":1,"quantity":2}]}';

describe('a cart', () => {
  it('is filled, read and changed as it is printed', async () => {
    const { staff, tenant } = await open();
    const added = await staff('/carts/1', two);
    expect([added.status, added.text]).toEqual([201, printed]);
    expect((await staff(added.headers.get('location') ?? '')).text).toBe(printed);
    for (const name of ['CUST1', tenant.customerId]) {
      const read = await staff(`/carts/${name}`);
      expect([read.status, read.text]).toEqual([200, printed]);
      expect(read.headers.get('etag')).toBe(added.headers.get('etag'));
    }
    const more = await staff('/carts/1', { body: { product_id: 'MUG', quantity: 3 } });
    expect(more.json).toMatchObject({ items: [{ product_id: 1, quantity: 5 }] });
    const fewer = await staff('/carts/1/1', put({ quantity: 2 }));
    expect([fewer.status, fewer.text]).toEqual([200, printed]);
    const removed = await staff('/carts/1/MUG', { method: 'DELETE' });
    expect([removed.status, removed.text]).toEqual([204, '']);
    expect((await staff('/carts/1')).json).toEqual({ customer_id: 1, status: 'Active', items: [] });
  });

  it('becomes an order and is then Ordered (S3-24)', async () => {
    const { staff } = await open();
    await staff('/carts/1', two);
    const order = await staff('/orders/1', { body: {} });
    expect(order.status).toBe(201);
    expect(order.json).toMatchObject({ customer_id: 1, items: [{ product_id: 1, quantity: 2 }] });
    expect((await staff('/carts/1')).text).toBe(printed.replace('Active', 'Ordered'));
    const again = await staff('/orders/1', { body: {} });
    expect([again.status, again.json]).toMatchObject([400, { error: 'Cart is empty.' }]);
    expect((await staff('/carts/1', two)).text).toBe(printed);
  });

  it('becomes one order, however many ask for it at once', async () => {
    const { staff } = await open();
    await staff('/carts/1', two);
    const answers = await Promise.all(Array.from({ length: 8 }, () => staff('/orders/1', { body: {} })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(7);
    expect((await staff('/products/1')).json).toMatchObject({ quantity: 8 });
  });

  it('is marked as ordered by PUT, as often as one likes', async () => {
    const { staff } = await open();
    await staff('/carts/1', two);
    const close = () => staff('/carts/1', put({ status: 'Ordered' }));
    for (const ordered of [await close(), await close()])
      expect([ordered.status, ordered.text]).toEqual([200, printed.replace('Active', 'Ordered')]);
    expect((await staff('/carts/1', put({ status: 'Lost' }))).status).toBe(400);
    expect((await staff('/carts/1/1', { method: 'DELETE' })).status).toBe(404);
  });

  it('takes no more than can be sold', async () => {
    const { staff } = await open();
    await staff('/carts/1', two);
    const short = { error: 'Not enough product in stock' };
    for (const answer of [
      await staff('/carts/1', { body: { product_id: 1, quantity: 9 } }),
      await staff('/carts/1/1', put({ quantity: 11 })),
    ])
      expect([answer.status, answer.json]).toMatchObject([400, short]);
    for (const quantity of [0, -1, 1.5, '2', 1_000_001]) {
      expect((await staff('/carts/1', { body: { product_id: 1, quantity } })).status).toBe(400);
      expect((await staff('/carts/1/1', put({ quantity }))).status).toBe(400);
    }
    expect((await staff('/carts/1')).text).toBe(printed);
  });

  it('is changed only by the version that was read', async () => {
    const { staff } = await open();
    const etag = (await staff('/carts/1', two)).headers.get('etag') ?? '';
    const headers = { 'If-Match': etag };
    expect((await staff('/carts/1/1', put({ quantity: 3 }, headers))).status).toBe(200);
    expect((await staff('/carts/1/1', put({ quantity: 4 }, headers))).status).toBe(409);
    expect((await staff('/carts/1', put({ status: 'Ordered' }, headers))).status).toBe(409);
    expect((await staff('/carts/1/1', { method: 'DELETE', headers })).status).toBe(409);
  });

  it('counts a request with a key once', async () => {
    const { staff } = await open();
    const request = { ...two, headers: { 'Idempotency-Key': 'two-mugs' } };
    const answers = [await staff('/carts/1', request), await staff('/carts/1', request)];
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [201, printed],
      [201, printed],
    ]);
    expect(answers[1]?.headers.get('etag')).toBe(answers[0]?.headers.get('etag'));
    const other = { ...request, body: { product_id: 1, quantity: 3 } };
    expect((await staff('/carts/1', other)).status).toBe(409);
  });

  it('is 404 where there is none, for whom there is none and of what there is none', async () => {
    const { staff } = await open();
    const missing = async (path: string, options: CallOptions = {}) => {
      const { status, json } = await staff(path, options);
      return [status, Reflect.get(Object(json), 'error')];
    };
    expect(await missing('/carts/1')).toEqual([404, 'Cart not found.']);
    expect(await missing('/carts/1', put({ status: 'Ordered' }))).toEqual([404, 'Cart not found.']);
    expect(await missing('/carts/1/1', { method: 'DELETE' })).toEqual([
      404,
      'Product not found in the cart.',
    ]);
    expect(await missing('/carts/1/99', { method: 'DELETE' })).toEqual([404, 'Product not found.']);
    expect(await missing('/carts/1/99', put({ quantity: 1 }))).toEqual([404, 'Product not found.']);
    const nobody = [404, 'Customer not found.'];
    expect(await missing('/carts/99')).toEqual(nobody);
    expect(await missing('/carts/99', two)).toEqual(nobody);
    expect(await missing('/carts/99/1', put({ quantity: 1 }))).toEqual(nobody);
    expect(await missing('/carts/99', put({ status: 'Ordered' }))).toEqual(nobody);
    const unknown = await staff('/carts/1', { body: { product_id: 99, quantity: 1 } });
    expect([unknown.status, unknown.json]).toMatchObject([404, { error: 'Product not found.' }]);
  });

  it('of another customer looks like that of an unknown one', async () => {
    const { staff, customer, tenant } = await open();
    await app.db.pool.query(
      `insert into customers select tenant_id, gen_random_uuid(), 2, 'CUST2', name, email, credit_limit_minor,
         locale, version, created_at, updated_at from customers where tenant_id = $1`,
      [tenant.tenantId],
    );
    expect((await staff('/carts/2', two)).status).toBe(201);
    expect((await customer('/carts/1', two)).status).toBe(201);
    const headers = { 'X-Request-Id': 'the-same-request' };
    const [foreign, unknown] = [
      await customer('/carts/2', { headers }),
      await customer('/carts/99', { headers }),
    ];
    expect(foreign.status).toBe(404);
    expect(foreign.text).toBe(unknown.text);
    for (const [path, options] of [
      ['/carts/2', two],
      ['/carts/2', put({ status: 'Ordered' })],
      ['/carts/2/1', put({ quantity: 1 })],
      ['/carts/2/1', { method: 'DELETE' }],
    ] as const)
      expect((await customer(path, options)).status).toBe(404);
    expect((await staff('/carts/2')).json).toMatchObject({ items: [{ quantity: 2 }] });
  });

  it('answers in a trusted network without a token', async () => {
    const { tenant } = await open();
    const headers = { 'X-Tenant-Id': tenant.tenantId };
    const added = await call(app, '/carts/1', { ...two, headers });
    expect([added.status, added.text]).toEqual([201, printed]);
  });
});
