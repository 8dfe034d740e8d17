import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { aShop, call, startApp } from '../testing.ts';

const app = await startApp({ relay: true });

describe('one call that orders and pays (wire test 1, S0-8 … S0-11)', () => {
  it('takes the stock and the money, and mails once, however often it is sent', async () => {
    const { tenant, staff, customer } = await aShop(app, { stock: 10, price: 2_500, balance: 10_000 });
    const order = () =>
      call(app, '/order/', {
        token: customer.token,
        headers: { 'Idempotency-Key': 'one' },
        body: { customer_id: 1, product_id: 1, quantity: 2 },
      });
    for (const answer of [await order(), await order()])
      expect([answer.status, answer.text]).toEqual([200, '{"status":"Order Completed Successfully."}']);
    const customers = await call(app, '/order/customers', { token: staff.token });
    expect(customers.text).toContain('"balance":50}');
    const products = await call(app, '/order/products', { token: staff.token });
    expect(products.text).toContain('"price":25.00,"stock":8}');

    const mailed = async () => {
      const { rows } = await app.db.pool.query<{ recipient: string; kind: string }>(
        'select recipient, kind from mails where tenant_id = $1',
        [tenant.tenantId],
      );
      return rows;
    };
    await vi.waitFor(async () => expect(await mailed()).toHaveLength(1), { timeout: 20_000, interval: 50 });
    await sleep(300);
    expect(await mailed()).toEqual([{ recipient: 'jane@example.com', kind: 'order_confirmation' }]);
  });
});
