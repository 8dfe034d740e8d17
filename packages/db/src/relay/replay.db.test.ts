import { ok } from '@orderloom/core';
import { describe, expect, it } from 'vitest';
import { dataEpoch } from '../queries/epoch.ts';
import { aTenant, freshDatabase, type TestTenant } from '../testing.ts';
import { placeOne } from '../testing/orders.ts';
import { read, transact } from '../transact.ts';
import { claimDeliveries } from './deliveries.ts';
import { publishEvents } from './publish.ts';
import { replayEvents } from './replay.ts';

const db = await freshDatabase();
const consumer = 'broker';

async function published(shop: TestTenant, orders: number): Promise<void> {
  for (let order = 0; order < orders; order += 1) await placeOne(db, shop);
  await transact(db, { ...shop, role: 'worker' }, async (em) =>
    ok(await publishEvents(em, shop.tenantId, 1_000)),
  );
}
const replayed = (shop: TestTenant, after: number) =>
  transact(db, { ...shop, role: 'worker' }, async (em) =>
    ok(await replayEvents(em, shop.tenantId, { consumer, after })),
  );
const claimed = async (shop: TestTenant) => {
  const { tenantId } = shop;
  const done = await transact(db, { tenantId, role: 'worker' }, async (em) =>
    ok(await claimDeliveries(em, { tenantId, consumer, limit: 1_000, leaseMs: 60_000 })),
  );
  return done.ok ? done.value.map(({ event }) => event.feedSeq) : [];
};

describe('telling a consumer again', () => {
  it('queues what comes after a feed number, once, and of one tenant', async () => {
    const [shop, other] = [await aTenant(db), await aTenant(db)];
    await published(shop, 3);
    await published(other, 1);
    const all = await db.pool.query(`select count(*)::int as n from events where tenant_id = $1`, [
      shop.tenantId,
    ]);
    const last = all.rows[0].n;
    expect(last).toBeGreaterThanOrEqual(3);
    expect(await replayed(shop, 1)).toEqual(ok(last - 1));
    expect(await replayed(shop, 1)).toEqual(ok(0));
    expect(await replayed(shop, 0)).toEqual(ok(1));
    expect(await claimed(shop)).toEqual(Array.from({ length: last }, (_, at) => at + 1));
    expect(await claimed(other)).toEqual([]);
  });
});

describe('the epoch of a tenant', () => {
  const epoch = (shop: TestTenant, customerId: string | null = null) =>
    read(db, shop, (em) => dataEpoch(em, shop.tenantId, customerId));

  it('moves with every order, and not when its events are published', async () => {
    const shop = await aTenant(db);
    const seen = [await epoch(shop)];
    for (let order = 0; order < 3; order += 1) {
      await placeOne(db, shop);
      seen.push(await epoch(shop));
    }
    expect(new Set(seen).size).toBe(4);
    await published(shop, 0);
    expect(await epoch(shop)).toBe(seen.at(-1));
  });

  it('of a customer stands still when others order', async () => {
    const shop = await aTenant(db);
    const before = await epoch(shop, shop.customerId);
    await placeOne(db, await aTenant(db));
    expect(await epoch(shop, shop.customerId)).toBe(before);
    await placeOne(db, shop);
    expect(await epoch(shop, shop.customerId)).not.toBe(before);
  });
});
