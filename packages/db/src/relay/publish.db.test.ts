import { setTimeout as sleep } from 'node:timers/promises';
import { ok } from '@orderloom/core';
import { describe, expect, it } from 'vitest';
import { check } from '../check.ts';
import { type Database, openDatabase } from '../database.ts';
import { newId } from '../ids.ts';
import { anAct, aTenant, freshDatabase, raceUntil, type TestTenant } from '../testing.ts';
import { changeOne, placeOne } from '../testing/orders.ts';
import { transact } from '../transact.ts';
import { writeDeeds } from '../write/deed.ts';
import { publishEvents } from './publish.ts';

const db = await freshDatabase({ poolMax: 20 });
const naive = { ...db, defenceOff: ['outbox'] as const };

async function publish(on: Database, { tenantId }: TestTenant, limit = 1_000) {
  const scope = { tenantId, role: 'worker' } as const;
  const done = await transact(on, scope, async (em) => ok(await publishEvents(em, tenantId, limit)));
  return done.ok ? done.value : [];
}

/** Writes an event and takes its time to commit. */
const writeSlowly = (of: TestTenant, ms: number) =>
  transact(db, of, async (em) => {
    await writeDeeds(em, of.tenantId, [
      { ...anAct(), events: [{ id: newId(), type: 'stock.adjusted', data: {} }], moves: [], entries: [] },
    ]);
    await sleep(ms);
    return ok(null);
  });

async function stored({ tenantId }: TestTenant) {
  const { rows } = await db.pool.query<{ id: string; feed: string | null; hash: string | null; key: string }>(
    `select id, feed_seq as feed, hash, order_id || ' ' || to_char(version * 100 + idx, '00000') as key
     from events where tenant_id = $1 order by feed_seq nulls last`,
    [tenantId],
  );
  return rows;
}
const oneToN = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

/** Many writers that commit in another order than they began in, and a publisher that does not wait. */
async function race(publisher: Database): Promise<TestTenant> {
  const shop = await aTenant(db);
  let writing = true;
  const publishing = (async () => {
    while (writing) await publish(publisher, shop);
  })();
  const writer = async (number: number) => {
    for (let turn = 0; turn < 15; turn += 1) await writeSlowly(shop, (number * 7 + turn * 5) % 23);
  };
  await Promise.all(Array.from({ length: 8 }, (_, number) => writer(number)));
  writing = false;
  await publishing;
  await publish(publisher, shop);
  return shop;
}

describe('publishing', () => {
  it('numbers events 1, 2, 3 whatever order they commit in, and misses none', async () => {
    const events = await stored(await race(db));
    expect(events).toHaveLength(8 * 15 + 1);
    expect(events.map(({ feed }) => feed)).toEqual(oneToN(events.length));
  });

  it('without its defence never sees what commits late', async () => {
    const lost = await raceUntil(
      (events) => events.length > 0,
      async () => (await stored(await race(naive))).filter(({ feed }) => feed === null),
    );
    expect(lost).not.toEqual([]);
  });

  it('numbers no event twice when many publish at once', async () => {
    const other = await openDatabase({ url: db.url, poolMax: 4, acquireTimeoutMs: 20_000 });
    const shop = await aTenant(db);
    for (let count = 0; count < 30; count += 1) await writeSlowly(shop, 0);
    const rounds = Array.from({ length: 12 }, (_, number) => publish(number % 2 ? db : other, shop, 5));
    await Promise.all(rounds);
    while ((await publish(db, shop, 5)).length > 0);
    await other.close();
    const events = await stored(shop);
    expect(events.map(({ feed }) => feed)).toEqual(oneToN(31));
    expect(new Set(events.map(({ hash }) => hash)).size).toBe(31);
  });

  it('tells of an order in the order of its versions', async () => {
    const shop = await aTenant(db, { stock: 100, balance: 1_000_000 });
    const orders = await Promise.all(Array.from({ length: 5 }, () => placeOne(db, shop)));
    await Promise.all(
      orders.map(async ({ id }) => {
        await changeOne(db, shop, { id, command: { type: 'startProcessing' } });
        await changeOne(db, shop, { id, command: { type: 'cancelOrder', reason: 'changed my mind' } });
      }),
    );
    while ((await publish(db, shop, 4)).length > 0);
    const keys = (await stored(shop)).map(({ key }) => key).filter((key) => key !== null);
    for (const { id } of orders) {
      const told = keys.filter((key) => key.startsWith(id));
      expect(told.length).toBeGreaterThan(3);
      expect(told).toEqual(told.toSorted());
    }
  });
});

describe('the hash chain', () => {
  it('shows what was changed behind the back of the application', async () => {
    const shop = await aTenant(db);
    for (let count = 0; count < 5; count += 1) await writeSlowly(shop, 0);
    await publish(db, shop, 2);
    await publish(db, shop);
    expect(await check(db, shop.tenantId)).toEqual([]);
    const tamper = (data: string) =>
      db.pool.query(
        `begin; alter table events disable trigger events_content_is_final;
         update events set data = '${data}' where tenant_id = '${shop.tenantId}' and feed_seq = 3;
         alter table events enable trigger events_content_is_final; commit`,
      );
    await tamper('{"quantity": 1}');
    const [found] = await check(db, shop.tenantId);
    expect(found).toMatchObject({ invariant: 'I-15', subject: 'feed 3' });
    await tamper('{}');
  });
});
