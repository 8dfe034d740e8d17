import type { Kysely } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import { run } from '../sql.ts';
import { aTenant, copyOrder, freshDatabase } from '../testing.ts';
import { placeOne } from '../testing/orders.ts';
import { read } from '../transact.ts';
import { type After, orderOutlines, type Slice } from './order-outlines.ts';

const db = await freshDatabase();
const shop = await aTenant(db, { stock: 100_000 });
const { tenantId, customerId } = shop;
const unpaid = { payFromBalance: false, origin: 'service' } as const;
const order = await placeOne(db, shop, unpaid);
await copyOrder(db, { tenantId, orderId: order.id, count: 5_000, perMoment: 500 });
await db.pool.query('analyze');

type Node = {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly Alias?: string;
  readonly 'Actual Rows': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Node[];
};
type Asked = Slice & { readonly customerId: string | null };

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
const ordersIn = (node: Node): boolean => nodesOf(node).some(({ Alias }) => Alias === 'o');

/** How the database did what a list asked of it, with the settings of every transaction. */
const planOf = (asked: Asked): Promise<Node[]> =>
  read(db, shop, async (em) => {
    const connection = em.getTransactionContext<Kysely<unknown>>();
    if (!connection) throw new Error('a read has its connection');
    const spy = vi.spyOn(connection, 'executeQuery');
    await orderOutlines(em, tenantId, asked);
    const [query] = spy.mock.calls[0] ?? [];
    spy.mockRestore();
    if (!query || !('sql' in query)) throw new Error('a list asks one statement');
    const text = `explain (analyze, format json) ${query.sql}`;
    const [told] = await run<{ 'QUERY PLAN': readonly [{ readonly Plan: Node }] }>(em, text, [
      ...query.parameters,
    ]);
    return told ? nodesOf(told['QUERY PLAN'][0].Plan) : [];
  });

const { rows } = await db.pool.query<{ at: string; id: string }>(
  `select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, id from orders
   where tenant_id = $1 order by created_at, id offset 100 limit 1`,
  [tenantId],
);
const [deep] = rows;
const lists: readonly (readonly [string, string | null, string])[] = [
  ['all orders', null, 'orders_created'],
  ['the orders of a customer', customerId, 'orders_customer'],
];
const places: readonly (readonly [string, After])[] = [
  ['first', null],
  ['deepest', deep ?? null],
];

describe.each(places)('the %s page', (_, after) => {
  it.each(lists)('of %s reads no more than it shows, in the order of an index', async (...asked) => {
    const [, whose, index] = asked;
    const nodes = await planOf({ customerId: whose, after, limit: 50 });
    const scan = nodes.find(({ Alias }) => Alias === 'o');
    expect(scan).toMatchObject({ 'Node Type': 'Index Scan' });
    expect([index, 'orders_created']).toContain(scan?.['Index Name']);
    expect(scan?.['Actual Rows']).toBeLessThanOrEqual(50);
    expect(scan?.['Rows Removed by Filter'] ?? 0).toBe(0);
    const sorts = nodes.filter((node) => /Sort/.test(node['Node Type']) && ordersIn(node));
    expect(sorts).toEqual([]);
    expect(nodes.filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([]);
  });
});

describe('the outline of an order', () => {
  const outlines = () =>
    read(db, shop, (em) => orderOutlines(em, tenantId, { customerId: null, after: null, limit: 1 }));

  it('says what is in it, under the names that the shop has for that', async () => {
    const { id, total, createdAt, updatedAt } = order;
    const mug = { variantId: shop.variantId, productRef: 1, productSku: 'MUG', quantity: 1 };
    expect(await outlines()).toEqual([
      {
        tenantId,
        id,
        version: 1,
        status: 'PENDING',
        total,
        createdAt,
        updatedAt,
        customer: { ref: 1 },
        lines: [mug],
      },
    ]);
  });

  it('names another variant than the first by its own sku', async () => {
    const { rows: added } = await db.pool.query<{ id: string }>(
      `with v as (
         insert into variants (tenant_id, id, product_id, sku, name, options, position, created_at,
           updated_at)
         select tenant_id, uuidv7(), product_id, 'MUG-L', 'Large mug', '{}', 1, now(), now() from variants
         where tenant_id = $1 returning tenant_id, id
       )
       insert into stock_levels (tenant_id, variant_id, location_id, on_hand, reserved, backorder_limit,
         version, updated_at)
       select tenant_id, id, $2, 0, 0, 5, 1, now() from v returning variant_id as id`,
      [tenantId, shop.locationId],
    );
    const variantId = added[0]?.id ?? '';
    const lines = [{ variantId, ref: 'MUG-L', quantity: 2, unitPrice: null }];
    await placeOne(
      db,
      { ...shop, variantId },
      { ...unpaid, customerId: null, at: '2027-01-01T00:00:00.000Z', lines },
    );
    expect(await outlines()).toMatchObject([
      { customer: null, lines: [{ productRef: 1, productSku: 'MUG-L', quantity: 2 }] },
    ]);
  });
});

describe('a page without its index', () => {
  it('would read every order there is', async () => {
    await db.pool.query('drop index orders_created');
    const nodes = await planOf({ customerId: null, after: null, limit: 50 });
    expect(nodes.find(({ Alias }) => Alias === 'o')?.['Actual Rows']).toBeGreaterThan(5_000);
  });
});
