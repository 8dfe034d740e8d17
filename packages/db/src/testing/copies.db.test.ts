import { describe, expect, it } from 'vitest';
import { check } from '../check.ts';
import { aTenant, copyOrder, freshDatabase } from '../testing.ts';
import { placeOne } from './orders.ts';

const db = await freshDatabase();

describe('copies of an order', () => {
  it('are orders like the one that was placed', async () => {
    const shop = await aTenant(db, { stock: 1_000 });
    const order = await placeOne(db, shop, { payFromBalance: false, origin: 'service' });
    await copyOrder(db, { tenantId: shop.tenantId, orderId: order.id, count: 300, perMoment: 100 });
    await copyOrder(db, { tenantId: shop.tenantId, orderId: order.id, count: 200, first: 301 });
    const { rows } = await db.pool.query(
      `select count(*)::int as orders, (select reserved from stock_levels where tenant_id = $1) as reserved
       from orders where tenant_id = $1`,
      [shop.tenantId],
    );
    expect(rows).toEqual([{ orders: 501, reserved: 501 }]);
    expect(await check(db, shop.tenantId)).toEqual([]);
  });
});
