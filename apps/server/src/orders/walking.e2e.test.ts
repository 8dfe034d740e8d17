import { setTimeout as sleep } from 'node:timers/promises';
import { copyOrder } from '@orderloom/db/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aShop, call, startApp, type TestApp, type TestUser } from '../testing.ts';

// 20,000 on demand: WALK_ORDERS=20000.
const orders = Number(process.env['WALK_ORDERS'] ?? 4_000);

const guarded = await startApp();
const bare = await startApp({ defenceOff: ['keyset'], config: { defenceOff: ['keyset'] } });

const Placed = z.object({ id: z.string() });
const Slice = z.object({ items: z.array(Placed), nextCursor: z.string().nullable() });
const Listed = z.object({ results: z.array(Placed), next: z.string().nullable() });
const items = [{ product_id: 1, quantity: 1 }];

/** A shop with many orders that were stored by one statement, a thousand of them at each moment. */
async function aLongList(app: TestApp, count: number) {
  const { staff, tenant } = await aShop(app, { stock: 1_000_000 });
  const first = await call(app, '/orders/1', { token: staff.token, body: { items } });
  const { id: orderId } = Placed.parse(first.json);
  await copyOrder(app.db, { tenantId: tenant.tenantId, orderId, count, perMoment: 1_000 });
  await app.db.pool.query('analyze orders, order_items');
  const { rows } = await app.db.pool.query<{ id: string }>('select id from orders where tenant_id = $1', [
    tenant.tenantId,
  ]);
  return { staff, ids: rows.map(({ id }) => id) };
}

type Walk = { readonly seen: readonly string[]; readonly pageMs: readonly number[] };
type Page = { readonly ids: readonly string[]; readonly next: string | null };

async function walked(first: string, page: (path: string) => Promise<Page>): Promise<Walk> {
  const seen: string[] = [];
  const pageMs: number[] = [];
  for (let path: string | null = first; path !== null;) {
    const from = performance.now();
    const found: Page = await page(path);
    pageMs.push(performance.now() - from);
    seen.push(...found.ids);
    path = found.next;
  }
  return { seen, pageMs };
}

const idsOf = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id);

/** The list of the service family, page by page. */
const byCursor = (app: TestApp, { token }: TestUser) =>
  walked('/orders?limit=100', async (path) => {
    const { items: found, nextCursor } = Slice.parse((await call(app, path, { token })).json);
    const next = nextCursor === null ? null : `/orders?limit=100&cursor=${encodeURIComponent(nextCursor)}`;
    return { ids: idsOf(found), next };
  });

/** The list of the api family: each page says where the next one is. */
const byLink = (app: TestApp, { token }: TestUser) =>
  walked('/api/v1/orders/?cursor=&page_size=100', async (path) => {
    const { results, next } = Listed.parse((await call(app, path, { token })).json);
    return { ids: idsOf(results), next: next === null ? null : next.slice(app.url.length) };
  });

/** Fifty writers who place an order, think, and place the next one. */
function fiftyWriters(app: TestApp, { token }: TestUser) {
  let stopped = false;
  let placed = 0;
  const writers = Array.from({ length: 50 }, async (_, number) => {
    await sleep(number * 20);
    while (!stopped) {
      if ((await call(app, '/orders/1', { token, body: { items } })).status === 201) placed += 1;
      await sleep(500);
    }
  });
  const stop = async () => {
    stopped = true;
    await Promise.all(writers);
    return placed;
  };
  return { placed: () => placed, stop };
}

const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
/** How much slower the last pages are than the first ones. */
const deepness = ({ pageMs }: Walk) =>
  Math.round((100 * median(pageMs.slice(-11, -1))) / median(pageMs.slice(1, 11))) / 100;

describe(`a walk over ${orders} orders of one statement while fifty writers add more`, () => {
  it('meets each order that was there exactly once, in both lists', async () => {
    const { staff, ids } = await aLongList(guarded, orders);
    const writers = fiftyWriters(guarded, staff);
    const walks: Walk[] = [];
    // A fast machine has walked before they have begun.
    while (writers.placed() <= 50)
      walks.push(...(await Promise.all([byCursor(guarded, staff), byLink(guarded, staff)])));
    const placed = await writers.stop();
    for (const { seen } of walks) {
      expect(new Set(seen).size).toBe(seen.length);
      const met = new Set(seen);
      expect(ids.filter((id) => !met.has(id))).toEqual([]);
    }
    expect(placed).toBeGreaterThan(50);
    const [service, api] = walks.slice(-2).map(deepness);
    process.stdout.write(`${JSON.stringify({ placed, deepestToFirstPage: { service, api } })}\n`);
  }, 400_000);

  it('misses some when the defence of the pages is taken away', async () => {
    const { staff, ids } = await aLongList(bare, 3_000);
    const missed = (await Promise.all([byCursor(bare, staff), byLink(bare, staff)])).map(({ seen }) => {
      const met = new Set(seen);
      return ids.filter((id) => !met.has(id)).length;
    });
    for (const count of missed) expect(count).toBeGreaterThan(0);
  });
});
