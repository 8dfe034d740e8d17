import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aShop, call, type CallOptions, startApp } from '../../testing.ts';
import { families } from '../mount.ts';

const app = await startApp({ config: { pageSize: 7, maxPageSize: 9 } });
const shop = await aShop(app, { stock: 100 });
const { token } = shop.admin;
const ask = (path: string, options: CallOptions = {}) => call(app, path, { token, ...options });
const addressed = (at: number) => ({
  name: `Name ${at % 4}`,
  line1: '1 Main St',
  city: 'Springfield',
  postcode: '62701',
  country: 'US',
});
for (let at = 0; at < 25; at += 1) {
  await ask('/api/v1/products/', { body: { name: `Pot ${at % 4}`, price: `${at % 3}.00` } });
  await ask('/api/v1/customers/', { body: { name: `Ann ${at % 4}`, email: `${at}@example.com` } });
  await ask('/api/v1/stores/', { body: { name: `Store ${at % 4}` } });
  await ask('/api/v1/addresses/', { body: { ...addressed(at), customer_id: 'CUST1' } });
  await ask('/api/v1/tokens/', { body: { name: `ERP ${at % 4}`, scopes: ['orders:read_all'] } });
  await ask('/api/v1/customers/CUST1/top_up/', { body: { amount: '1.00', reason: 'gift' } });
  const placed = await ask('/api/v1/orders/', { body: { items: [{ product: 1, quantity: 1 }] } });
  const { id: order } = z.object({ id: z.string() }).parse(placed.json);
  await ask('/api/v1/payments/', { body: { order, payment_method: 'cash' } });
}
await app.db.pool.query(
  `insert into notifications (tenant_id, id, principal_id, kind, channel, title, body, created_at)
   select $1, gen_random_uuid(), $2, 'alert', 'in_app', 'Alert', 'A word', now() + g / 4 * interval '1 s'
   from generate_series(1, 25) g`,
  [shop.tenant.tenantId, shop.admin.id],
);

const Page = z.object({
  count: z.int(),
  next: z.string().nullable(),
  previous: z.string().nullable(),
  results: z.array(z.object({ id: z.string() })),
});
const page = async (path: string) => Page.parse((await ask(path.replace(app.url, ''))).json);

/** Every id of a list, following one of its links, and where that led. */
async function walk(from: string, link: 'next' | 'previous' = 'next') {
  const ids: string[] = [];
  const sizes: number[] = [];
  let last = from;
  for (let path: string | null = from; path !== null;) {
    const found: z.output<typeof Page> = await page(path);
    ids.push(...(link === 'next' ? found.results : [...found.results].reverse()).map(({ id }) => id));
    sizes.push(found.results.length);
    last = path;
    path = found[link];
  }
  return { ids, sizes, last };
}

const lists = families
  .flatMap(({ rows }) => rows)
  // The items of one order are asked for by its name.
  .filter(({ query }) => query.shape['order_id'] === undefined)
  .filter(({ query }) => query.shape['page'] !== undefined)
  .map(({ operationId, path }) => [operationId, path.replace(':id', 'CUST1')] as const);

describe('every list', () => {
  it('is one of these', () => {
    expect(lists.map(([name]) => name).sort()).toEqual([
      'listAddresses',
      'listCustomers',
      'listLedger',
      'listMyOrders',
      'listNotifications',
      'listOrderItems',
      'listOrders',
      'listPayments',
      'listPendingOrders',
      'listProducts',
      'listRecentOrders',
      'listStores',
      'listTokens',
    ]);
  });

  it.each(lists)('%s gives each row once, by page and by cursor, forth and back', async (_, path) => {
    const [{ count }, byPage, byCursor] = [
      await page(path),
      await walk(`${path}?page=1`),
      await walk(`${path}?cursor=`),
    ];
    expect(count).toBeGreaterThanOrEqual(25);
    expect(new Set(byPage.ids).size).toBe(count);
    expect(byPage.ids).toHaveLength(count);
    expect(byPage.sizes.slice(0, -1)).toEqual(byPage.sizes.slice(0, -1).map(() => 7));
    expect(byCursor.ids).toEqual(byPage.ids);
    const back = await walk(byCursor.last, 'previous');
    expect(back.ids.reverse()).toEqual(byCursor.ids);
    expect((await walk(byPage.last, 'previous')).ids.reverse()).toEqual(byPage.ids);
  });

  it.each(lists)('%s is at most as large as the server allows', async (_, path) => {
    for (const [size, rows] of [
      [2, 2],
      [9, 9],
      [10, 9],
      [1_000_000, 9],
    ] as const)
      expect((await page(`${path}?page_size=${size}`)).results).toHaveLength(rows);
  });

  it.each(lists)('%s keeps every parameter from page to page', async (_, path) => {
    const asked = `${path}?page_size=3&ordering=created_at&ordering=-created_at`;
    for (const start of [`${asked}&page=2`, `${asked}&cursor=`]) {
      const { next } = await page(start);
      const search = new URL(next ?? '').searchParams;
      expect(search.get('page_size')).toBe('3');
      expect(search.getAll('ordering')).toEqual(['created_at', '-created_at']);
      expect(next).toMatch(new RegExp(`^${app.url}/api/v1/`));
      expect(search.has('page')).toBe(start.endsWith('2'));
      expect(search.has('cursor')).toBe(!start.endsWith('2'));
    }
  });

  it.each(lists)('%s goes by its own order downwards from the newest', async (_, path) => {
    const newest = await walk(path);
    expect((await walk(`${path}?ordering=-created_at`)).ids).toEqual(newest.ids);
    expect((await walk(`${path}?ordering=created_at`)).ids).toEqual(newest.ids.reverse());
  });

  it.each(lists)('%s refuses a cursor of another list, other filters or another order', async (_, path) => {
    const { next } = await page(`${path}?cursor=&page_size=3`);
    const cursor = new URL(next ?? '').searchParams.get('cursor') ?? '';
    const other = path.includes('stores') ? '/api/v1/customers/' : '/api/v1/stores/';
    for (const wrong of [
      `${other}?cursor=${cursor}`,
      `${path}?cursor=${cursor}&ordering=created_at`,
      `${path}?cursor=${cursor}x`,
    ]) {
      const { status, json } = await ask(wrong);
      expect([status, json]).toMatchObject([400, { code: 'invalid_cursor' }]);
    }
    expect((await ask(`${path}?cursor=${cursor}&page_size=5`)).status).toBe(200);
  });

  it.each(lists)('%s is not disturbed by what comes meanwhile, when it goes by cursor', async (_, path) => {
    const first = await page(`${path}?cursor=&page_size=5`);
    const second = await page(first.next ?? '');
    await ask('/api/v1/stores/', { body: { name: 'Late' } });
    await ask('/api/v1/tokens/', { body: { name: 'Late', scopes: ['orders:read_all'] } });
    expect((await page(first.next ?? '')).results).toEqual(second.results);
  });
});

describe('a list for a customer', () => {
  it('holds what is their own', async () => {
    const own = (path: string) => call(app, path, { token: shop.customer.token });
    expect((await own('/api/v1/addresses/')).json).toMatchObject({ count: 25 });
    expect((await own('/api/v1/customers/')).json).toMatchObject({ count: 1 });
    expect((await own('/api/v1/notifications/')).json).toMatchObject({ count: 0 });
    expect((await own('/api/v1/tokens/')).status).toBe(403);
  });
});
