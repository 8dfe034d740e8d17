import { check, newId } from '@orderloom/db';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aShop, call, procedures, refusalFrom, startApp } from '../../testing.ts';

const app = await startApp();

/** A shop whose second store sells cups for 10.00 beside the mugs for 25.00 of the first. */
async function twoStores(stock = 10) {
  const { tenant, ...users } = await aShop(app, { stock, price: 2_500, balance: 1_000_000 });
  await app.db.pool.query(
    `insert into stores (tenant_id, id, ref, slug, name, commission_bp, active, version, created_at,
       updated_at)
     values ($1, $2, 2, 'other', 'Other', 0, true, 1, now(), now())`,
    [tenant.tenantId, newId()],
  );
  const staff = await procedures(app, users.staff);
  await staff.products.create({ name: 'Cup', sku: 'CUP', price: 1_000, store: 'other', quantity: stock });
  return { staff, tenant, users };
}

const both = { items: ['MUG', 'CUP', 'MUG'].map((product) => ({ product, quantity: 1 })) };
const Group = z.object({ id: z.string(), order_ids: z.array(z.string()), total_amount: z.string() });
const Answer = z.object({
  id: z.string(),
  order_number: z.string(),
  store: z.string(),
  total_amount: z.string(),
  shipping: z.string(),
  group: Group.nullable(),
});

describe('an order for two stores', () => {
  it('becomes one of each, numbered, and both tell of their group wherever they are read', async () => {
    const { users, tenant } = await twoStores();
    const { token } = users.staff;
    const body = { ...both, customer_id: 'CUST1', shipping_method: 'standard' };
    const answer = await call(app, '/api/v1/orders/', { token, body });
    expect(answer.status).toBe(201);
    const first = Answer.parse(answer.json);
    expect(first).toMatchObject({ store: tenant.storeId, shipping: '4.17', total_amount: '54.17' });
    const group = Group.parse(first.group);
    expect(group).toMatchObject({ total_amount: '65.00', order_ids: [first.id, expect.any(String)] });
    const second = Answer.parse((await call(app, `/api/v1/orders/${group.order_ids[1]}/`, { token })).json);
    expect(second).toMatchObject({ group, shipping: '0.83', total_amount: '10.83' });
    expect(second.order_number.slice(-4)).toBe('0002');
    const { json } = await call(app, '/api/v1/orders/', { token });
    const { results } = z.object({ results: z.array(Answer) }).parse(json);
    expect(results.map((one) => one.group)).toEqual([group, group]);
    expect(await check(app.db, tenant.tenantId)).toEqual([]);
  });

  it('is placed whole or not at all', async () => {
    const { staff, tenant } = await twoStores(2);
    const items = [
      { product: 'MUG', quantity: 1 },
      { product: 'CUP', quantity: 3 },
    ];
    expect(await refusalFrom(staff.orders.place({ items }))).toMatchObject({
      code: 'INSUFFICIENT_STOCK',
      shortages: [{ line: 1, requested: 3, available: 2 }],
    });
    expect((await staff.orders.page({})).count).toBe(0);
    expect(await check(app.db, tenant.tenantId)).toEqual([]);
  });

  it('is answered the same to the same key, and placed once', async () => {
    const { users, staff } = await twoStores();
    const send = () =>
      call(app, '/api/v1/orders/', {
        token: users.staff.token,
        body: both,
        headers: { 'Idempotency-Key': 'group-1' },
      });
    const [once, again] = await Promise.all([send(), send()]);
    expect(again.text).toBe(once.text);
    expect((await staff.orders.page({})).count).toBe(2);
  });

  it('follows what becomes of its orders: the total is theirs', async () => {
    const { staff, tenant } = await twoStores();
    const first = await staff.orders.place({ ...both, customer: 1 });
    expect(first.group).toMatchObject({ total: 6_000 });
    const other = first.group?.orderIds[1] ?? '';
    const edited = await staff.orders.edit({ id: other, items: [{ product: 'CUP', quantity: 4 }] });
    expect(edited.group).toEqual({ ...first.group, total: 9_000 });
    expect((await staff.orders.get({ id: first.id })).group?.total).toBe(9_000);
    expect(await check(app.db, tenant.tenantId)).toEqual([]);
  });

  it('stays one order where it names its store, is of one, or comes by another family', async () => {
    const { staff, users } = await twoStores();
    expect(await refusalFrom(staff.orders.place({ ...both, store: 'main' }))).toMatchObject({
      code: 'STORE_MISMATCH',
      line: 1,
    });
    const alone = await staff.orders.place({ items: [{ product: 'CUP', quantity: 2 }] });
    expect(alone).toMatchObject({ group: null, groupId: null });
    const products = [1, 2].map((product_id) => ({ product_id, item_count: 1 }));
    const { status } = await call(app, '/orders', { token: users.staff.token, body: { products } });
    expect(status).toBe(200);
    expect((await staff.orders.page({})).items.map(({ group }) => group)).toEqual([null, null]);
  });

  it('takes as much as single orders of the same lines would, however many come at once', async () => {
    const { staff, tenant } = await twoStores(5);
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => refusalFrom(staff.orders.place(both))),
    );
    expect(answers.filter((answer) => answer === 'went well')).toHaveLength(2);
    expect((await staff.orders.page({})).count).toBe(4);
    expect(await check(app.db, tenant.tenantId)).toEqual([]);
  });
});
