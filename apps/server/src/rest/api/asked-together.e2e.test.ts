import { expect, it } from 'vitest';
import { z } from 'zod';
import { aShop, call, startApp } from '../../testing.ts';
import { fieldOf } from '../testing/occasions.ts';

const app = await startApp();
const { staff } = await aShop(app, { stock: 1_000 });
const ask = (path: string, body?: unknown, method?: string) =>
  call(app, path, { token: staff.token, body, ...(method === undefined ? {} : { method }) });

const Order = z.looseObject({
  id: z.string(),
  status: z.string(),
  payment_status: z.string(),
  store: z.string(),
  created_at: z.string(),
  total_amount: z.string(),
  items: z.array(z.looseObject({ sku: z.string() })),
});
type Order = z.output<typeof Order>;
const Page = z.object({ count: z.int(), next: z.string().nullable(), results: z.array(Order) });
const page = async (query: string) => Page.parse((await ask(`/api/orders/?${query}`)).json);

// Two stores, two products, orders of one to three pieces, paid or not, sent or not.
const corner = fieldOf(await ask('/api/v1/stores/', { name: 'Corner', slug: 'corner' }), 'id');
const cup = { name: 'Cup', sku: 'CUP', price: '4.00', store: corner };
await ask('/api/v1/products/', cup);
await ask('/api/v1/products/CUP/receive/', { quantity: 500 });
for (let at = 0; at < 16; at += 1) {
  const items = [{ product: at % 2 === 0 ? 'MUG' : 'CUP', quantity: 1 + (at % 3) }];
  const id = fieldOf(await ask('/api/v1/orders/', { items }), 'id');
  const body = { order: id, payment_method: 'cash' };
  const payment = at % 4 < 2 ? fieldOf(await ask('/api/v1/payments/', body), 'id') : null;
  if (payment !== null) await ask(`/api/v1/payments/${payment}/process_payment/`, undefined, 'POST');
  if (at % 8 > 3) await ask(`/orders/${id}`, { status: at % 8 > 5 ? 'Shipped' : 'Confirmed' }, 'PUT');
}
const all = (await page('page_size=100')).results;

type Kept = readonly [query: string, keeps: (order: Order) => boolean];
const every: Kept = ['', () => true];
const statuses: readonly Kept[] = [
  every,
  ['&status=pending', ({ status }) => status === 'pending'],
  ['&status=shipped&status=confirmed', ({ status }) => status !== 'pending'],
];
const paid: readonly Kept[] = [
  every,
  ['&payment_status=paid', ({ payment_status: status }) => status === 'paid'],
];
const stores: readonly Kept[] = [
  every,
  ['&store=1', ({ store }) => store !== corner],
  ['&store=corner', ({ store }) => store === corner],
];
const searches: readonly Kept[] = [
  every,
  ['&search=cUp', ({ items }) => items.some(({ sku }) => sku === 'CUP')],
];
const amount = ({ total_amount: text }: Order) => Number(text);
const byTime = (one: Order, other: Order) =>
  other.created_at.localeCompare(one.created_at) || other.id.localeCompare(one.id);
const byTotal = (one: Order, other: Order) => amount(one) - amount(other) || byTime(one, other);
const orderings: readonly (readonly [query: string, by: (one: Order, other: Order) => number])[] = [
  ['', byTime],
  ['&ordering=-created_at&ordering=total_amount', byTime],
  ['&ordering=total_amount,-created_at', byTotal],
];

const filters = statuses.flatMap((one) =>
  paid.flatMap((two) => stores.flatMap((three) => searches.map((four) => [one, two, three, four]))),
);

// Wire test 24 (S2-62 … S2-66).
it.each(orderings)('filters, search and pages agree with one another, in the order %s', async (order, by) => {
  expect(all).toHaveLength(16);
  for (const kept of filters) {
    const wanted = all.filter((one) => kept.every(([, keeps]) => keeps(one))).toSorted(by);
    const query = kept.map(([part]) => part).join('') + order;
    for (const number of [1, 2]) {
      const { count, next, results } = await page(`page=${number}&page_size=4${query}`);
      const rows = wanted.slice((number - 1) * 4, number * 4);
      expect([query, results.map(({ id }) => id)]).toEqual([query, rows.map(({ id }) => id)]);
      expect([count, next !== null]).toEqual([wanted.length, wanted.length > number * 4]);
    }
  }
});

it('a page of a thousand orders has a hundred', async () => {
  for (let at = 0; at < 90; at += 1) await ask('/api/v1/orders/', { items: [{ product: 1, quantity: 1 }] });
  expect((await page('page_size=1000')).results).toHaveLength(100);
});
