import { check } from '@orderloom/db';
import { expect, it } from 'vitest';
import { aShop, call, procedures, startApp } from '../../testing.ts';
import { fieldOf } from '../../rest/testing/occasions.ts';

const app = await startApp();
const shop = await aShop(app, { stock: 100, price: 1_000, balance: 5_000 });
const staff = await procedures(app, shop.staff);
const post = (path: string, body?: object) =>
  call(app, path, { token: shop.staff.token, method: 'POST', body });
const get = (path: string) => call(app, path, { token: shop.staff.token });

async function aPayment(): Promise<string> {
  const { id: order } = await staff.orders.place({ items: [{ product: 1, quantity: 1 }], customer: 1 });
  const made = await post('/api/v1/payments/', { order, payment_method: 'balance' });
  return `/api/v1/payments/${fieldOf(made, 'id')}/`;
}

it('commands on payments that come at once are answered as the payments are read afterwards', async () => {
  const all = await Promise.all(Array.from({ length: 12 }, aPayment));
  const steps = [
    { step: 'authorize', times: 5 },
    { step: 'capture', body: { amount: '4.00' }, times: 5 },
    { step: 'capture', times: 5 },
    { step: 'refund_payment', body: { amount: '1.50' }, times: 5 },
    { step: 'refund_payment', times: 5 },
  ];
  for (const { step, body, times } of steps) {
    const answers = await Promise.all(all.map((path) => post(`${path}${step}/`, body)));
    const done = all.flatMap((path, at) =>
      answers[at]?.status === 200 ? [{ path, answer: answers[at] }] : [],
    );
    // There is money for five of the twelve.
    expect([step, done.length]).toEqual([step, times]);
    for (const { path, answer } of done) expect(answer.json).toEqual((await get(path)).json);
  }
  expect(await check(app.db, shop.tenant.tenantId)).toEqual([]);
});
