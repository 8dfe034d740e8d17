import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aShop, aUser, call, startApp, type TestUser } from '../testing.ts';

const app = await startApp({ relay: true, config: { poolMax: 10 } });

const Counts = z.record(z.string(), z.int());
const Recent = z.array(z.looseObject({ id: z.string(), status: z.string() }));
const OrderStats = z.strictObject({
  total_orders: z.int(),
  pending_orders: z.int(),
  processing_orders: z.int(),
  shipped_orders: z.int(),
  delivered_orders: z.int(),
  cancelled_orders: z.int(),
  refunded_orders: z.int(),
  total_revenue: z.string(),
  average_order_value: z.string(),
  orders_by_status: Counts,
  orders_by_month: Counts,
  customer_satisfaction: z.string().nullable(),
  recent_orders: Recent,
});
const PaymentStats = z.strictObject({
  total_payments: z.int(),
  pending_payments: z.int(),
  paid_payments: z.int(),
  refunded_payments: z.int(),
  failed_payments: z.int(),
  total_amount: z.string(),
  refunded_amount: z.string(),
  success_rate: z.string(),
  payments_by_method: Counts,
  payments_by_month: Counts,
  recent_payments: Recent,
});
const orderStats = async ({ token }: TestUser, query = '') =>
  OrderStats.parse((await call(app, `/api/v1/orders/order_stats/${query}`, { token })).json);
const paymentStats = async ({ token }: TestUser, query = '') =>
  PaymentStats.parse((await call(app, `/api/v1/payments/payment_stats/${query}`, { token })).json);

const added = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
const cents = (text: string) => Number(text.replace('.', ''));

const Placed = z.object({ id: z.string(), total_amount: z.string() });
const place = async ({ token }: TestUser, body: object = {}) => {
  const items = [{ product: 1, quantity: 1 }];
  const placed = await call(app, '/api/v1/orders/', { token, body: { items, ...body } });
  return Placed.parse(placed.json).id;
};
const step = ({ token }: TestUser, id: string, what: string) =>
  call(app, `/api/v1/orders/${id}/${what}_order/`, { token, method: 'PATCH' });
async function pay({ token }: TestUser, order: string): Promise<void> {
  const body = { order, payment_method: 'cash' };
  const { id } = z
    .object({ id: z.string() })
    .parse((await call(app, '/api/v1/payments/', { token, body })).json);
  expect((await call(app, `/api/v1/payments/${id}/process_payment/`, { token, method: 'POST' })).status).toBe(
    200,
  );
}

/** Orders that end in many states, some of them paid for, one deleted, one only a draft. */
async function aLife({ admin, staff, customer }: Awaited<ReturnType<typeof aShop>>) {
  const steps = [
    [],
    ['confirm'],
    ['confirm', 'ship'],
    ['confirm', 'ship', 'deliver'],
    ['confirm', 'cancel'],
    ['confirm', 'ship', 'deliver', 'refund'],
    ['confirm', 'ship', 'deliver'],
  ];
  const ids: string[] = [];
  for (const [at, walk] of steps.entries()) {
    const id = await place(at % 2 === 0 ? customer : staff);
    if (at !== 1) await pay(staff, id);
    for (const what of walk) expect((await step(staff, id, what)).status).toBe(200);
    ids.push(id);
  }
  const gone = await place(staff);
  expect((await call(app, `/api/v1/orders/${gone}/`, { token: admin.token, method: 'DELETE' })).status).toBe(
    200,
  );
  const headers = { 'Idempotency-Key': 'statistics-draft' };
  expect((await call(app, '/orders', { token: staff.token, body: {}, headers })).status).toBe(200);
  return ids;
}

const shop = await aShop(app, { stock: 1_000, price: 2_500 });
const ids = await aLife(shop);

describe('order_stats', () => {
  it('add up, whatever became of the orders (S2-81 … S2-86, I-24)', async () => {
    const stats = await orderStats(shop.staff);
    expect(stats.total_orders).toBe(7);
    const counters = [stats.pending_orders, stats.processing_orders, stats.shipped_orders];
    const ends = [stats.delivered_orders, stats.cancelled_orders, stats.refunded_orders];
    expect([...counters, ...ends]).toEqual([1, 1, 1, 2, 1, 1]);
    for (const map of [stats.orders_by_status, stats.orders_by_month])
      expect(added(Object.values(map))).toBe(stats.total_orders);
    expect(Object.keys(stats.orders_by_status)).toEqual([
      'pending',
      'confirmed',
      'shipped',
      'delivered',
      'cancelled',
      'refunded',
    ]);
    expect(stats.total_revenue).toBe('100.00');
    expect(cents(stats.average_order_value)).toBe(
      Math.round(cents(stats.total_revenue) / stats.total_orders),
    );
    expect(stats.customer_satisfaction).toBe(null);
  });

  it('show the newest orders whole, as the list does', async () => {
    const { json } = await call(app, '/api/v1/orders/?page_size=10', { token: shop.staff.token });
    const { results } = z.object({ results: z.array(z.unknown()) }).parse(json);
    expect((await orderStats(shop.staff)).recent_orders).toEqual(results);
    expect(results).toHaveLength(7);
  });

  it('of a customer are those of their own orders', async () => {
    const own = await orderStats(shop.customer);
    expect(own.total_orders).toBe(4);
    const { json } = await call(app, '/api/v1/orders/', { token: shop.customer.token });
    const { results } = z.object({ results: Recent }).parse(json);
    expect(own.recent_orders).toEqual(results);
    const stranger = await aShop(app);
    for (const nobody of [stranger.staff, stranger.customer])
      expect(await orderStats(nobody)).toMatchObject({ total_orders: 0, total_revenue: '0.00' });
  });

  it('of a store are those of its orders, however it is named', async () => {
    const stored = await aShop(app, { stock: 10 });
    await place(stored.staff, { store: 1 });
    for (const store of ['1', 'main', stored.tenant.storeId])
      expect((await orderStats(stored.staff, `?store=${store}`)).total_orders).toBe(1);
    for (const store of ['99', 'nowhere', shop.tenant.storeId])
      expect(await orderStats(stored.staff, `?store=${store}`)).toMatchObject({
        total_orders: 0,
        orders_by_month: {},
        recent_orders: [],
      });
    const unknown = await call(app, '/api/v1/orders/order_stats/?shop=1', { token: stored.staff.token });
    expect(unknown.status).toBe(400);
  });
});

describe('payment_stats', () => {
  it('add up, by status, method and month', async () => {
    const stats = await paymentStats(shop.staff);
    expect(stats).toMatchObject({
      total_payments: 6,
      paid_payments: 4,
      refunded_payments: 2,
      total_amount: '150.00',
      refunded_amount: '50.00',
      success_rate: '1.0000',
      payments_by_method: { cash: 6 },
    });
    expect(added(Object.values(stats.payments_by_month))).toBe(6);
    const { json } = await call(app, '/api/v1/payments/?page_size=10', { token: shop.staff.token });
    expect(stats.recent_payments).toEqual(z.object({ results: Recent }).parse(json).results);
  });

  it('of a customer are those of their own orders', async () => {
    expect((await paymentStats(shop.customer)).total_payments).toBe(4);
  });
});

describe('what was kept', () => {
  it('is told again, and never beyond a write', async () => {
    const own = await aShop(app, { stock: 100 });
    for (let orders = 1; orders <= 5; orders += 1) {
      const id = await place(own.customer);
      for (const who of [own.customer, own.staff, own.admin]) {
        expect(await orderStats(who)).toMatchObject({ total_orders: orders, pending_orders: 1 });
        expect(await orderStats(who)).toMatchObject({ total_orders: orders, pending_orders: 1 });
      }
      await pay(own.staff, id);
      expect(await paymentStats(own.customer)).toMatchObject({ paid_payments: orders });
      await step(own.staff, id, 'confirm');
    }
    await aUser(app, own.tenant, 'staff');
    const token = own.admin.token;
    const newest = (await orderStats(own.staff)).recent_orders[0]?.id;
    await call(app, `/api/v1/orders/${newest}/`, { token, method: 'DELETE' });
    expect(await orderStats(own.staff)).toMatchObject({ total_orders: 4 });
    expect(await paymentStats(own.staff)).toMatchObject({ total_payments: 4 });
  });
});

describe('beside the requests', () => {
  it('what has changed is added up, and nothing is counted twice', async () => {
    const left = async () => (await app.db.pool.query('select 1 from tally_changes')).rowCount;
    await expect.poll(left, { timeout: 30_000, interval: 250 }).toBe(0);
    expect((await orderStats(shop.staff)).total_orders).toBe(ids.length);
  });

  it('the metrics tell how the shops are doing (S2-103 … S2-107)', async () => {
    const seen = async () => (await call(app, '/metrics')).text;
    const expected = [
      /^order_value_sum\{currency="USD"\} [1-9]/m,
      /^order_value_count\{currency="USD"\} [1-9]/m,
      /^order_status_seconds_count\{from="pending",to="confirmed"\} [1-9]/m,
      /^order_status_seconds_count\{from="confirmed",to="shipped"\} [1-9]/m,
      /^order_processing_seconds_count [1-9]/m,
      /^payment_outcomes_total\{outcome="captured"\} [1-9]/m,
      /^order_score_count 0$/m,
    ];
    for (const line of expected) await expect.poll(seen, { timeout: 30_000, interval: 250 }).toMatch(line);
  });
});
