import { describe, expect, it } from 'vitest';
import { aShop, procedures, refusalFrom, startApp } from '../testing.ts';

const app = await startApp();
const { tenant, staff: user, customer: buyer } = await aShop(app, { stock: 10, price: 100, balance: 5_000 });
const staff = await procedures(app, user);
const customer = await procedures(app, buyer);
const variant = tenant.variantId;

describe('stock', () => {
  it('goes up when goods arrive and down when the count was wrong, each with its reason', async () => {
    expect(await staff.stock.receive({ variant, quantity: 5, reason: 'Delivery 17' })).toMatchObject({
      onHand: 15,
    });
    expect(await staff.stock.adjust({ variant, quantity: -3, reason: 'Broken' })).toMatchObject({
      onHand: 12,
    });
    const { items } = await staff.stock.movements({ id: tenant.productId, limit: 2 });
    expect(items.map(({ kind, onHand, reason }) => [kind, onHand, reason])).toEqual([
      ['ADJUST', -3, 'Broken'],
      ['RECEIVE', 5, 'Delivery 17'],
    ]);
  });

  it('never falls below what is promised to orders', async () => {
    await staff.orders.place({ items: [{ product: 1, quantity: 4 }] });
    const [level] = await staff.stock.levels({ id: tenant.productId });
    const rest = level?.available ?? 0;
    expect(
      await refusalFrom(staff.stock.adjust({ variant, quantity: -rest - 1, reason: 'Lost' })),
    ).toMatchObject({ code: 'STOCK_BELOW_ZERO', available: rest });
  });

  it('never grows beyond what can be counted', async () => {
    const full = await aShop(app, { stock: 2_147_483_000 });
    const keeper = await procedures(app, full.staff);
    expect(
      await refusalFrom(keeper.stock.receive({ variant: full.tenant.variantId, quantity: 1_000 })),
    ).toMatchObject({ code: 'INVALID_INPUT', issues: [{ path: 'quantity' }] });
  });

  it('is not for customers to change or see', async () => {
    expect(await refusalFrom(customer.stock.levels({ id: tenant.productId }))).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await refusalFrom(customer.stock.receive({ variant, quantity: 1 }))).toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});

describe('a balance', () => {
  it('tells each movement and what it left, page by page', async () => {
    for (const amount of [1_000, -400, 250])
      await staff.customers.topUp({ id: 1, amount, reason: 'Correction' });
    const first = await staff.customers.ledger({ id: 1, limit: 2 });
    const second = await staff.customers.ledger({ id: 1, limit: 2, cursor: first.nextCursor ?? undefined });
    const lines = [...first.items, ...second.items];
    expect(lines.map(({ amount, balance }) => [amount, balance])).toEqual([
      [250, 5_850],
      [-400, 5_600],
      [1_000, 6_000],
      [5_000, 5_000],
    ]);
    expect(second.nextCursor).toBeNull();
  });

  it('never grows beyond what can be counted', async () => {
    const balance = Math.floor(Number.MAX_SAFE_INTEGER / 8);
    const keeper = await procedures(app, (await aShop(app, { balance })).staff);
    const oneMore = keeper.customers.topUp({ id: 1, amount: 1, reason: 'One cent more' });
    expect(await refusalFrom(oneMore)).toMatchObject({ code: 'INVALID_INPUT', issues: [{ path: 'amount' }] });
    expect(await keeper.customers.get({ id: 1 })).toMatchObject({ balance });
  });

  it('cannot be corrected below zero', async () => {
    expect(
      await refusalFrom(staff.customers.topUp({ id: 1, amount: -1_000_000, reason: 'Too much' })),
    ).toMatchObject({ code: 'INSUFFICIENT_BALANCE' });
  });
});

describe('new customers and products', () => {
  it('get the next number, and names that nobody else has', async () => {
    const ada = await staff.customers.create({ name: 'Ada', email: 'ada@example.com' });
    expect(ada).toMatchObject({ ref: 2, code: 'CUST2', balance: 0 });
    expect(
      await refusalFrom(staff.customers.create({ name: 'Ada', email: 'ada@example.com', code: 'CUST2' })),
    ).toEqual({ code: 'ALREADY_EXISTS', field: 'code' });
    const tea = await staff.products.create({ name: 'Tea', price: 450, sku: 'TEA' });
    expect(tea).toMatchObject({ ref: 2, sku: 'TEA', available: 0 });
    await staff.stock.receive({ variant: tea.variants[0]?.id ?? '', quantity: 2 });
    expect((await staff.orders.place({ items: [{ product: 'TEA', quantity: 2 }] })).total).toBe(900);
    expect(await refusalFrom(staff.products.create({ name: 'Tea', price: 1, sku: 'TEA' }))).toMatchObject({
      code: 'ALREADY_EXISTS',
    });
  });
});
