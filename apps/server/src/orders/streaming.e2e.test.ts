import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { copyOrder } from '@orderloom/db/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aShop, call, startApp } from '../testing.ts';

const app = await startApp();
const { staff, tenant } = await aShop(app, { stock: 100_000 });
const { token } = staff;
const Order = z.looseObject({ id: z.string() });

async function made(path: string, body: unknown, headers = {}): Promise<string> {
  return Order.parse((await call(app, path, { token, body, headers })).json).id;
}

const { status } = await call(app, '/products', { token, body: { name: 'Cup', price: 200, quantity: 100 } });
if (status !== 201) throw new Error('the second product is there');
const items = [1, 2].map((product_id) => ({ product_id, quantity: 2 }));
const first = await made('/orders/1', { items: [{ product_id: 1, quantity: 1 }] });
await copyOrder(app.db, { tenantId: tenant.tenantId, orderId: first, count: 2_000, perMoment: 300 });
const edited = await made('/orders/1', { items });
const body = { products: [{ product_id: '2', item_count: 0 }] };
await call(app, `/orders/${edited}`, { method: 'PATCH', token, body });
const draft = await made('/orders', {}, { 'Idempotency-Key': 'a-draft' });

/** What the log says of requests that went wrong. */
const failures = () => app.logged().filter(({ level }) => Number(level) >= 50 || level === 'error');

describe('all orders as a stream', () => {
  it('are all there are, newest first, each as it is when it is asked for alone', async () => {
    const { json } = await call(app, '/orders', { token });
    const all = z.array(Order).parse(json);
    expect(new Set(all.map(({ id }) => id)).size).toBe(2_003);
    expect(all).toHaveLength(2_003);
    const order = all.map(({ createdAt }) => String(createdAt));
    expect(order).toEqual(order.toSorted().toReversed());
    const some = [draft, edited, first, ...[700, 1_400, 2_002].map((at) => all[at]?.id ?? '')];
    for (const id of some)
      expect(all.find((one) => one.id === id)).toEqual((await call(app, `/orders/${id}`, { token })).json);
  });

  it('end without a word when nobody reads any more', async () => {
    const headers = { authorization: `Bearer ${token}` };
    await new Promise<void>((resolve) => {
      const asking = get(`${app.url}/orders`, { headers }, (answer) => {
        answer.once('data', () => asking.destroy());
        answer.on('error', () => {});
        answer.on('close', () => resolve());
      });
    });
    await sleep(200);
    expect(failures()).toEqual([]);
    expect((await call(app, '/orders?limit=1', { token })).status).toBe(200);
  });
});
