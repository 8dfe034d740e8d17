import { raceUntil } from '@orderloom/db/testing';
import { describe, expect, it } from 'vitest';
import { aShop, procedures, refusalFrom, startApp } from '../testing.ts';

const app = await startApp();
const bare = await startApp({ defenceOff: ['version'], checked: false });

/** A shop with ten mugs and a customer, and what staff and the customer may call. */
async function open(on = app, options: Parameters<typeof aShop>[1] = { stock: 10 }) {
  const shop = await aShop(on, options);
  return {
    tenant: shop.tenant,
    staff: await procedures(on, shop.staff),
    customer: await procedures(on, shop.customer),
  };
}
const ten = Array.from({ length: 10 }, () => ({ customer: 1, product: 1, quantity: 1 }));

describe('a cart', () => {
  it('is opened by the first thing put into it, and adds up what comes again', async () => {
    const { staff, tenant } = await open();
    expect(await staff.carts.add({ customer: 1, product: 1, quantity: 2 })).toMatchObject({
      customerRef: 1,
      status: 'Active',
      version: 1,
      items: [{ productRef: 1, quantity: 2 }],
    });
    await staff.carts.add({ customer: 'CUST1', product: 'MUG', quantity: 3 });
    const cart = await staff.carts.get({ customer: tenant.customerId });
    expect(cart).toMatchObject({ version: 2, items: [{ productRef: 1, quantity: 5 }] });
  });

  it('holds exactly what it is told to hold, in the order in which it came', async () => {
    const { staff } = await open();
    await staff.products.create({ name: 'Tea', price: 450, quantity: 5 });
    await staff.products.create({ name: 'Pot', price: 900, quantity: 5 });
    for (const product of [3, 1, 2]) await staff.carts.add({ customer: 1, product, quantity: 2 });
    await staff.carts.put({ customer: 1, product: 1, quantity: 4 });
    const cart = await staff.carts.remove({ customer: 1, product: 'P-2' });
    const seen = await staff.carts.get({ customer: 1 });
    expect(cart).toEqual(seen);
    expect(seen.items.map(({ productRef, quantity }) => [productRef, quantity])).toEqual([
      [3, 2],
      [1, 4],
    ]);
  });

  it('takes no more than can be sold, and promises nothing', async () => {
    const { staff } = await open();
    await staff.carts.add({ customer: 1, product: 1, quantity: 8 });
    const short = { code: 'INSUFFICIENT_STOCK', shortages: [{ requested: 11, available: 10 }] };
    expect(await refusalFrom(staff.carts.add({ customer: 1, product: 1, quantity: 3 }))).toMatchObject(short);
    expect(await refusalFrom(staff.carts.put({ customer: 1, product: 1, quantity: 11 }))).toMatchObject(
      short,
    );
    expect(await staff.products.onSale({ id: 1 })).toMatchObject({ available: 10 });
    expect(await staff.carts.get({ customer: 1 })).toMatchObject({ items: [{ quantity: 8 }] });
  });

  it('has no more of one product than a line of an order may have', async () => {
    const { staff } = await open(app, { stock: 3_000_000 });
    await staff.carts.add({ customer: 1, product: 1, quantity: 1_000_000 });
    expect(await refusalFrom(staff.carts.add({ customer: 1, product: 1, quantity: 1 }))).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'quantity' }],
    });
    for (const quantity of [0, -1, 1.5, 1_000_001])
      expect(await refusalFrom(staff.carts.put({ customer: 1, product: 1, quantity }))).toMatchObject({
        code: 'INVALID_INPUT',
        issues: [{ path: 'quantity' }],
      });
  });

  it('once ordered stays as it is; what comes next opens another', async () => {
    const { staff } = await open();
    const { id } = await staff.carts.add({ customer: 1, product: 1, quantity: 2 });
    const ordered = await staff.carts.setStatus({ customer: 1, status: 'Ordered' });
    expect(ordered).toMatchObject({ id, status: 'Ordered', version: 2, items: [{ quantity: 2 }] });
    expect(await staff.carts.setStatus({ customer: 1, status: 'Ordered' })).toEqual(ordered);
    expect(await staff.carts.get({ customer: 1 })).toEqual(ordered);
    expect(await refusalFrom(staff.carts.remove({ customer: 1, product: 1 }))).toMatchObject({
      code: 'CART_ITEM_NOT_FOUND',
    });
    const next = await staff.carts.add({ customer: 1, product: 1, quantity: 1 });
    expect(next).toMatchObject({ status: 'Active', version: 3, items: [{ quantity: 1 }] });
    expect(next.id).not.toBe(id);
  });

  it('is changed only by those who have seen its newest version', async () => {
    const { staff } = await open();
    const { version } = await staff.carts.add({ customer: 1, product: 1, quantity: 2 });
    await staff.carts.put({ customer: 1, product: 1, quantity: 3, expectedVersion: version });
    const stale = { code: 'VERSION_CONFLICT', currentVersion: version + 1 };
    const of = { customer: 1, product: 1, expectedVersion: version };
    expect(await refusalFrom(staff.carts.put({ ...of, quantity: 4 }))).toEqual(stale);
    expect(await refusalFrom(staff.carts.remove(of))).toEqual(stale);
    const close = { customer: 1, status: 'Ordered', expectedVersion: version } as const;
    expect(await refusalFrom(staff.carts.setStatus(close))).toEqual(stale);
  });

  it('is not found where there is none, and takes nothing that is not there', async () => {
    const { staff } = await open();
    expect(await refusalFrom(staff.carts.get({ customer: 1 }))).toEqual({ code: 'CART_NOT_FOUND', id: '1' });
    expect(await refusalFrom(staff.carts.setStatus({ customer: 1, status: 'Ordered' }))).toMatchObject({
      code: 'CART_NOT_FOUND',
    });
    expect(await refusalFrom(staff.carts.get({ customer: 99 }))).toMatchObject({
      code: 'CUSTOMER_NOT_FOUND',
    });
    expect(await refusalFrom(staff.carts.add({ customer: 1, product: 99, quantity: 1 }))).toMatchObject({
      code: 'PRODUCT_NOT_FOUND',
    });
    await staff.products.remove({ id: 1 });
    expect(await refusalFrom(staff.carts.add({ customer: 1, product: 1, quantity: 1 }))).toMatchObject({
      code: 'PRODUCT_NOT_FOUND',
    });
  });

  it('still lets go of what is no longer for sale', async () => {
    const { staff } = await open();
    await staff.carts.add({ customer: 1, product: 1, quantity: 1 });
    await staff.products.remove({ id: 1 });
    expect(await staff.carts.remove({ customer: 1, product: 1 })).toMatchObject({ items: [] });
  });

  it('belongs to its customer, and nobody else sees that it is there', async () => {
    const { staff, customer } = await open();
    await staff.customers.create({ name: 'Ada', email: 'ada@example.com' });
    await staff.carts.add({ customer: 2, product: 1, quantity: 1 });
    await customer.carts.add({ customer: 1, product: 1, quantity: 1 });
    expect(await customer.carts.get({ customer: 'CUST1' })).toMatchObject({ customerRef: 1 });
    const unknown = (id: string) => ({ code: 'CUSTOMER_NOT_FOUND', id });
    expect(await refusalFrom(customer.carts.get({ customer: 99 }))).toEqual(unknown('99'));
    expect(await refusalFrom(customer.carts.get({ customer: 2 }))).toEqual(unknown('2'));
    const add = customer.carts.add({ customer: 2, product: 1, quantity: 1 });
    expect(await refusalFrom(add)).toEqual(unknown('2'));
  });
});

describe('ten adds at once', () => {
  it('make one cart and lose nothing', async () => {
    const { staff } = await open();
    await Promise.all(ten.map((one) => staff.carts.add(one)));
    expect(await staff.carts.get({ customer: 1 })).toMatchObject({ version: 10, items: [{ quantity: 10 }] });
  });

  it('would without the locks', async () => {
    const race = async () => {
      const { staff } = await open(bare);
      const answers = await Promise.allSettled(ten.map((one) => staff.carts.add(one)));
      const [item] = (await staff.carts.get({ customer: 1 })).items;
      return { told: answers.filter(({ status }) => status === 'fulfilled').length, held: item?.quantity };
    };
    const isLost = ({ told, held }: Awaited<ReturnType<typeof race>>) => told < 10 || held !== 10;
    expect(await raceUntil(isLost, race)).not.toEqual({ told: 10, held: 10 });
  });
});
