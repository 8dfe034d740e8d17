import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '@orderloom/db';
import { aShop, call, procedures, startApp } from '../testing.ts';
import { families } from './mount.ts';
import { openApiOf } from './openapi.ts';
import { type Call, callsOf, Document } from './testing/fuzz.ts';
import { judgeOf, sent } from './testing/judge.ts';
import { aHand } from './testing/occasions.ts';

const { FUZZ_CALLS = '2000', FUZZ_SEED = String(Date.now() % 2 ** 31) } = process.env;
const app = await startApp();
const shop = await aShop(app, { stock: 1_000_000, balance: 1_000_000_000 });
const hand = aHand(app, shop.staff.token);
const document = Document.parse(JSON.parse(JSON.stringify(openApiOf(families))));

/** Things in every state, drawn from while others come and go. */
const many = <T>(count: number, make: () => Promise<T>) => Promise.all(Array.from({ length: count }, make));
const desk = await procedures(app, shop.admin);
const orders = [
  ...(await many(8, () => hand.placed())),
  ...(await many(4, () => hand.drafted())),
  ...(await Promise.all(
    ['Confirmed', 'Shipped', 'Delivered', 'Cancelled'].map((status) => hand.moved(status)),
  )),
];
const paid = await many(4, async () => {
  const order = await hand.placed();
  const { payments } = await desk.payments.create({ order, method: 'balance' });
  return payments[0]?.id;
});
const pots = await many(
  8,
  async () => (await desk.products.create({ name: 'Pot', price: 100, quantity: 9 })).ref,
);
const people = await many(4, async () => {
  const email = `${newId()}@example.com`;
  return (await desk.customers.create({ name: 'Jim', email })).ref;
});
const { storeId, productId, variantId, customerId } = shop.tenant;
const [products, customers] = [
  [1, 'MUG', productId, ...pots],
  [1, customerId, 'CUST1', ...people],
];
const things: Record<string, readonly unknown[]> = {
  'orders.id': [...orders, ...orders, 1],
  'products.id': products,
  'customers.id': customers,
  'payments.id': paid,
  'stores.id': [storeId, 'main', 1],
  product: products,
  product_id: products,
  variant: [null, null, null, 'MUG', variantId],
  customer: customers,
  customer_id: customers,
  order: orders,
  store: [null, 1, storeId, 'main'],
  quantity: [1, 2, 3],
  item_count: [0, 1, 2],
  shipping_method: ['standard'],
  shipping_address: [null],
  billing_address: [null],
  unit_price: [null, null, '25.00'],
  status: ['Confirmed', 'Shipped', 'delivered', 'Ordered'],
};
const known = (field: string) => things[field] ?? things[field.split('.').at(-1) ?? ''] ?? [];
const columns = [
  ...new Set(
    [...app.db.orm.getMetadata().getAll().values()].flatMap(({ properties }) =>
      Object.values(properties).flatMap(({ name, fieldNames }) => [name, ...fieldNames]),
    ),
  ),
];
const calls = callsOf(document, known, columns);
const tokens = [shop.staff.token, shop.admin.token, shop.customer.token, undefined];

type Fault = { readonly call: Call; readonly answer: string };

/** Sends all calls, six at a time; the first call of each kind of fault, and how many went well. */
async function tried(drawn: readonly Call[]) {
  const judge = judgeOf(document);
  const faults = new Map<string, Fault>();
  let wentWell = 0;
  const waiting = drawn.values();
  const work = async () => {
    for (const one of waiting) {
      const got = await sent(app, one, tokens[one.as]).catch((thrown: unknown) => String(thrown));
      const wrong = typeof got === 'string' ? [got] : judge(one, got);
      if (typeof got !== 'string' && got.status < 300) wentWell += 1;
      const answer = typeof got === 'string' ? got : `${got.status} ${got.text.slice(0, 1_000)}`;
      for (const fault of wrong) {
        const key = `${one.operation}: ${fault}`;
        if (!faults.has(key)) faults.set(key, { call: one, answer });
      }
    }
  };
  await Promise.all(Array.from({ length: 6 }, work));
  return { faults: [...faults], wentWell };
}

describe('whatever is sent', () => {
  it(`is answered as documented (FUZZ_SEED=${FUZZ_SEED} FUZZ_CALLS=${FUZZ_CALLS})`, async () => {
    const drawn = fc.sample(calls, { seed: Number(FUZZ_SEED), numRuns: Number(FUZZ_CALLS) });
    const { faults, wentWell } = await tried(drawn);
    expect(faults).toEqual([]);
    // Enough of it was good to get past the door.
    expect(wentWell / drawn.length).toBeGreaterThan(0.08);
    expect((await call(app, '/readyz')).status).toBe(200);
  }, 900_000);
});
