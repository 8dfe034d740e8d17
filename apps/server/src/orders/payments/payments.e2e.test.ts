import { describe, expect, it } from 'vitest';
import type { Scope } from '@orderloom/core';
import { callerOfToken } from '../../auth/caller.ts';
import { appRouter } from '../../router.ts';
import { aShop, procedures, refusalFrom, startApp } from '../../testing.ts';

const app = await startApp();
const { staff: clerk, customer: buyer } = await aShop(app, { stock: 100, price: 100, balance: 5_000 });
const staff = await procedures(app, clerk);
const customer = await procedures(app, buyer);
const one = { items: [{ product: 1, quantity: 1 }] };

/** The clerk with a token that was granted only these scopes. */
async function clerkWith(...granted: Scope[]) {
  const known = await callerOfToken(app.parts, clerk.token);
  if (!known.ok) throw new Error(known.error.code);
  const { log } = app.parts;
  const at = '2026-11-21T09:00:00.000Z';
  const request = {
    parts: app.parts,
    at,
    newId: crypto.randomUUID.bind(crypto),
    requestId: 'a-test-request',
  };
  const caller = { ...known.value, granted };
  return appRouter.createCaller({
    ...request,
    caller,
    address: '127.0.0.1',
    log,
    origin: 'api',
    once: null,
    cookie: null,
  });
}

describe('a payment of somebody else', () => {
  it.each(['balance', 'cash'] as const)('looks like one that is not there (%s)', async (method) => {
    const { id: order } = await staff.orders.place(one);
    const { payments } = await staff.payments.create({ order, method });
    const id = payments[0]?.id ?? '';
    expect(await refusalFrom(customer.payments.process({ id }))).toEqual({ code: 'PAYMENT_NOT_FOUND', id });
  });
});

describe('an order of nobody', () => {
  it('is not within the reach of a caller who has only their own and is no customer', async () => {
    const { id } = await staff.orders.place(one);
    const narrow = await clerkWith('orders:read_own', 'orders:update_own', 'payments:process_own');
    const cancel = { id, command: { type: 'cancelOrder' } } as const;
    const refused = await Promise.all([
      refusalFrom(narrow.orders.get({ id })),
      refusalFrom(narrow.orders.timeline({ id })),
      refusalFrom(narrow.orders.change(cancel)),
      refusalFrom(narrow.payments.create({ order: id, method: 'bank_transfer' })),
    ]);
    for (const refusal of refused) expect(refusal).toEqual({ code: 'ORDER_NOT_FOUND', id });
    expect((await narrow.orders.list({})).items).toEqual([]);
  });
});
