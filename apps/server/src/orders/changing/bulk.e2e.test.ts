import { check } from '@orderloom/db';
import { describe, expect, it } from 'vitest';
import { aShop, call, type CallOptions, procedures, startApp } from '../../testing.ts';

const app = await startApp();

async function shop(stock = 1_000) {
  const { tenant, ...users } = await aShop(app, { stock, price: 100, balance: 0 });
  const staff = await procedures(app, users.staff);
  const place = () => staff.orders.place({ items: [{ product: 'MUG', quantity: 1 }] });
  const bulk = (order_ids: unknown, status: string, more: CallOptions = {}) =>
    call(app, '/api/v1/orders/bulk_update_status/', {
      token: users.staff.token,
      body: { order_ids, status },
      ...more,
    });
  return { tenant, users, staff, place, bulk };
}

describe('many orders at once', () => {
  it('go one step each, by whatever they are called, and tell why others do not', async () => {
    const { tenant, staff, place, bulk } = await shop();
    const [one, two, sent] = [await place(), await place(), await place()];
    await staff.orders.move({ id: sent.id, status: 'SHIPPED' });
    const names = [one.id, two.number, two.id, sent.number, 7, 'no\u0000such', 'nothing'];
    const answer = await bulk(names, 'Confirmed');
    const missing = { error: 'Order not found', code: 'order_not_found' };
    expect([answer.status, answer.json]).toEqual([
      200,
      {
        updated: 2,
        order_ids: [one.id, two.id].sort(),
        failed: [
          {
            id: sent.number,
            error: 'Order cannot be confirmed in its current status',
            code: 'invalid_transition',
          },
          ...['7', 'no\u0000such', 'nothing'].map((id) => ({ id, ...missing })),
        ],
      },
    ]);
    const again = await bulk([one.id], 'confirmed');
    expect(again.json).toMatchObject({ updated: 0, failed: [{ id: one.id, code: 'invalid_transition' }] });
    expect(await staff.orders.get({ id: one.id })).toMatchObject({ version: 2, status: 'CONFIRMED' });
    expect(await check(app.db, tenant.tenantId)).toEqual([]);
  });

  it('are moved by staff, up to 10,000, and each only with the right to its step', async () => {
    const { users, place, bulk } = await shop();
    const { id } = await place();
    expect((await bulk([id], 'confirmed', { token: users.customer.token })).status).toBe(403);
    expect((await bulk([], 'confirmed')).status).toBe(400);
    expect((await bulk([id], 'nowhere')).status).toBe(400);
    expect((await bulk(Array.from({ length: 10_001 }, String), 'confirmed')).status).toBe(400);
    const all = await bulk(Array.from({ length: 10_000 }, String), 'confirmed');
    expect(all.json).toMatchObject({ updated: 0 });
  });

  it('are moved once by one key, and answered the same', async () => {
    const { tenant, staff, place, bulk } = await shop();
    const orders = await Promise.all(Array.from({ length: 250 }, place));
    const ids = orders.map(({ id }) => id);
    const headers = { 'Idempotency-Key': 'all' };
    const first = await bulk(ids, 'confirmed', { headers });
    expect(first.json).toMatchObject({ updated: 250, failed: [] });
    expect((await bulk(ids, 'confirmed', { headers })).text).toBe(first.text);
    expect((await staff.orders.page({ filters: { status: ['confirmed'] } })).count).toBe(250);
    const both = await Promise.all([bulk(ids, 'shipped'), bulk(ids.toReversed(), 'cancelled')]);
    const moved = both.map(({ json }) => Number(Reflect.get(Object(json), 'updated')));
    expect(moved[0]).toBeGreaterThanOrEqual(0);
    expect((await staff.orders.page({ filters: { status: ['shipped', 'cancelled'] } })).count).toBe(250);
    expect(await check(app.db, tenant.tenantId)).toEqual([]);
  });

  it('go once, however many bulks want them, and each bulk tells which it moved', async () => {
    const { tenant, place, bulk } = await shop();
    const ids = (await Promise.all(Array.from({ length: 300 }, place))).map(({ id }) => id);
    const shares = [0, 70, 140, 210].map((at) => [...ids.slice(at), ...ids.slice(0, at)]);
    const answers = await Promise.all(shares.map((share) => bulk(share, 'confirmed')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const moved = answers.flatMap(({ json }): string[] => Reflect.get(Object(json), 'order_ids'));
    expect(moved.toSorted()).toEqual(ids.toSorted());
    expect(await check(app.db, tenant.tenantId)).toEqual([]);
  });
});
