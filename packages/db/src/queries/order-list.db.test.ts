import { orderNumber, statuses } from '@orderloom/core';
import type { Kysely } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import { type ListQuery, listCount, listRows, type ListSlice, sought } from '../lists/list.ts';
import { run } from '../sql.ts';
import { aTenant, copyOrder, freshDatabase } from '../testing.ts';
import { fillLists } from '../testing/lists.ts';
import { placeOne } from '../testing/orders.ts';
import { read } from '../transact.ts';
import { ordersList, orderSummaries } from './order-list.ts';
import { orderPlaces } from './order-search.ts';

const db = await freshDatabase({ checked: false });
const shop = await aTenant(db, { stock: 100_000 });
const other = await aTenant(db, { stock: 100_000 });
const { tenantId } = shop;
const count = 3_000;

// Two shops of like orders, each of another customer, day and kind.
for (const one of [shop, other]) {
  await fillLists(db, one, 200);
  const order = await placeOne(db, one, { payFromBalance: false, origin: 'service' });
  await copyOrder(db, { tenantId: one.tenantId, orderId: order.id, count, perMoment: 7 });
  const filling = await db.pool.connect();
  // As they might have become in years; what follows from each change is not what is looked at here.
  await filling.query('begin; set local session_replication_role = replica');
  await filling.query(
    `update orders o set
       number = 'ORD-202601' || to_char(1 + g % 20, 'FM00') || '-' || to_char(1 + g / 20, 'FM0000'),
       customer_id = case when g % 11 > 0 then c.id end, user_id = $2,
       status = ($3::text[])[1 + g % 10],
       payment_method = case g % 3 when 1 then 'cash' when 2 then 'balance' end,
       payment_status = case g % 5 when 0 then 'paid' when 1 then 'refunded' when 2 then 'overpaid'
         else 'unpaid' end, paid_minor = total_minor, refunded_minor = 0,
       shipping_method = case g % 4 when 1 then 'standard' when 2 then 'express' end,
       tracking_number = case when g % 3 = 0 then 'TRK' || md5(g::text) end,
       payment_reference = case when g % 7 = 0 then 'PAY_' || md5(g || 'p') end,
       total_minor = o.total_minor + g % 50, updated_at = o.updated_at + g % 40 * interval '1 h'
     from (select id, row_number() over (order by id)::int - 1 as g from orders where tenant_id = $1) n
     join lateral (select id from customers where tenant_id = $1 and ref = 1 + n.g % 201) c on true
     where o.tenant_id = $1 and o.id = n.id`,
    [one.tenantId, one.principalId, statuses],
  );
  await filling.query('commit');
  filling.release();
  await db.pool.query(
    `insert into number_counters select $1, 'order:202601' || to_char(d, 'FM00'), 151
     from generate_series(1, 20) d`,
    [one.tenantId],
  );
}
await db.pool.query('analyze');

const everything: ListQuery = { filters: {}, ordering: [], only: {} };
type Line = { readonly id: string };
type Node = { readonly 'Node Type': string; readonly Alias?: string; readonly Plans?: readonly Node[] };
const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
/** What sorts more than the rows of one page. */
const sortsIn = (nodes: readonly Node[]): Node[] =>
  nodes.filter(
    (node) =>
      /Sort/.test(node['Node Type']) &&
      nodesOf(node).some(({ Alias }) => Alias === 'o' || Alias === 'o_1') &&
      !nodesOf(node).some((inner) => inner['Node Type'] === 'Limit'),
  );

/** How the database reads a list, with the role, the walls and the settings of every transaction. */
const planOf = (query: Partial<ListQuery>, slice: ListSlice, spec = ordersList()): Promise<Node[]> =>
  read(db, shop, async (em) => {
    const connection = em.getTransactionContext<Kysely<unknown>>();
    if (!connection) throw new Error('a read has its connection');
    const spy = vi.spyOn(connection, 'executeQuery');
    await listRows(em, tenantId, { spec, query: { ...everything, ...query }, slice });
    const [asked] = spy.mock.calls[0] ?? [];
    spy.mockRestore();
    if (!asked || !('sql' in asked)) throw new Error('a list asks one statement');
    const text = `explain (format json) ${asked.sql}`;
    const [told] = await run<{ 'QUERY PLAN': readonly [{ readonly Plan: Node }] }>(em, text, [
      ...asked.parameters,
    ]);
    return told ? nodesOf(told['QUERY PLAN'][0].Plan) : [];
  });

const ask = (query: Partial<ListQuery>, slice: ListSlice, of: typeof shop = shop) =>
  read(db, of, (em) =>
    listRows<Line>(em, of.tenantId, { spec: ordersList(), query: { ...everything, ...query }, slice }),
  );

const orderings = Object.keys(ordersList().orderings).flatMap((name) => [[name], [`-${name}`]]);
const alone = [
  { status: ['pending'] },
  { payment_status: ['refunded'] },
  { payment_method: ['cash'] },
  { shipping_method: ['express'] },
  { store: ['main'] },
  { customer_id: ['CUST1'] },
  { created_after: ['2020-01-01'], created_before: ['2021-01-01'] },
];

describe('the list of orders', () => {
  it.each(orderings)('by %s reads no more than it shows, in the order of an index', async (...ordering) => {
    const [, second] = await ask({ ordering }, { offset: 100, limit: 2 });
    for (const slice of [
      { offset: 0, limit: 21 },
      { beside: { keys: second?.listKey ?? [], back: false }, limit: 21 },
    ]) {
      const nodes = await planOf({ ordering }, slice);
      expect(nodes.filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([]);
      expect(sortsIn(nodes)).toEqual([]);
    }
  });

  it.each(alone)('narrowed by %o does so, too', async (filters) => {
    const nodes = await planOf({ filters }, { offset: 0, limit: 21 });
    expect(nodes.filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([]);
    expect(sortsIn(nodes)).toEqual([]);
  });

  it.each(orderings)('by %s gives each row once, by page and by keyset', async (...ordering) => {
    const slices = [0, 800, 1_600, 2_400].map((offset) => ask({ ordering }, { offset, limit: 800 }));
    const byPage = (await Promise.all(slices)).flat();
    const keys = byPage.map(({ id }) => id);
    expect(new Set(keys).size).toBe(keys.length);
    const beside = { keys: byPage[799]?.listKey ?? [], back: false };
    expect((await ask({ ordering }, { beside, limit: 800 })).map(({ id }) => id)).toEqual(
      keys.slice(800, 1_600),
    );
  });

  it('by payment status is in the order of the printed words', async () => {
    const ids = (await ask({ ordering: ['payment_status'] }, { offset: 0, limit: count })).map(
      ({ id }) => id,
    );
    const { rows } = await db.pool.query<{ word: string }>(
      `select case payment_status when 'unpaid' then 'pending' when 'overpaid' then 'paid'
         else payment_status end as word
       from unnest($2::uuid[]) with ordinality u (id, place) join orders using (id)
       where tenant_id = $1 order by place`,
      [tenantId, ids],
    );
    const said = rows.map(({ word }) => word);
    expect(said).toEqual([...said].sort());
    expect(new Set(said)).toEqual(new Set(['paid', 'pending', 'refunded']));
  });
});

const everyText = (
  'ORD-20260107|ord-202601|0107-00|7-0012|-0150|0150|015|15|D-2|6011|' +
  'Customer 001|CUSTOMER|17@example|jane|mug|TRK|pay_|a%b|_|zz|nothing at all'
).split('|');

/** The ids that a text finds, looked up and row by row. */
const bothWays = (text: string, of = shop) =>
  read(db, of, async (em) => {
    const spec = ordersList();
    const slice = { offset: 0, limit: 10_000 };
    const byRow = { ...everything, search: text };
    const lookedUp = await sought(em, { spec, query: byRow });
    const [slowly, quickly] = [
      await listRows<Line>(em, of.tenantId, { spec, query: byRow, slice }),
      await listRows<Line>(em, of.tenantId, { spec, query: lookedUp, slice }),
    ];
    return {
      found: lookedUp.found,
      slowly: slowly.map(({ id }) => id),
      quickly: quickly.map(({ id }) => id),
    };
  });

describe('a search for orders', () => {
  it.each(everyText)('for %s finds the same, looked up or row by row', async (text) => {
    const { found, slowly, quickly } = await bothWays(text);
    expect(Array.isArray(found)).toBe(true);
    expect(quickly).toEqual(slowly);
  });

  it('finds by every part that can be searched, and in any case', async () => {
    const { rows } = await db.pool.query<Record<'tracking' | 'reference', string>>(
      `select upper(right(tracking_number, 9)) as tracking, left(payment_reference, 12) as reference
       from orders where tenant_id = $1 and tracking_number is not null and payment_reference is not null
         and status <> 'DRAFT' limit 1`,
      [tenantId],
    );
    const [of] = rows;
    for (const text of [of?.tracking ?? '', of?.reference ?? '', 'Customer 0001', '0150', 'mug'])
      expect((await bothWays(text)).quickly.length).toBeGreaterThan(0);
  });

  it('for a whole number finds that order only', async () => {
    const number = orderNumber('2026-01-07T00:00:00.000Z', 12);
    expect((await bothWays(number.toLowerCase())).quickly.length).toBeLessThanOrEqual(1);
    const { rows } = await db.pool.query<{ number: string }>(
      `select number from orders where tenant_id = $1 and status = 'PENDING' limit 1`,
      [tenantId],
    );
    expect((await bothWays(rows[0]?.number.toLowerCase() ?? '')).quickly).toHaveLength(1);
  });

  it('leaves what many orders hold to the list, and counts nothing then', async () => {
    const counted = await read(db, shop, async (em) => {
      const spec = { ...ordersList(), find: () => Promise.resolve(null) };
      const query = await sought(em, { spec, query: { ...everything, search: 'mug' } });
      return { query, counted: await listCount(em, tenantId, { spec, query }) };
    });
    expect(counted.query.found).toBeNull();
    // So few orders are counted all the same.
    expect(counted.counted.isEstimate).toBe(false);
    const dense = await read(db, shop, (em) =>
      run<{ ids: unknown }>(em, 'select orders_holding($1, $2::text[], 100) as ids', ['mug', orderPlaces]),
    );
    expect(dense).toEqual([{ ids: null }]);
  });

  it('looks only where it may', async () => {
    const found = (places: readonly string[], text: string) =>
      read(db, shop, (em) =>
        run<{ ids: readonly string[] }>(em, 'select orders_holding($1, $2::text[], 10000) as ids', [
          text,
          places,
        ]),
      ).then(([row]) => row?.ids.length ?? 0);
    expect(await found(['sku'], 'mug')).toBeGreaterThan(count);
    expect(await found(['order_number', 'customer_name'], 'mug')).toBe(0);
    expect(await found(['customer_email'], 'Customer 0')).toBe(0);
    expect(await found([], 'mug')).toBe(0);
  });

  it('never leaves its tenant, whatever is asked', async () => {
    const { rows } = await db.pool.query<{ id: string }>('select id from orders where tenant_id = $1', [
      other.tenantId,
    ]);
    const theirs = new Set(rows.map(({ id }) => id));
    for (const text of everyText) {
      const found = await read(db, shop, (em) =>
        run<{ ids: readonly string[] }>(em, 'select orders_holding($1, $2::text[], 100000) as ids', [
          text,
          orderPlaces,
        ]),
      );
      expect(found.flatMap(({ ids }) => ids).filter((id) => theirs.has(id))).toEqual([]);
    }
    // Without a tenant there is nothing, and the role behind the search can be taken on by no request.
    const nowhere = await db.pool.connect();
    await nowhere.query(`begin; set local role orderloom_app; set local "app.tenant" = ''`);
    const none = await nowhere.query('select orders_holding($1, $2::text[], 100) as ids', [
      'mug',
      orderPlaces,
    ]);
    expect(none.rows).toEqual([{ ids: [] }]);
    await nowhere.query('rollback');
    nowhere.release();
    const { rows: rights } = await db.pool.query<{ may: boolean }>(
      `select pg_has_role(r, 'orderloom_search', 'MEMBER') as may
       from unnest(array['orderloom_app', 'orderloom_worker']) r`,
    );
    expect(rights).toEqual([{ may: false }, { may: false }]);
  });

  it('reads codes by their own indexes', async () => {
    const client = await db.pool.connect();
    await client.query(
      `begin; set local role orderloom_search; set local enable_seqscan = off;
       set local plan_cache_mode = force_custom_plan`,
    );
    for (const [index, condition] of [
      [
        'orders_tracking_number',
        `select id from orders where tenant_id = $1 and tracking_number ilike '%abc12%'`,
      ],
      [
        'orders_payment_reference',
        `select id from orders where tenant_id = $1 and payment_reference ilike '%abc12%'`,
      ],
    ] as const) {
      const { rows } = await client.query(`explain (format text) ${condition}`, [tenantId]);
      expect(JSON.stringify(rows)).toContain(index);
    }
    await client.query('rollback');
    client.release();
  });
});

describe('the lines of orders', () => {
  it('are narrowed by words of our own, drafts among them', async () => {
    const found = (filters: ListQuery['filters']) =>
      read(db, shop, (em) =>
        listCount(em, tenantId, { spec: orderSummaries, query: { ...everything, filters } }),
      );
    const all = await found({});
    expect(all.count).toBe(count + 1);
    expect((await found({ status: ['DRAFT'] })).count).toBeGreaterThan(0);
    expect((await found({ payment: ['overpaid'] })).count).toBeGreaterThan(0);
    expect((await found({ fulfillment: ['shipped'] })).count).toBe(0);
  });
});
