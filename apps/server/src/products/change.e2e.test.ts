import { raceUntil } from '@orderloom/db/testing';
import { describe, expect, it } from 'vitest';
import { aShop, procedures, refusalFrom, startApp } from '../testing.ts';

const app = await startApp();
const bare = await startApp({ defenceOff: ['version'], checked: false });

async function open(on = app) {
  const shop = await aShop(on, { stock: 10, price: 2_500 });
  return {
    tenant: shop.tenant,
    staff: await procedures(on, shop.staff),
    customer: await procedures(on, shop.customer),
  };
}

describe('a product', () => {
  it('takes a new name, price and quantity, each with its history', async () => {
    const { staff } = await open();
    const before = await staff.products.onSale({ id: 1 });
    expect(before).toMatchObject({ ref: 1, sku: 'MUG', price: 2_500, available: 10 });
    const after = await staff.products.update({ id: 'MUG', name: 'Big mug', price: 2_600, quantity: 4 });
    expect(after).toMatchObject({ name: 'Big mug', price: 2_600, available: 4 });
    expect(after.version).toBeGreaterThan(before.version);
    expect(await staff.products.onSale({ id: 1 })).toEqual(after);
    const { items } = await staff.stock.movements({ id: 1, limit: 1 });
    expect(items).toMatchObject([{ kind: 'ADJUST', onHand: -6, reason: 'Set to 4 for sale' }]);
    const order = await staff.orders.place({ items: [{ product: 1, quantity: 1 }] });
    expect(order.lines).toMatchObject([{ name: 'Big mug', unitPrice: 2_600 }]);
  });

  it('keeps what is promised to orders when it is counted', async () => {
    const { staff } = await open();
    await staff.orders.place({ items: [{ product: 1, quantity: 4 }] });
    expect(await staff.products.update({ id: 1, quantity: 0 })).toMatchObject({ available: 0 });
    const [level] = await staff.stock.levels({ id: 1 });
    expect(level).toMatchObject({ onHand: 4, reserved: 4 });
    expect(await staff.products.update({ id: 1, quantity: 7 })).toMatchObject({ available: 7 });
  });

  it('stays the same version when nothing changes', async () => {
    const { staff } = await open();
    const before = await staff.products.onSale({ id: 1 });
    expect(await staff.products.update({ id: 1, name: 'Mug', price: 2_500, quantity: 10 })).toEqual(before);
  });

  it('is another version once an order has taken of it', async () => {
    const { staff } = await open();
    const { version } = await staff.products.onSale({ id: 1 });
    await staff.orders.place({ items: [{ product: 1, quantity: 1 }] });
    const update = staff.products.update({ id: 1, quantity: 9, expectedVersion: version });
    const refused = await refusalFrom(update);
    expect(refused).toMatchObject({ code: 'VERSION_CONFLICT' });
    const { version: current } = await staff.products.onSale({ id: 1 });
    expect(refused).toMatchObject({ currentVersion: current });
    expect(await refusalFrom(staff.products.remove({ id: 1, expectedVersion: version }))).toEqual(refused);
  });

  it('begins with what there is of it', async () => {
    const { staff } = await open();
    const tea = await staff.products.create({ name: 'Tea', price: 450, quantity: 30 });
    expect(tea).toMatchObject({ sku: 'P-2', available: 30, variants: [{ onHand: 30, available: 30 }] });
    expect(await staff.products.onSale({ id: tea.id })).toMatchObject({ available: 30 });
  });

  it('that is taken off sale is in no list and in no new order, and stays in the old ones', async () => {
    const { staff } = await open();
    const { id } = await staff.orders.place({ items: [{ product: 1, quantity: 1 }] });
    expect(await staff.products.remove({ id: 1 })).toBeNull();
    expect(await staff.products.catalogue()).toEqual([]);
    const gone = { code: 'PRODUCT_NOT_FOUND', id: '1' };
    expect(await refusalFrom(staff.products.onSale({ id: 1 }))).toEqual(gone);
    expect(await refusalFrom(staff.products.update({ id: 1, quantity: 1 }))).toEqual(gone);
    expect(await refusalFrom(staff.products.remove({ id: 1 }))).toEqual(gone);
    const again = staff.orders.place({ items: [{ product: 1, quantity: 1 }] });
    expect(await refusalFrom(again)).toMatchObject({ code: 'PRODUCT_UNKNOWN' });
    expect(await staff.orders.get({ id })).toMatchObject({ lines: [{ sku: 'MUG', quantity: 1 }] });
  });

  it('holds no more pieces than can be counted', async () => {
    const { staff } = await open();
    await staff.orders.place({ items: [{ product: 1, quantity: 1 }] });
    expect(await refusalFrom(staff.products.update({ id: 1, quantity: 2_147_483_647 }))).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'quantity' }],
    });
  });

  it('is seen by everybody and written by staff alone', async () => {
    const { customer } = await open();
    expect(await customer.products.onSale({ id: 1 })).toMatchObject({ ref: 1 });
    const forbidden = { code: 'FORBIDDEN', scope: 'products:write' };
    expect(await refusalFrom(customer.products.update({ id: 99, price: 1 }))).toEqual(forbidden);
    expect(await refusalFrom(customer.products.remove({ id: 1 }))).toEqual(forbidden);
    expect(await refusalFrom(customer.products.create({ name: 'Tea', price: 1 }))).toEqual(forbidden);
  });

  it('has its stock changed only by those who may change stock', async () => {
    const shop = await aShop(app);
    const scopes = `update api_tokens set scopes = '{products:write}' where principal_id = $1`;
    await app.db.pool.query(scopes, [shop.staff.id]);
    const staff = await procedures(app, shop.staff);
    expect(await staff.products.update({ id: 1, price: 300 })).toMatchObject({ price: 300 });
    const forbidden = { code: 'FORBIDDEN', scope: 'stock:write' };
    expect(await refusalFrom(staff.products.update({ id: 1, quantity: 3 }))).toEqual(forbidden);
    const stocked = staff.products.create({ name: 'Tea', price: 1, quantity: 1 });
    expect(await refusalFrom(stocked)).toEqual(forbidden);
    expect(await staff.products.create({ name: 'Tea', price: 1 })).toMatchObject({ available: 0 });
  });
});

/** Ten callers who all saw the same version take one piece each; how many of them are told it went well. */
async function takers(on: typeof app): Promise<number> {
  const { staff } = await open(on);
  const { version, available } = await staff.products.onSale({ id: 1 });
  const take = () => staff.products.update({ id: 1, quantity: available - 1, expectedVersion: version });
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      take().then(
        () => 1,
        () => 0,
      ),
    ),
  );
  return answers.reduce<number>((sum, one) => sum + one, 0);
}

describe('ten takers of one stock', () => {
  it('never overwrite each other', async () => {
    expect(await takers(app)).toBe(1);
  });

  it('would without the locks', async () => {
    const took = await raceUntil(
      (count) => count > 1,
      () => takers(bare),
    );
    expect(took).toBeGreaterThan(1);
  });
});
