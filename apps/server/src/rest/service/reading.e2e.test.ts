import { copyOrder } from '@orderloom/db/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aShop, type Answered, startApp } from '../../testing.ts';
import { aHand, fieldOf } from '../testing/occasions.ts';
import { ServiceOrder } from './objects.ts';

const app = await startApp();

async function open() {
  const shop = await aShop(app, { stock: 100_000 });
  const { tenantId } = shop.tenant;
  await app.db.pool.query(
    `insert into customers select tenant_id, gen_random_uuid(), 2, 'CUST2', name, email, credit_limit_minor,
       locale, version, created_at, updated_at from customers where tenant_id = $1`,
    [tenantId],
  );
  const staff = aHand(app, shop.staff.token);
  const orderFor = async (customer: number) =>
    fieldOf(
      await staff.ask(`/orders/${customer}`, { body: { items: [{ product_id: 1, quantity: 1 }] } }),
      'id',
    );
  return { tenantId, staff, customer: aHand(app, shop.customer.token), orderFor };
}

const Orders = z.array(ServiceOrder);
const idsIn = ({ json }: Answered) => Orders.parse(json).map(({ id }) => id);
const notFound = [404, 'Order not found. Ensure supplied order_id is correct.'];
const noOrders = [404, 'No orders found for the specified customer.'];
const sayOf = ({ status, json }: Answered) => [status, Reflect.get(Object(json), 'error')];

describe('one order (S1-14 … S1-18, S3-5 … S3-7)', () => {
  it('is found by its UUID and by its number, and bears the keys of all three documents', async () => {
    const { tenantId, staff, orderFor } = await open();
    const id = await orderFor(1);
    const { rows } = await app.db.pool.query<{ number: string }>('select number from orders where id = $1', [
      id,
    ]);
    const texts = [];
    for (const name of [id, id.toUpperCase(), rows[0]?.number])
      texts.push((await staff.ask(`/orders/${name}`)).text);
    expect(new Set(texts).size).toBe(1);
    expect(JSON.parse(texts[0] ?? '')).toEqual({
      order_id: id,
      order_status: 'pending',
      products: [{ product_id: 'MUG', item_count: 1 }],
      id,
      tenantId,
      status: 'Ordered',
      version: 1,
      totalCents: 2_500,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/),
      updatedAt: expect.any(String),
      customer_id: 1,
      items: [{ product_id: 1, quantity: 1 }],
    });
  });

  it.each(['0199aa00-0000-7000-8000-00000000dead', 'ORD-20260115-9999', 'nothing', 'a%2Fb', '-1', '1.0'])(
    'is not there as %s (wire test 14)',
    async (name) => {
      const { staff } = await open();
      expect(sayOf(await staff.ask(`/orders/${name}`))).toEqual(notFound);
    },
  );
});

describe('the orders of a customer (S3-2 … S3-4, wire test 32)', () => {
  it('are theirs, newest first, or told to be none', async () => {
    const { staff, orderFor } = await open();
    expect(sayOf(await staff.ask('/orders/1'))).toEqual(noOrders);
    const first = await orderFor(1);
    await orderFor(2);
    await staff.placed();
    const second = await orderFor(1);
    expect(idsIn(await staff.ask('/orders/1'))).toEqual([second, first]);
    expect(idsIn(await staff.ask('/orders/01'))).toEqual([second, first]);
    for (const digits of ['3', '0', '99999999999999999999'])
      expect(sayOf(await staff.ask(`/orders/${digits}`))).toEqual(noOrders);
  });
});

describe('the token of a customer', () => {
  it('reads and changes its own orders only', async () => {
    const { customer, orderFor } = await open();
    const [own, foreign] = [await orderFor(1), await orderFor(2)];
    expect(idsIn(await customer.ask('/orders'))).toEqual([own]);
    expect(fieldOf(await customer.ask('/orders?limit=10'), 'items')).not.toContain(foreign);
    expect(idsIn(await customer.ask('/orders/1'))).toEqual([own]);
    expect(sayOf(await customer.ask('/orders/2'))).toEqual(noOrders);
    const body = { products: [{ product_id: 1, item_count: 2 }] };
    for (const [method, sent] of [
      ['GET', undefined],
      ['PATCH', body],
      ['DELETE', undefined],
    ] as const) {
      const call = (id: string) => customer.ask(`/orders/${id}`, { method, body: sent });
      expect(sayOf(await call(foreign))).toEqual(notFound);
      expect((await call(own)).status).toBe(200);
    }
  });

  it('writes no status and no product, whosever the order is', async () => {
    const { customer, orderFor } = await open();
    for (const id of [await orderFor(1), await orderFor(2), '0199aa00-0000-7000-8000-00000000dead']) {
      const answers = [
        await customer.ask(`/orders/${id}`, { method: 'PUT', body: { status: 'Cancelled' } }),
        await customer.confirm(id, 1_000),
        await customer.ask(`/orders/${id}/close`, { method: 'POST' }),
      ];
      for (const answer of answers) expect(sayOf(answer)).toEqual([403, 'Insufficient permissions']);
    }
    for (const [method, path, body] of [
      ['POST', '/products', { name: 'Pot', price: 1 }],
      ['PUT', '/products/1', { quantity: 1 }],
      ['DELETE', '/products/1', undefined],
    ] as const)
      expect((await customer.ask(path, { method, body })).status).toBe(403);
  });

  it('may do no more than it was granted', async () => {
    const { tenantId, customer } = await open();
    await app.db.pool.query(
      `update api_tokens t set scopes = array['orders:read_own'] from principals p
       where t.tenant_id = $1 and p.tenant_id = $1 and p.id = t.principal_id and p.role = 'customer'`,
      [tenantId],
    );
    expect((await customer.ask('/orders')).status).toBe(200);
    const body = { products: [{ product_id: 1, item_count: 1 }] };
    const refused = await customer.ask('/orders', { body });
    expect(sayOf(refused)).toEqual([403, 'Insufficient permissions']);
    expect(refused.headers.get('www-authenticate')).toContain('scope="orders:create"');
  });
});

describe('all orders (S3-1)', () => {
  it.each([0, 1, 200, 1_200])('are one valid array, streamed, when there are %d', async (count) => {
    const { tenantId, staff } = await open();
    if (count > 0) {
      const orderId = await staff.placed();
      if (count > 1) await copyOrder(app.db, { tenantId, orderId, count: count - 1, perMoment: 7 });
    }
    const answer = await staff.ask('/orders');
    const orders = Orders.parse(answer.json);
    expect([answer.status, orders.length, new Set(orders.map(({ id }) => id)).size]).toEqual([
      200,
      count,
      count,
    ]);
    const times = orders.map(({ createdAt }) => createdAt);
    expect(times).toEqual(times.toSorted().reverse());
    const head = await staff.ask('/orders', { method: 'HEAD' });
    expect([head.status, head.text, head.headers.get('content-type')]).toEqual([
      200,
      '',
      'application/json; charset=utf-8',
    ]);
  });
});
