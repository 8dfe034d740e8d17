import { describe, expect, it } from 'vitest';
import { check, forWholeTables } from './check.ts';
import { newId } from './ids.ts';
import { invariants } from './invariants.ts';
import { run } from './sql.ts';
import { changeOne, placeOne } from './testing/orders.ts';
import { aTenant, freshDatabase } from './testing.ts';
import { read } from './transact.ts';

const db = await freshDatabase({ checked: false });
const shop = await aTenant(db);
const { id } = await placeOne(db, shop);
const { id: sentId } = await placeOne(db, shop);
await changeOne(db, shop, { id: sentId, command: { type: 'shipOrder', trackingNumber: null } });

const tenant = `tenant_id = '${shop.tenantId}'`;
const order = `${tenant} and id = '${id}'`;
const ofOrder = `${tenant} and order_id = '${id}'`;
const event = `${ofOrder} and idx = 0`;

/** Writes past every defence, reads what the check finds, and takes the damage back. */
async function damaged(...statements: readonly string[]): Promise<string[]> {
  const client = await db.pool.connect();
  const copies = [
    'order_groups',
    'stock_levels',
    'order_items',
    'payments',
    'accounts',
    'events',
    'orders',
    'stock_movements',
    'postings',
    'idempotency_records',
    'tally_changes',
  ];
  try {
    await client.query('set session_replication_role = replica');
    for (const table of copies)
      await client.query(`create temp table was_${table} as select * from ${table}`);
    for (const statement of statements) await client.query(statement);
    return [...new Set((await check(db, shop.tenantId)).map(({ invariant }) => invariant))];
  } finally {
    for (const table of copies)
      await client.query(
        `delete from ${table}; insert into ${table} overriding system value select * from was_${table};
         drop table was_${table}`,
      );
    await client.query('reset session_replication_role');
    client.release();
  }
}

await db.pool.query(`
  alter table stock_levels 
    drop constraint stock_levels_not_negative, drop constraint stock_levels_no_oversell;
  alter table order_items drop constraint order_items_quantities;
  alter table payments drop constraint payments_amounts;
  alter table events drop constraint events_status_pair;
  alter table idempotency_records drop constraint idempotency_records_done`);

describe('the check', () => {
  it('finds nothing where nothing is wrong', async () => {
    expect(await check(db)).toEqual([]);
  });

  it.each([
    ['I-1', `update stock_levels set reserved = -1 where ${tenant}`],
    ['I-2', `update stock_levels set reserved = on_hand + 1 where ${tenant}`],
    ['I-3', `update stock_levels set reserved = reserved + 1 where ${tenant}`],
    ['I-4', `update stock_levels set on_hand = on_hand + 1 where ${tenant}`],
    ['I-5', `update order_items set delivered_quantity = 2 where ${ofOrder}`],
    ['I-6', `update stock_movements set reserved = 0 where ${ofOrder}`],
    [
      'I-7',
      `update postings set amount_minor = amount_minor + 1 where ${tenant} and account like 'order-funds:%'`,
    ],
    ['I-8', `update accounts set balance_minor = balance_minor + 1 where ${tenant} and kind = 'balance'`],
    ['I-9', `update payments set refunded_minor = captured_minor + 1 where ${ofOrder}`],
    ['I-10', `update orders set total_minor = total_minor + 1 where ${order}`],
    ['I-10', `update order_items set item_quantity = item_quantity + 1 where ${ofOrder}`],
    ['I-11', `update orders set paid_minor = paid_minor + 1 where ${order}`],
    ['I-12', `update orders set notes = 'not in any event' where ${order}`],
    ['I-13', `update orders set version = 2 where ${order}`],
    ['I-14', `update events set from_status = 'PENDING' where ${event}`],
    ['I-15', `update events set feed_seq = 2, published_at = now() where ${event}`],
    ['I-15', `update events set feed_seq = 1, published_at = now(), hash = 'h' where ${event}`],
    ['I-16', `update events set to_status = 'DELIVERED' where ${event}`],
    [
      'I-17',
      `insert into idempotency_records values
        ('${shop.tenantId}', '${shop.principalId}', 'r', 'k', 'h', 'DONE', null, null,
          null, null, now(), now())`,
    ],
    ['I-18', `update events set actor_id = '${newId()}' where ${event}`],
    ['I-19', `update orders set number = null where ${order}`],
    ['I-20', `update payments set group_payment_id = '${newId()}' where ${ofOrder}`],
    [
      'I-20',
      `insert into order_groups values ('${shop.tenantId}', '${id}', null, 'USD', now());
       update orders set group_id = '${id}' where ${order}`,
    ],
    ['I-21', `update payments set currency = 'EUR' where ${ofOrder}`],
    ['I-24', `update tally_changes set count = count + 1 where ${tenant}`],
    ['I-24', `update payments set method = 'cash' where ${ofOrder}`],
    ['I-22', `update order_items set unit_price_minor = unit_price_minor + 1 where ${ofOrder}`],
  ])('finds what breaks %s', async (invariant, statement) => {
    expect(await damaged(statement)).toContain(invariant);
  });
});

describe('what the invariants cost', () => {
  const orders = 60;
  type Node = {
    readonly 'Actual Rows': number;
    readonly 'Actual Loops': number;
    readonly 'Rows Removed by Join Filter'?: number;
    readonly Plans?: readonly Node[];
  };
  const looked = (node: Node): number =>
    Math.max(
      (node['Actual Rows'] + (node['Rows Removed by Join Filter'] ?? 0)) * node['Actual Loops'],
      ...(node.Plans ?? []).map(looked),
    );

  it('grows with the rows there are and not with their square', async () => {
    const busy = await aTenant(db, { stock: 1_000, balance: 1_000_000 });
    for (let order = 0; order < orders; order += 1) await placeOne(db, busy);
    const { rows: counted } = await db.pool.query<{ count: number }>(
      'select count(*)::int as count from events where tenant_id = $1',
      [busy.tenantId],
    );
    const found = await read(db, busy, async (em) => {
      await run(em, forWholeTables, []);
      const most: number[] = [];
      for (const { sql } of invariants) {
        const text = `explain (analyze, format json) ${sql}`;
        const [told] = await run<{ 'QUERY PLAN': readonly [{ readonly Plan: Node }] }>(em, text, [
          busy.tenantId,
        ]);
        most.push(told ? looked(told['QUERY PLAN'][0].Plan) : 0);
      }
      return most;
    });
    // An order has a few events, movements and postings; several looks at each of them are none too many.
    expect(Math.max(...found)).toBeLessThan(5 * (counted[0]?.count ?? 0));
  });
});
