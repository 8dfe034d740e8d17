import { ok } from '@orderloom/core';
import { describe, expect, it } from 'vitest';
import { newId } from './ids.ts';
import { run } from './sql.ts';
import { changeOne, placeOne } from './testing/orders.ts';
import { anAct, aTenant, freshDatabase } from './testing.ts';
import { sqlStateOf } from './faults.ts';
import { transact } from './transact.ts';
import { writeDeeds } from './write/deed.ts';

const db = await freshDatabase();
const shop = await aTenant(db);
const { id: orderId } = await placeOne(db, shop);
const { id: sentId } = await placeOne(db, shop);
await changeOne(db, shop, { id: sentId, command: { type: 'shipOrder', trackingNumber: null } });

const check = '23514';
const refused = '23000';
/** What the database says to a write, as the owner of the tables would do it; nothing is kept. */
const attempt = async (...statements: readonly string[]) => {
  const client = await db.pool.connect();
  try {
    await client.query('begin');
    for (const statement of statements) await client.query(statement);
    await client.query('set constraints all immediate');
    return 'nothing';
  } catch (thrown) {
    return sqlStateOf(thrown);
  } finally {
    await client.query('rollback');
    client.release();
  }
};
const tenant = `tenant_id = '${shop.tenantId}'`;
const order = `${tenant} and id = '${orderId}'`;
const item = `${tenant} and order_id = '${sentId}'`;

describe('the database refuses', () => {
  it.each([
    ['pieces below zero (I-1)', `update stock_levels set on_hand = -1 where ${tenant}`],
    ['a reservation below zero (I-1)', `update stock_levels set reserved = -1 where ${tenant}`],
    ['more reserved than there is (I-2)', `update stock_levels set reserved = on_hand + 1 where ${tenant}`],
    ['more delivered than shipped (I-5)', `update order_items set delivered_quantity = 2 where ${item}`],
    ['more shipped than is open (I-5)', `update order_items set shipped_quantity = 2 where ${item}`],
    [
      'a cancelled piece that was shipped (I-5)',
      `update order_items set cancelled_quantity = 1 where ${item}`,
    ],
    ['more returned than shipped (I-5)', `update order_items set returned_quantity = 2 where ${item}`],
    ['more refunded than ordered (I-5)', `update order_items set refunded_quantity = 2 where ${item}`],
    ['a balance below its floor (I-8)', `update accounts set balance_minor = -1 where ${tenant}`],
    [
      'more captured than authorised (I-9)',
      `update payments set captured_minor = amount_minor + 1 where ${tenant}`,
    ],
    [
      'more refunded than captured (I-9)',
      `update payments set refunded_minor = captured_minor + 1 where ${tenant}`,
    ],
    ['a status that there is not', `update orders set status = 'LOST' where ${order}`],
  ])('%s', async (_, statement) => {
    expect(await attempt(statement)).toBe(check);
  });

  it('a payment in another currency than its order (I-21)', async () => {
    expect(await attempt(`update payments set currency = 'EUR' where ${tenant}`)).toBe('23503');
  });

  it('a second order with the same number (I-19)', async () => {
    expect(await attempt(`update orders set number = 'X', version = version + 1 where ${tenant}`)).toBe(
      '23505',
    );
  });

  it('a line of another tenant (I-18)', async () => {
    const other = await aTenant(db);
    const statement = `update orders set customer_id = '${other.customerId}' where ${order}`;
    expect(await attempt(statement)).toBe('23503');
  });

  it.each(['stock_movements', 'journal_entries', 'postings', 'events'])(
    'to change or forget %s',
    async (table) => {
      expect(await attempt(`update ${table} set tenant_id = tenant_id`)).toBe(refused);
      expect(await attempt(`delete from ${table}`)).toBe(refused);
      expect(await attempt(`truncate ${table} cascade`)).toBe(refused);
    },
  );

  it('an entry that does not add up to zero (I-7)', async () => {
    const entry = newId();
    const journal = `insert into journal_entries
      values ('${shop.tenantId}', '${entry}', 'x', 'USD', null, '${newId()}', null, now())`;
    const post = (position: number, amount: number, currency = 'USD') =>
      `insert into postings
        values ('${shop.tenantId}', '${entry}', ${position}, 'cash', '${currency}', ${amount})`;
    expect(await attempt(journal, post(0, 5), post(1, -4))).toBe(refused);
    expect(await attempt(journal, post(0, 5), post(1, -5, 'EUR'))).toBe(refused);
    expect(await attempt(journal, post(0, 5), post(1, -5))).toBe('nothing');
  });
});

const tell = (from: string, to: string, { version = 2, idx = 0 } = {}) =>
  `insert into events (tenant_id, id, order_id, version, idx, type, data, from_status, to_status, command_id,
     request_id, at, schema_version)
   values ('${shop.tenantId}', '${newId()}', '${orderId}', ${version}, ${idx}, 'test', '{}',
     '${from}', '${to}',
     '${newId()}', 'r', now(), 1)`;
const move = (to: string, version = 2) =>
  `update orders set status = '${to}', version = ${version} where ${order}`;

describe('a transition', () => {
  it('commits with its event', async () => {
    expect(await attempt(tell('CONFIRMED', 'PROCESSING'), move('PROCESSING'))).toBe('nothing');
  });

  it('commits with a path of events', async () => {
    const path = [tell('CONFIRMED', 'PROCESSING'), tell('PROCESSING', 'SHIPPED', { idx: 1 })];
    expect(await attempt(...path, move('SHIPPED'))).toBe('nothing');
  });

  it('cannot commit without an event (I-14)', async () => {
    expect(await attempt(move('PROCESSING'))).toBe(refused);
  });

  it('cannot commit when its events lead elsewhere (I-14)', async () => {
    expect(await attempt(tell('CONFIRMED', 'SHIPPED'), move('PROCESSING'))).toBe(refused);
  });

  it('cannot commit when its events begin elsewhere (I-14)', async () => {
    expect(await attempt(tell('PROCESSING', 'SHIPPED'), move('SHIPPED'))).toBe(refused);
  });

  it('cannot skip or keep a version (I-13)', async () => {
    expect(await attempt(tell('CONFIRMED', 'PROCESSING', { version: 3 }), move('PROCESSING', 3))).toBe(
      refused,
    );
    expect(await attempt(move('CONFIRMED', 1))).toBe(refused);
  });

  it('cannot leave the table of transitions (I-16)', async () => {
    expect(await attempt(tell('CONFIRMED', 'DELIVERED'))).toBe(check);
  });
});

describe('the writer', () => {
  it.each([
    ['takes more than there is', { onHand: -1_000, reserved: 0 }],
    ['reserves more than there is', { onHand: 0, reserved: 1_000 }],
  ])('throws when a command %s, and keeps nothing of it', async (_, change) => {
    const { variantId, locationId } = shop;
    const move = { kind: 'ADJUST' as const, variantId, locationId, lineId: null, ...change };
    const deed = { ...anAct(), events: [], moves: [move], entries: [] };
    const writing = transact(db, shop, async (em) => ok(await writeDeeds(em, shop.tenantId, [deed])));
    await expect(writing).rejects.toThrow('stock_levels');
  });

  it('throws when a balance would fall below its floor', async () => {
    const postings = [
      { account: `customer-balance:${shop.customerId}`, amount: -1_000_000 },
      { account: 'cash', amount: 1_000_000 },
    ];
    const deed = { ...anAct(), events: [], moves: [], entries: [{ memo: 'x', currency: 'USD', postings }] };
    const writing = transact(db, shop, async (em) => ok(await writeDeeds(em, shop.tenantId, [deed])));
    await expect(writing).rejects.toThrow('accounts');
    await transact(db, shop, async (em) => ok(await run(em, 'select 1', [])));
  });
});
