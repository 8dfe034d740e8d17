import { accounts } from '@orderloom/core';
import type { Kysely } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import { newId } from '../ids.ts';
import { addressesList } from '../queries/addresses.ts';
import { customersList, ledgerList } from '../queries/customer-list.ts';
import { noticesList } from '../queries/notices.ts';
import { ordersList } from '../queries/order-list.ts';
import { tokensList } from '../queries/people.ts';
import { productsList } from '../queries/product-list.ts';
import { storesList } from '../queries/stores.ts';
import { run } from '../sql.ts';
import { aTenant, copyOrder, freshDatabase } from '../testing.ts';
import { placeOne } from '../testing/orders.ts';
import { fillLists } from '../testing/lists.ts';
import { read } from '../transact.ts';
import { listFaults } from './filter.ts';
import { listCount, listRows, type Listed, type ListQuery, type ListSlice, type ListSpec } from './list.ts';

const db = await freshDatabase({ checked: false });
const bare = { ...db, defenceOff: ['keyset'] as const };
const shop = await aTenant(db, { stock: 100_000 });
const { tenantId, customerId, principalId, storeId } = shop;
const rowsOfEach = 3_000;
await fillLists(db, shop, rowsOfEach);
const order = await placeOne(db, shop, { payFromBalance: false, origin: 'service' });
await copyOrder(db, { tenantId, orderId: order.id, count: 3_000 });
await db.pool.query('analyze');
const everything: ListQuery = { filters: {}, ordering: [], only: {} };
type Line = { readonly id: string };

const ask = (spec: ListSpec, but: Partial<ListQuery>, slice: ListSlice): Promise<Listed<Line>[]> =>
  read(db, shop, (em) => listRows<Line>(em, tenantId, { spec, query: { ...everything, ...but }, slice }));

/** Every row of a list, by keyset. */
async function walk(spec: ListSpec, but: Partial<ListQuery>, on = db): Promise<string[]> {
  const limit = 699;
  const query = { ...everything, ...but };
  const ids: string[] = [];
  for (let keys: readonly string[] | undefined = []; keys;) {
    const beside = keys.length === 0 ? null : { keys, back: false };
    const slice = { beside, limit };
    const found: Listed<Line>[] = await read(on, shop, (em) =>
      listRows<Line>(em, tenantId, { spec, query, slice }),
    );
    ids.push(...found.map(({ id }) => id));
    keys = found.length === limit ? found.at(-1)?.listKey : undefined;
  }
  return ids;
}

type Node = { readonly 'Node Type': string; readonly Alias?: string; readonly Plans?: readonly Node[] };
const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** How the database reads a list, with the role, the walls and the settings of every transaction. */
const planOf = (spec: ListSpec, but: Partial<ListQuery>, slice: ListSlice): Promise<Node[]> =>
  read(db, shop, async (em) => {
    const connection = em.getTransactionContext<Kysely<unknown>>();
    if (!connection) throw new Error('a read has its connection');
    const spy = vi.spyOn(connection, 'executeQuery');
    await listRows(em, tenantId, { spec, query: { ...everything, ...but }, slice });
    const [query] = spy.mock.calls[0] ?? [];
    spy.mockRestore();
    if (!query || !('sql' in query)) throw new Error('a list asks one statement');
    const [told] = await run<{ 'QUERY PLAN': readonly [{ readonly Plan: Node }] }>(
      em,
      `explain (format json) ${query.sql}`,
      [...query.parameters],
    );
    return told ? nodesOf(told['QUERY PLAN'][0].Plan) : [];
  });

const lists: readonly (readonly [ListSpec, Partial<ListQuery>])[] = [
  [productsList, {}],
  [customersList, {}],
  [ledgerList, { only: { 'p.account': accounts.balance(customerId), 'p.currency': 'USD' } }],
  [addressesList, {}],
  [addressesList, { only: { 'a.customer_id': customerId } }],
  [storesList, {}],
  [tokensList, {}],
  [noticesList, { only: { 'n.customer_id': customerId } }],
  [noticesList, { only: { 'n.principal_id': principalId } }],
];
const values: Readonly<Record<string, string>> = {
  store: storeId,
  active: 'true',
  customer_id: 'CUST1',
  kind: 'refund',
  order: newId(),
};

/** Every filter of a list, alone and all together, with every order in both directions. */
const combinations = lists.flatMap(([spec, own]) => {
  const single = Object.keys(spec.filters).map((name) => ({ [name]: [values[name] ?? ''] }));
  const all = Object.assign({}, ...single);
  const orders = Object.keys(spec.orderings).flatMap((name) => [[], [`-${name}`], [name]]);
  return [{}, ...single, all].flatMap((filters) =>
    orders.map((ordering) => {
      const told = `${spec.name} ${JSON.stringify({ ...own, filters, ordering })}`;
      return [told, spec, { ...own, filters, ordering }] as const;
    }),
  );
});

describe('the plan of a list', () => {
  it.each(combinations)('of %s reads by an index and sorts nothing', async (_, spec, query) => {
    const [found] = await ask(spec, { only: query.only ?? {} }, { offset: 2, limit: 1 });
    for (const slice of [
      { offset: 0, limit: 21 },
      { beside: await positionAfter(spec, query, found), limit: 21 },
    ]) {
      const nodes = await planOf(spec, query, slice);
      expect(nodes.filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([]);
      const scans = nodes.filter(({ Alias }) => Alias === spec.as || Alias === `${spec.as}_1`);
      expect(scans.length).toBeGreaterThan(0);
      const sorts = nodes.filter((node) => /Sort/.test(node['Node Type']) && holdsScan(node, spec));
      expect(sorts).toEqual([]);
    }
  });
});

const holdsScan = (node: Node, { as }: ListSpec): boolean =>
  nodesOf(node).some(({ Alias }) => Alias === as || Alias === `${as}_1`);

async function positionAfter(spec: ListSpec, query: Partial<ListQuery>, fallback: Listed<Line> | undefined) {
  const [, second] = await ask(spec, query, { offset: 0, limit: 2 });
  const keys = (second ?? fallback)?.listKey;
  const [third] = keys ? [keys] : [[]];
  const width = Math.max(1, query.ordering?.length ?? 1) + 1;
  return third.length === width ? { keys: third, back: false } : null;
}

describe('a list', () => {
  const orders = [[], ['name'], ['-price'], ['price', '-name'], ['-name', 'created_at']];

  it.each(orders)('of products by %s %s gives each row once, by page and by keyset', async (...ordering) => {
    const byKeyset = await walk(productsList, { ordering });
    expect(byKeyset).toHaveLength(rowsOfEach + 1);
    expect(new Set(byKeyset).size).toBe(rowsOfEach + 1);
    const pages = [0, 1_000, 2_000, 3_000].map((offset) =>
      ask(productsList, { ordering }, { offset, limit: 1_000 }),
    );
    expect((await Promise.all(pages)).flat().map(({ id }) => id)).toEqual(byKeyset);
  });

  it('goes back the way it came', async () => {
    const ordering = ['price', '-name'];
    const page = await ask(productsList, { ordering }, { offset: 100, limit: 20 });
    const beside = { keys: page[10]?.listKey ?? [], back: true };
    const before = await ask(productsList, { ordering }, { beside, limit: 10 });
    expect(before.map(({ id }) => id)).toEqual(page.slice(0, 10).map(({ id }) => id));
  });

  it('would lose rows of one moment if they were not told apart', async () => {
    const off = Object.assign(Object.create(null), bare);
    expect((await walk(productsList, {}, off)).length).toBeLessThan(rowsOfEach);
  });

  it('is narrowed by any name of a store, by several, and by one that is unknown', async () => {
    const count = (filters: ListQuery['filters']) =>
      read(db, shop, (em) =>
        listCount(em, tenantId, { spec: productsList, query: { ...everything, filters } }),
      );
    const all = { count: rowsOfEach + 1, isEstimate: false };
    for (const name of [storeId, '1', 'main', '01']) expect(await count({ store: [name] })).toEqual(all);
    expect(await count({ store: ['main', 'nowhere'] })).toEqual(all);
    for (const name of ['nowhere', '99', '99999999999', newId()])
      expect(await count({ store: [name] })).toEqual({ count: 0, isEstimate: false });
    expect(await count({ active: ['False', 'TRUE'] })).toEqual(all);
  });

  it('finds a part of a name in any case, and takes no sign for another', async () => {
    const found = (search: string) => ask(productsList, { search }, { offset: 0, limit: 10 });
    expect(await found('PRODUCT 00017')).toHaveLength(1);
    expect(await found('product_00017')).toEqual([]);
    expect(await found('%')).toEqual([]);
  });

  it('is counted exactly to 10,000, and estimated beyond', async () => {
    await db.pool.query(
      `insert into notifications (tenant_id, id, customer_id, kind, channel, title, body, created_at)
       select $1, gen_random_uuid(), $2, 'refund', 'in_app', 'T', 'B', now() from generate_series(1, 9000)`,
      [tenantId, customerId],
    );
    await db.pool.query('analyze notifications');
    const query = { ...everything, only: { 'n.customer_id': customerId } };
    const counted = await read(db, shop, (em) => listCount(em, tenantId, { spec: noticesList, query }));
    expect(counted.isEstimate).toBe(true);
    expect(counted.count).toBeGreaterThan(10_000);
    expect(counted.count).toBeLessThan(15_000);
  });
});

const orders = ordersList();

describe('a list of orders', () => {
  const asked = [
    { status: ['Pending'] },
    { store: ['main'] },
    { customer_id: ['CUST1'] },
    { status: ['pending'], customer_id: ['1'], created_after: ['2020-01-01'] },
    { created_before: ['2020-01-01T00:00:00.100+00:00'] },
  ];

  it.each(asked)('narrowed by %o is read in the order of an index', async (filters) => {
    for (const slice of [
      { offset: 0, limit: 21 },
      { beside: { keys: ['2020-01-01 00:00:00.09+00', newId()], back: false }, limit: 21 },
    ]) {
      const nodes = await planOf(orders, { filters }, slice);
      expect(nodes.filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([]);
      const sorts = nodes.filter((node) => /Sort/.test(node['Node Type']) && holdsScan(node, orders));
      expect(sorts).toEqual([]);
    }
  });

  it('begins with a moment and ends before one', async () => {
    const count = async (filters: ListQuery['filters']) =>
      (
        await read(db, shop, (em) =>
          listCount(em, tenantId, { spec: orders, query: { ...everything, filters } }),
        )
      ).count;
    const at = '2020-01-01T00:00:00.100Z';
    const [all, after, before] = [
      await count({}),
      await count({ created_after: [at] }),
      await count({ created_before: [at] }),
    ];
    expect(after + before).toBe(all);
    expect(before).toBe(99);
    expect(await count({ status: ['draft'] })).toBe(0);
    expect(await count({ payment_status: ['Pending'] })).toBe(all);
  });

  it('says what it does not understand', () => {
    const filters = { status: ['lost'], created_after: ['yesterday'], colour: ['red'] };
    expect(listFaults(orders, { ordering: ['-colour'], filters }).map(({ name }) => name)).toEqual([
      'ordering',
      'status',
      'created_after',
      'colour',
    ]);
  });
});

describe('a list without its index', () => {
  it('would sort all there is', async () => {
    await db.pool.query('drop index products_price');
    const nodes = await planOf(productsList, { ordering: ['price'] }, { offset: 0, limit: 21 });
    expect(
      nodes.filter((node) => /Sort/.test(node['Node Type']) && holdsScan(node, productsList)),
    ).not.toEqual([]);
  });
});
