import { itemsOf, type Order } from '@orderloom/core';
import type { Kysely } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import { check } from '../check.ts';
import { newId } from '../ids.ts';
import { listCount, listRows, type ListQuery } from '../lists/list.ts';
import { migrate, pending, rollback } from '../migrate.ts';
import { run } from '../sql.ts';
import { aTenant, copyOrder, freshDatabase } from '../testing.ts';
import { changeOne, placeOne } from '../testing/orders.ts';
import { read } from '../transact.ts';
import { itemCustomer, type ItemRecord, itemsList } from './item-list.ts';

const db = await freshDatabase();
const shop = await aTenant(db, { stock: 1_000_000 });
const { tenantId, customerId, storeId, variantId } = shop;
const unpaid = { payFromBalance: false, origin: 'service' } as const;
const order = await placeOne(db, shop, unpaid);
await copyOrder(db, { tenantId, orderId: order.id, count: 5_000 });
const rare = newId();
await db.pool.query(
  `insert into customers (tenant_id, id, ref, code, name, email, credit_limit_minor, locale, created_at,
     updated_at)
   values ($1, $2, 77, 'C-77', 'Joe', 'joe@example.com', 0, 'en', now(), now())`,
  [tenantId, rare],
);
for (let count = 0; count < 3; count += 1) await placeOne(db, shop, { ...unpaid, customerId: rare });
await db.pool.query('analyze');

type Node = {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly Alias?: string;
  readonly 'Actual Rows': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Node[];
};
const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
const everything: ListQuery = { filters: {}, ordering: [], only: {} };
const slice = { offset: 0, limit: 21 };

/** How the database reads a page, with the settings of every transaction. */
const planOf = (query: ListQuery): Promise<Node[]> =>
  read(db, shop, async (em) => {
    const connection = em.getTransactionContext<Kysely<unknown>>();
    if (!connection) throw new Error('a read has its connection');
    const spy = vi.spyOn(connection, 'executeQuery');
    await listRows(em, tenantId, { spec: itemsList, query, slice });
    const [asked] = spy.mock.calls[0] ?? [];
    spy.mockRestore();
    if (!asked || !('sql' in asked)) throw new Error('a list asks one statement');
    const text = `explain (analyze, format json) ${asked.sql}`;
    const [told] = await run<{ 'QUERY PLAN': readonly [{ readonly Plan: Node }] }>(em, text, [
      ...asked.parameters,
    ]);
    return told ? nodesOf(told['QUERY PLAN'][0].Plan) : [];
  });
const rowsOf = (query: Partial<ListQuery>) =>
  read(db, shop, (em) =>
    listRows<ItemRecord>(em, tenantId, { spec: itemsList, query: { ...everything, ...query }, slice }),
  );

const lists: readonly (readonly [string, Partial<ListQuery>, string])[] = [
  ['all items', {}, 'order_items_pkey'],
  ['the oldest', { ordering: ['created_at'] }, 'order_items_pkey'],
  ['the smallest', { ordering: ['quantity'] }, 'order_items_by_quantity'],
  ['the dearest', { ordering: ['-total_price'] }, 'order_items_by_total'],
  ['of a while', { filters: { created_after: ['2026-01-01'] } }, 'order_items_pkey'],
];

describe('the plan of a list of items', () => {
  it.each(lists)('%s: a page by an index in its order, and no row more', async (_, query, index) => {
    const nodes = await planOf({ ...everything, ...query });
    expect(nodes.filter((node) => /Seq Scan|Sort/.test(node['Node Type']))).toEqual([]);
    const [scan] = nodes.filter((node) => /^i(?:_1)?$/.test(node.Alias ?? '') && node['Index Name']);
    expect([scan?.['Index Name'], scan?.['Actual Rows']]).toEqual([index, 21]);
    expect(scan?.['Rows Removed by Filter'] ?? 0).toBe(0);
  });

  it.each([
    ['of a store', { filters: { store: [storeId] } }],
    ['of a product', { filters: { product: ['1'] } }],
    ['of an order', { filters: { order: [order.id] } }],
    ['of a customer', { only: { [itemCustomer]: rare } }],
    ['of a product that is not there', { filters: { product: ['99'] } }],
    ['that nothing is called', { search: 'zzz' }],
    ['of nobody', { only: { [itemCustomer]: newId() } }],
    ['found by a word', { search: 'mug' }],
  ])('%s: reads no table to its end', async (_, query) => {
    const nodes = await planOf({ ...everything, ...query });
    const read = nodes.filter(({ Alias }) => Alias === 'i' || Alias === 'i_1');
    for (const node of read) {
      expect(node['Node Type']).not.toBe('Seq Scan');
      expect(node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)).toBeLessThan(1_000);
    }
  });
});

describe('a list of items', () => {
  it('counts what it shows', async () => {
    const count = (query: Partial<ListQuery>) =>
      read(db, shop, (em) =>
        listCount(em, tenantId, { spec: itemsList, query: { ...everything, ...query } }),
      );
    expect(await count({})).toEqual({ count: 5_004, isEstimate: false });
    expect(await count({ only: { [itemCustomer]: customerId } })).toMatchObject({ count: 5_001 });
    expect(await count({ filters: { store: ['nowhere'] } })).toMatchObject({ count: 0 });
  });

  it('tells a moment that its ids were drawn at, before and after it', async () => {
    const [first] = await rowsOf({ ordering: ['created_at'] });
    const at = first?.createdAt ?? '';
    expect(
      Math.abs(Date.parse(at) - Number.parseInt(first?.id.replaceAll('-', '').slice(0, 12) ?? '', 16)),
    ).toBe(0);
    expect(await rowsOf({ filters: { created_before: [at] } })).toEqual([]);
    const [again] = await rowsOf({ ordering: ['created_at'], filters: { created_after: [at] } });
    expect(again?.id).toBe(first?.id);
    expect(await rowsOf({ filters: { created_after: ['1900-01-01'] } })).toHaveLength(21);
    expect(await rowsOf({ filters: { created_before: ['1900-01-01'] } })).toEqual([]);
  });
});

/** What each first line of an item knows, by SQL. */
const written = async (of: Order) =>
  (
    await db.pool.query<{ id: string; quantity: number; total: string }>(
      `select id, item_quantity as quantity, item_total_minor as total from order_items
       where order_id = $1 and item_quantity is not null order by position`,
      [of.id],
    )
  ).rows.map(({ id, quantity, total }) => [id, quantity, Number(total)]);
const added = (of: Order) =>
  itemsOf(of.lines).map((item) => [
    item[0]?.id,
    item.reduce((sum, { quantity }) => sum + quantity, 0),
    item.reduce((sum, { total }) => sum + total, 0),
  ]);

describe('what an item comes to', () => {
  it('is written at its first line, follows every edit, and is gone with it', async () => {
    const before = await placeOne(db, shop, unpaid);
    expect(await written(before)).toEqual(added(before));
    const edit = async (quantity: number, unitPrice: number | null) => {
      const done = await changeOne(db, shop, {
        id: before.id,
        command: {
          type: 'editOrder',
          lines: [{ variantId, ref: '1', quantity, unitPrice }],
          overridePrice: true,
        },
      });
      if (!done.ok) throw new Error(done.error.code);
      return done.value;
    };
    for (const [quantity, price] of [
      [5, null],
      [2, 100],
    ] as const) {
      const after = await edit(quantity, price);
      expect(await written(after)).toEqual(added(after));
    }
  });

  it('is found for the orders that were there before', async () => {
    const known = await written(order);
    while (!(await pending(db)).includes('Migration20261121101250-item-lists')) await rollback(db);
    await migrate(db);
    expect(await written(order)).toEqual(known);
    expect(await check(db)).toEqual([]);
  });
});
