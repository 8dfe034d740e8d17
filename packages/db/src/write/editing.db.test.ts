import { draft, fold, ok, type Order, type OrderCommand } from '@orderloom/core';
import { describe, expect, it } from 'vitest';
import { check } from '../check.ts';
import type { Database } from '../database.ts';
import { eventsOf } from '../history.ts';
import { newId } from '../ids.ts';
import { loadOrders } from '../load.ts';
import { rows } from '../sql.ts';
import { StockLocationRow } from '../stock.ts';
import { aWrite, changeOne, placeOne } from '../testing/orders.ts';
import { anAct, type TestTenant } from '../testing/tenant.ts';
import { aTenant, freshDatabase } from '../testing.ts';
import { read, transact } from '../transact.ts';
import { writeDeeds } from './deed.ts';
import { openLevels } from './levels.ts';
import { writeOrders } from './orders.ts';

const db = await freshDatabase();
const at = '2026-11-21T09:00:00.000Z';
const mugs = ({ variantId }: TestTenant, quantity: number): OrderCommand => ({
  type: 'editOrder',
  lines: [{ variantId, ref: 'MUG', quantity }],
});

/** A second place with some mugs, chosen after the first. */
async function aBackroom(on: Database, shop: TestTenant, pieces: number): Promise<string> {
  const { tenantId, variantId } = shop;
  const id = newId();
  const now = new Date(at);
  await transact(on, shop, async (em) => {
    const place = { name: 'Backroom', priority: 2, active: true, version: 1, createdAt: now, updatedAt: now };
    await em.insert(StockLocationRow, { tenantId, id, ...place });
    await openLevels(em, tenantId, { keys: [{ variantId, locationId: id }], at });
    const moved = { variantId, locationId: id, lineId: null, onHand: pieces, reserved: 0 };
    const moves = [{ kind: 'RECEIVE' as const, ...moved }];
    await writeDeeds(em, tenantId, [{ ...anAct(), events: [], moves, entries: [] }]);
    return ok(null);
  });
  return id;
}

/** Carries out a command; the order must then be stored as its events tell it, with nothing amiss. */
async function changed(shop: TestTenant, id: string, command: OrderCommand): Promise<Order> {
  const done = await changeOne(db, shop, { id, command });
  if (!done.ok) throw new Error(done.error.code);
  const [stored, events] = await read(db, shop, async (em) => [
    (await loadOrders(em, shop.tenantId, [id])).get(id),
    (await eventsOf(em, shop.tenantId, [id])).get(id),
  ]);
  expect(stored).toEqual(fold(events ?? []));
  expect(stored).toEqual(done.value);
  expect(await check(db, shop.tenantId)).toEqual([]);
  return done.value;
}

const levels = (shop: TestTenant) =>
  read(db, shop, (em) =>
    rows<{ reserved: number }>(
      em,
      `select reserved from stock_levels l join stock_locations p on p.id = l.location_id
       where l.tenant_id = $1 order by p.priority`,
      [shop.tenantId],
    ),
  ).then((found) => found.map(({ reserved }) => reserved));

describe('an edited order', () => {
  it('holds what its lines hold, goes on at another place, and ships it all', async () => {
    const shop = await aTenant(db, { stock: 3 });
    await aBackroom(db, shop, 4);
    const { id } = await placeOne(db, shop, { payFromBalance: false, discount: 300, charged: true });

    const grown = await changed(shop, id, mugs(shop, 5));
    expect(grown.lines.map(({ quantity, position }) => [position, quantity])).toEqual([
      [0, 3],
      [1, 2],
    ]);
    expect(grown).toMatchObject({ version: 2, subtotal: 12_500, discount: 300, total: 12_200 });
    expect(await levels(shop)).toEqual([3, 2]);

    const shrunk = await changed(shop, id, mugs(shop, 2));
    expect(shrunk.lines.map(({ quantity }) => quantity)).toEqual([2, 0]);
    expect(await levels(shop)).toEqual([2, 0]);

    await changed(shop, id, { type: 'confirmOrder' });
    await changed(shop, id, mugs(shop, 7));
    expect(await levels(shop)).toEqual([3, 4]);
    const shipped = await changed(shop, id, { type: 'shipOrder', trackingNumber: null });
    expect(shipped).toMatchObject({ fulfillmentStatus: 'shipped', total: 17_200 });
    expect(await levels(shop)).toEqual([0, 0]);
  });

  it('gives its discount back with the pieces that it was given for', async () => {
    const shop = await aTenant(db, { price: 100 });
    const lines = [{ variantId: shop.variantId, ref: 'MUG', quantity: 5, unitPrice: null }];
    const { id } = await placeOne(db, shop, { payFromBalance: false, lines, discount: 300 });
    const edited = await changed(shop, id, mugs(shop, 2));
    expect(edited).toMatchObject({ subtotal: 200, discount: 200, total: 0 });
    expect(edited.charges).toMatchObject([{ kind: 'DISCOUNT', amount: 200 }]);
  });

  it('is refused for more than there is, and nothing has changed', async () => {
    const shop = await aTenant(db, { stock: 3 });
    const placed = await placeOne(db, shop, { payFromBalance: false });
    expect(await changeOne(db, shop, { id: placed.id, command: mugs(shop, 4) })).toMatchObject({
      error: { code: 'INSUFFICIENT_STOCK', shortages: [{ requested: 4, available: 3 }] },
    });
    const stored = await read(db, shop, (em) => loadOrders(em, shop.tenantId, [placed.id]));
    expect(stored.get(placed.id)).toEqual(placed);
    expect(await check(db, shop.tenantId)).toEqual([]);
  });
});

describe('a draft with lines', () => {
  const drafted = async (shop: TestTenant): Promise<string> => {
    const id = newId();
    const event = draft({ id, at, origin: 'service', customerId: null, userId: null }, 'USD');
    await transact(db, shop, async (em) => ok(await writeOrders(em, shop.tenantId, [aWrite(null, [event])])));
    return id;
  };

  it('holds nothing, and is confirmed with what lies where', async () => {
    const shop = await aTenant(db, { stock: 3 });
    await aBackroom(db, shop, 4);
    const id = await drafted(shop);
    const written = await changed(shop, id, mugs(shop, 6));
    expect(written.lines).toMatchObject([{ quantity: 6, locationId: shop.locationId }]);
    expect(await levels(shop)).toEqual([0, 0]);

    const confirmed = await changed(shop, id, { type: 'confirmDraft', declaredTotal: written.total });
    expect(confirmed.lines.map(({ quantity }) => quantity)).toEqual([3, 3]);
    expect(confirmed.lines[0]?.id).toBe(written.lines[0]?.id);
    expect(await levels(shop)).toEqual([3, 3]);
    await changed(shop, id, mugs(shop, 1));
    expect(await levels(shop)).toEqual([1, 0]);
  });

  it('is placed at the place that has its pieces', async () => {
    const shop = await aTenant(db, { stock: 3 });
    const backroom = await aBackroom(db, shop, 4);
    const id = await drafted(shop);
    await changed(shop, id, mugs(shop, 4));
    const placed = await changed(shop, id, { type: 'placeDraft' });
    expect(placed.lines).toMatchObject([{ quantity: 4, locationId: backroom }]);
    expect(await levels(shop)).toEqual([0, 4]);
  });
});
