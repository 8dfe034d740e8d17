import { newId } from '@orderloom/db';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aShop, call, procedures, startApp } from '../../testing.ts';

const app = await startApp();
const shop = await aShop(app, { stock: 1_000, price: 2_000 });
const staff = await procedures(app, shop.staff);
const { token } = shop.staff;
await app.db.pool.query(
  `insert into stores (tenant_id, id, ref, slug, name, commission_bp, active, version, created_at, updated_at)
   values ($1, $2, 2, 'other', 'Other', 0, true, 1, now(), now())`,
  [shop.tenant.tenantId, newId()],
);
await staff.products.create({ name: 'Cup', sku: 'CUP', price: 1_000, store: 'other', quantity: 1_000 });

const Payment = z.looseObject({ id: z.string() });

/** A payment of 30.00 for a mug of one store and a cup of another. */
async function aGroupPayment(payment_method: string) {
  const items = ['MUG', 'CUP'].map((product) => ({ product, quantity: 1 }));
  const { group } = await staff.orders.place({ items, customer: 1 });
  const [mug = '', cup = ''] = group?.orderIds ?? [];
  const body = { group: group?.id, payment_method };
  const made = await call(app, '/api/v1/payments/', { token, body });
  return { payment: Payment.parse(made.json).id, mug, cup };
}

describe('the list of payments', () => {
  it('has one row for a group, found by each of its orders, their stores and numbers', async () => {
    const { payment, mug, cup } = await aGroupPayment('bank_transfer');
    const found = async (query: string) => {
      const { json } = await call(app, `/api/v1/payments/?page_size=100&${query}`, { token });
      return z
        .object({ results: z.array(Payment) })
        .parse(json)
        .results.filter(({ id }) => id === payment);
    };
    const orders = await Promise.all([mug, cup].map((id) => staff.orders.get({ id })));
    const asked = [
      `order=${mug}`,
      `order=${cup}`,
      'store=main',
      'store=other',
      'status=pending',
      'payment_method=bank_transfer',
      'ordering=-amount',
      'ordering=status',
      `search=${orders[0]?.number}`,
      `search=${orders[1]?.number}`,
      'created_after=2020-01-01',
    ];
    for (const query of asked) expect([query, (await found(query)).length]).toEqual([query, 1]);
    for (const query of ['status=paid', 'payment_method=cash', 'created_before=2020-01-01', 'store=third'])
      expect([query, (await found(query)).length]).toEqual([query, 0]);
    const own = await call(app, `/api/v1/payments/?order=${cup}`, { token: shop.customer.token });
    expect(own.json).toMatchObject({ count: 1, results: [{ id: payment, amount: '30.00' }] });
  });

  it('turns its pages over groups as over others, each payment once', async () => {
    for (let made = 0; made < 3; made += 1) {
      await aGroupPayment('cash');
      const { id: order } = await staff.orders.place({ items: [{ product: 'CUP', quantity: 1 }] });
      await call(app, '/api/v1/payments/', { token, body: { order } });
    }
    const Page = z.object({ next: z.string().nullable(), count: z.int(), results: z.array(Payment) });
    const seen: string[] = [];
    let path: string | null = '/api/v1/payments/?cursor=&page_size=3';
    let count = 0;
    while (path !== null) {
      const page: z.output<typeof Page> = Page.parse((await call(app, path, { token })).json);
      seen.push(...page.results.map(({ id }) => id));
      ({ count } = page);
      path = page.next?.replace(app.url, '').replace(/^https?:\/\/[^/]+/, '') ?? null;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(count);
    expect(count).toBe(7);
  });
});
