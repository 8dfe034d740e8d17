import { ok } from '@orderloom/core';
import { describe, expect, it } from 'vitest';
import { CustomerRow } from '../customer.ts';
import { newId } from '../ids.ts';
import { sqlStateOf } from '../faults.ts';
import { aTenant, freshDatabase, type TestTenant } from '../testing.ts';
import { read, transact } from '../transact.ts';
import { writeCart } from '../write/carts.ts';
import { cartOf, closeCarts, lockCarts } from './carts.ts';

const db = await freshDatabase();
const at = '2026-11-21T10:00:00.000Z';

/** A new cart of a customer with so many pieces in it. */
const aCart = (shop: TestTenant, customerId: string, version = 1): Promise<string> => {
  const cart = { id: newId(), customerId, status: 'Active', version } as const;
  const item = { productId: shop.productId, variantId: shop.variantId, quantity: 2 };
  return transact(db, shop, async (em) => ok(await writeCart(em, shop.tenantId, { cart, item, at }))).then(
    () => cart.id,
  );
};

async function anotherCustomer(shop: TestTenant, ref: number): Promise<string> {
  const { tenantId } = shop;
  const now = new Date(at);
  const named = { ref, code: `CUST${ref}`, name: 'Ada', email: 'ada@example.com', locale: 'en' };
  const row = { tenantId, id: newId(), version: 1, createdAt: now, updatedAt: now };
  await transact(db, shop, async (em) =>
    ok(await em.insert(CustomerRow, { ...row, ...named, creditLimitMinor: 0 })),
  );
  return row.id;
}

describe('the newest cart of a customer', () => {
  it('is the active one, and the last that was ordered when none is', async () => {
    const shop = await aTenant(db);
    const { tenantId, customerId } = shop;
    const newest = () => read(db, shop, (em) => cartOf(em, tenantId, customerId));
    expect(await newest()).toBeUndefined();
    const first = await aCart(shop, customerId);
    await transact(db, shop, async (em) => ok(await closeCarts(em, tenantId, { cartIds: [first], at })));
    expect(await newest()).toMatchObject({ id: first, status: 'Ordered', version: 2 });
    const second = await aCart(shop, customerId, 3);
    expect(await newest()).toEqual({
      id: second,
      customerId,
      customerRef: 1,
      status: 'Active',
      version: 3,
      items: [{ productId: shop.productId, productRef: 1, variantId: shop.variantId, quantity: 2 }],
    });
  });

  it('is the only one that is active', async () => {
    const shop = await aTenant(db);
    await aCart(shop, shop.customerId);
    expect(await aCart(shop, shop.customerId, 2).then(() => 'stored', sqlStateOf)).toBe('23505');
  });
});

describe('locked carts', () => {
  it('make whoever comes second wait, and show them what the first has done', async () => {
    const shop = await aTenant(db);
    const { tenantId, customerId } = shop;
    const id = await aCart(shop, customerId);
    const order: string[] = [];
    let locked = () => {};
    const isLocked = new Promise<void>((resolve) => (locked = resolve));
    const first = transact(db, shop, async (em) => {
      await lockCarts(em, tenantId, [customerId]);
      locked();
      await new Promise((resolve) => setTimeout(resolve, 100));
      order.push('first');
      return ok(await closeCarts(em, tenantId, { cartIds: [id], at }));
    });
    await isLocked;
    const second = await transact(db, shop, async (em) => {
      const carts = await lockCarts(em, tenantId, [customerId]);
      order.push('second');
      return ok(carts.get(customerId));
    });
    await first;
    expect(order).toEqual(['first', 'second']);
    expect(second.ok && second.value).toMatchObject({ id, status: 'Ordered', version: 2 });
  });

  it('of many customers are locked in one order, so that nobody waits in a circle', async () => {
    const shop = await aTenant(db);
    const ids = [shop.customerId];
    for (let ref = 2; ref <= 8; ref += 1) ids.push(await anotherCustomer(shop, ref));
    for (const id of ids) await aCart(shop, id);
    const lockAll = (wanted: readonly string[]) =>
      transact(db, shop, async (em) => ok((await lockCarts(em, shop.tenantId, wanted)).size));
    const both = Array.from({ length: 12 }, (_, at) => lockAll(at % 2 === 0 ? ids : [...ids].reverse()));
    expect(await Promise.all(both)).toEqual(both.map(() => ({ ok: true, value: 8 })));
  });

  it('are none of another tenant', async () => {
    const [ours, theirs] = [await aTenant(db), await aTenant(db)];
    await aCart(theirs, theirs.customerId);
    const found = await transact(db, ours, async (em) =>
      ok(await lockCarts(em, ours.tenantId, [theirs.customerId])),
    );
    expect(found.ok && found.value.size).toBe(0);
  });
});
