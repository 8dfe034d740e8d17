import { check } from '@orderloom/db';
import { raceUntil } from '@orderloom/db/testing';
import { describe, expect, it } from 'vitest';
import { aShop, call, startApp, type TestApp } from '../testing.ts';
import { insist } from '../testing/insist.ts';

const guarded = await startApp();
const bare = await startApp({ defenceOff: ['stock'], checked: false, config: { defenceOff: ['stock'] } });
// The net beneath the statements as well: only so can a test see what they are for.
await bare.db.pool.query(`alter table stock_levels
  drop constraint stock_levels_not_negative, drop constraint stock_levels_no_oversell`);

/** 200 customers' calls at once for a product of which there are 10, with money for all of them. */
async function rush(app: TestApp) {
  const { tenant, customer, staff } = await aShop(app, { stock: 10, price: 2_500, balance: 1_000_000 });
  const body = { customer_id: 1, product_id: 1, quantity: 1 };
  const answers = await Promise.all(
    Array.from({ length: 200 }, () => insist(() => call(app, '/order/', { token: customer.token, body }))),
  );
  const read = async (path: string) => (await call(app, path, { token: staff.token })).json;
  return {
    sold: answers.filter(({ status }) => status === 200).length,
    refusals: new Set(answers.filter(({ status }) => status !== 200).map(({ text }) => text)),
    customers: await read('/order/customers'),
    products: await read('/order/products'),
    differences: await check(app.db, tenant.tenantId),
  };
}

describe('200 parallel orders for 10 pieces', () => {
  it('sell exactly 10, charge exactly 10, and leave nothing that disagrees', async () => {
    const { sold, refusals, customers, products, differences } = await rush(guarded);
    expect(sold).toBe(10);
    expect([...refusals]).toEqual(['{"status":"Stock unavailable."}']);
    expect(customers).toMatchObject({ customers: [{ balance: 10_000 - 250 }] });
    expect(products).toMatchObject({ products: [{ stock: 0 }] });
    expect(differences).toEqual([]);
  });

  it('sell more than there is when the defence of the stock is taken away', async () => {
    const run = await raceUntil(
      ({ sold }) => sold > 10,
      () => rush(bare),
    );
    expect(run.sold).toBeGreaterThan(10);
    expect(run.differences.map(({ invariant }) => invariant)).toContain('I-2');
  });
});
