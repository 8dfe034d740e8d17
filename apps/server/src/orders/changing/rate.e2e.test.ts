import { check } from '@orderloom/db';
import { describe, expect, it } from 'vitest';
import { aShop, aUser, call, type CallOptions, procedures, startApp } from '../../testing.ts';

const app = await startApp();

/** A shop of its own, with an order of its customer that has gone so far. */
async function aStory(to: 'CONFIRMED' | 'SHIPPED' | 'DELIVERED' = 'DELIVERED') {
  const shop = await aShop(app, { stock: 100, balance: 1_000_000 });
  const clerk = await procedures(app, shop.staff);
  const placed = async () => {
    const { id } = await clerk.orders.place({ customer: 1, items: [{ product: 'MUG', quantity: 1 }] });
    await clerk.orders.move({ id, status: to });
    return id;
  };
  const id = await placed();
  const rate = (body: unknown, token = shop.customer.token, more: CallOptions = {}) =>
    call(app, `/api/v1/orders/${id}/feedback/`, { token, body, ...more });
  const { tenantId } = shop.tenant;
  /** What the statistics say that customers think; a customer is told of its own orders. */
  const scores = async ({ token } = shop.staff) =>
    JSON.parse((await call(app, '/api/v1/orders/order_stats/', { token })).text).customer_satisfaction;
  const sound = async () => expect(await check(app.db, tenantId)).toEqual([]);
  return { ...shop, clerk, placed, id, rate, scores, sound };
}

describe('what a customer thought of an order (S2-107)', () => {
  it('is kept with its moment, and told in the history of the order', async () => {
    const { id, rate, clerk, scores, sound } = await aStory();
    const { version } = await clerk.orders.get({ id });
    const said = await rate({ score: 4, comment: 'Quick' });
    expect([said.status, said.json]).toEqual([
      201,
      { order: id, score: 4, comment: 'Quick', created_at: expect.stringMatching(/\.\d{3}Z$/) },
    ]);
    expect(said.headers.get('etag')).toBe(`"${version + 1}"`);
    const [event] = await clerk.orders.timeline({ id });
    expect(event).toMatchObject({ type: 'order.rated', actor: 'customer', version: version + 1 });
    expect(event?.data).toMatchObject({ score: 4, comment: 'Quick' });
    expect(await scores()).toBe('4.00');
    await sound();
  });

  it('is changed by saying something else, with or without words', async () => {
    const { id, rate, clerk, scores, sound } = await aStory();
    await rate({ score: 5 });
    const { version } = await clerk.orders.get({ id });
    const again = await rate({ score: 5, comment: null });
    expect([again.status, again.headers.get('etag')]).toEqual([201, `"${version}"`]);
    expect((await rate({ score: 1, comment: 'It broke' })).json).toMatchObject({ score: 1 });
    expect(await scores()).toBe('1.00');
    const told = (await clerk.orders.timeline({ id })).filter(({ type }) => type === 'order.rated');
    expect(told.map(({ data }) => data['score'])).toEqual([1, 5]);
    await sound();
  });

  it('is said once with a key, and only of the version that is meant', async () => {
    const { id, rate, customer, clerk } = await aStory();
    const { version } = await clerk.orders.get({ id });
    const stale = { headers: { 'If-Match': `"${version - 1}"` } };
    expect((await rate({ score: 3 }, customer.token, stale)).status).toBe(412);
    const keyed = { headers: { 'If-Match': `"${version}"`, 'Idempotency-Key': 'rated' } };
    const first = await rate({ score: 3 }, customer.token, keyed);
    const second = await rate({ score: 3 }, customer.token, keyed);
    expect([second.status, second.text]).toEqual([201, first.text]);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect((await clerk.orders.get({ id })).version).toBe(version + 1);
  });

  it.each(['CONFIRMED', 'SHIPPED'] as const)('is not asked before delivery (%s)', async (to) => {
    const { rate, scores } = await aStory(to);
    const { status, json } = await rate({ score: 5 });
    expect([status, json]).toMatchObject([
      400,
      { code: 'order_not_delivered', error: 'The order is not delivered yet' },
    ]);
    expect(await scores()).toBeNull();
  });

  it('is not for anybody else to say', async () => {
    const { tenant, rate, staff, admin, clerk, scores } = await aStory();
    for (const { token } of [staff, admin]) {
      const { status, json } = await rate({ score: 5 }, token);
      expect([status, json]).toMatchObject([403, { code: 'not_its_customer' }]);
    }
    const joe = await clerk.customers.create({ name: 'Joe', email: 'joe@example.com' });
    const stranger = await aUser(app, { ...tenant, customerId: joe.id }, 'customer');
    const { status, json } = await rate({ score: 5 }, stranger.token);
    expect([status, json]).toMatchObject([404, { error: 'Order not found' }]);
    expect(await scores()).toBeNull();
  });

  it.each([{ score: 0 }, { score: 6 }, { score: 4.5 }, { score: '5' }, {}, { score: 5, comment: '' }])(
    'is a score from 1 to 5: %j',
    async (body) => {
      const { rate } = await aStory();
      const { status, json } = await rate(body);
      expect([status, json]).toMatchObject([400, { error: 'Validation failed' }]);
    },
  );

  it('is averaged over the orders of a customer and of all, without those that are hidden', async () => {
    const { id, clerk, customer, placed, rate, admin, scores, sound } = await aStory();
    await rate({ score: 2 });
    const other = await placed();
    const more = { token: customer.token, body: { score: 5 } };
    await call(app, `/api/v1/orders/${other}/feedback/`, more);
    expect([await scores(), await scores(customer)]).toEqual(['3.50', '3.50']);
    await (await procedures(app, admin)).orders.remove({ id });
    expect(await scores()).toBe('5.00');
    // What becomes of the order afterwards does not take its score away.
    await clerk.orders.change({ id: other, command: { type: 'refundOrder' } });
    expect(await scores()).toBe('5.00');
    await sound();
  });
});
