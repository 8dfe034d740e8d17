import { ok, orderStats, paymentStats } from '@orderloom/core';
import { describe, expect, it } from 'vitest';
import { check } from '../check.ts';
import { hideOrder } from '../write/hide.ts';
import { migrate, pending, rollback } from '../migrate.ts';
import { anAct } from '../testing/tenant.ts';
import { aTenant, copyOrder, freshDatabase, type TestTenant } from '../testing.ts';
import { changeOne, placeOne } from '../testing/orders.ts';
import { read, tenantIds, transact } from '../transact.ts';
import { foldTallies, newestOrders, orderGroups, paymentGroups } from './order-stats.ts';

const db = await freshDatabase();
const everybody = { customerId: null, storeIds: null };
const at = '2026-11-21T12:00:00.000Z';

const asked = async (of: TestTenant, counted: Parameters<typeof orderGroups>[2] = everybody) =>
  read(db, of, async (em) => {
    const { groups, scores } = await orderGroups(em, of.tenantId, counted);
    const payments = await paymentGroups(em, of.tenantId, counted);
    const orders = orderStats(groups, { currency: 'USD', scores });
    return { orders, payments: paymentStats(payments, 'USD') };
  });
const fold = (tenantId: string, limit = 10_000) =>
  transact<number, never>(db, { tenantId, role: 'worker' }, async (em) =>
    ok(await foldTallies(em, tenantId, limit)),
  );
const changes = async (tenantId: string) =>
  (await db.pool.query('select 1 from tally_changes where tenant_id = $1', [tenantId])).rowCount;

/** Orders in many states, some paid, one refunded, one hidden. */
async function aLife(of: TestTenant): Promise<void> {
  const unpaid = await placeOne(db, of, { payFromBalance: false, storeId: of.storeId });
  const sent = await placeOne(db, of, { charged: true });
  await changeOne(db, of, { id: sent.id, command: { type: 'shipOrder', trackingNumber: null } });
  await changeOne(db, of, { id: sent.id, command: { type: 'deliverOrder' } });
  const gone = await placeOne(db, of, { charged: true });
  await changeOne(db, of, { id: gone.id, command: { type: 'cancelOrder', reason: 'test' } });
  const hidden = await placeOne(db, of, { charged: true });
  await changeOne(db, of, { id: unpaid.id, command: { type: 'confirmOrder' } });
  await transact(db, of, async (em) => {
    const act = anAct({ at });
    return ok(await hideOrder(em, of.tenantId, { order: hidden, ...act }));
  });
}

describe('the statistics', () => {
  it('follow orders from state to state, and forget what is hidden', async () => {
    const shop = await aTenant(db);
    await aLife(shop);
    const { orders, payments } = await asked(shop);
    expect(orders).toMatchObject({
      total_orders: 3,
      processing_orders: 1,
      delivered_orders: 1,
      cancelled_orders: 1,
      total_revenue: '25.00',
      average_order_value: '8.33',
      orders_by_month: { '2026-11': 3 },
    });
    expect(payments).toMatchObject({
      total_payments: 2,
      paid_payments: 1,
      refunded_payments: 1,
      total_amount: '50.00',
      refunded_amount: '25.00',
      payments_by_method: { balance: 2 },
    });
  });

  it('are the same before and after what has changed is added up', async () => {
    const shop = await aTenant(db);
    await aLife(shop);
    const before = await asked(shop);
    expect(await fold(shop.tenantId, 3)).toEqual({ ok: true, value: 3 });
    expect(await asked(shop)).toEqual(before);
    await fold(shop.tenantId);
    expect(await changes(shop.tenantId)).toBe(0);
    expect(await asked(shop)).toEqual(before);
    expect(await check(db, shop.tenantId)).toEqual([]);
  });

  it('of a customer and of a store are those of their orders', async () => {
    const shop = await aTenant(db);
    await aLife(shop);
    const { customerId, storeId } = shop;
    expect(await asked(shop, { customerId, storeIds: null })).toEqual(await asked(shop));
    const stranger = { customerId: storeId, storeIds: null };
    expect(await asked(shop, stranger)).toMatchObject({ orders: { total_orders: 0 } });
    for (const whose of [null, customerId]) {
      const counted = await asked(shop, { customerId: whose, storeIds: [storeId] });
      const { rows } = await db.pool.query(
        `select count(*)::int as orders from orders
         where tenant_id = $1 and store_id = $2 and deleted_at is null`,
        [shop.tenantId, storeId],
      );
      expect(counted.orders.total_orders).toBe(rows[0].orders);
      expect(await asked(shop, { customerId: whose, storeIds: [] })).toMatchObject({
        orders: { total_orders: 0 },
        payments: { total_payments: 0 },
      });
    }
  });

  it('are added up once by two that do it at once, while orders come in', async () => {
    const shop = await aTenant(db, { stock: 100, balance: 1_000_000 });
    let writing = true;
    const writes = Promise.all(
      Array.from({ length: 3 }, async () => {
        for (let turn = 0; turn < 10; turn += 1) {
          const { id } = await placeOne(db, shop, { charged: true });
          await changeOne(db, shop, { id, command: { type: 'shipOrder', trackingNumber: null } });
        }
      }),
    ).finally(() => (writing = false));
    const sweeps = Array.from({ length: 2 }, async () => {
      while (writing) await fold(shop.tenantId, 5);
    });
    let last = 0;
    while (writing) {
      const { orders } = await asked(shop);
      expect(orders.total_orders).toBeGreaterThanOrEqual(last);
      last = orders.total_orders;
    }
    await Promise.all([writes, ...sweeps]);
    expect((await asked(shop)).orders).toMatchObject({ total_orders: 30, shipped_orders: 30 });
    await Promise.all([fold(shop.tenantId), fold(shop.tenantId)]);
    expect(await changes(shop.tenantId)).toBe(0);
    expect((await asked(shop)).orders).toMatchObject({ total_orders: 30, shipped_orders: 30 });
  });

  it('come with the newest orders, whoever asks', async () => {
    const shop = await aTenant(db, { stock: 1_000 });
    const { customerId, storeId, tenantId } = shop;
    const { id } = await placeOne(db, shop, { payFromBalance: false, storeId });
    await copyOrder(db, { tenantId, orderId: id, count: 300 });
    const { rows } = await db.pool.query<{ id: string }>(
      'select id from orders where tenant_id = $1 order by created_at desc, id desc limit 10',
      [tenantId],
    );
    for (const of of [everybody, { customerId, storeIds: null }, { customerId: null, storeIds: [storeId] }])
      expect(await read(db, shop, (em) => newestOrders(em, tenantId, of))).toEqual(rows.map((row) => row.id));
  });
});

it('what was there before there were statistics is counted', async () => {
  const shops = [await aTenant(db), await aTenant(db)];
  for (const shop of shops) await aLife(shop);
  const before = await Promise.all(shops.map((shop) => asked(shop)));
  while (!(await pending(db)).includes('Migration20261121101400-statistics')) await rollback(db);
  await migrate(db);
  expect(await Promise.all(shops.map((shop) => asked(shop)))).toEqual(before);
  for (const tenantId of await tenantIds(db)) expect(await changes(tenantId)).toBe(0);
  expect(await check(db)).toEqual([]);
});
