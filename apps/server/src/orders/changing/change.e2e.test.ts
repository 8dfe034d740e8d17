import { ok } from '@orderloom/core';
import { newId, transact } from '@orderloom/db';
import { describe, expect, it } from 'vitest';
import { callerOfToken } from '../../auth/caller.ts';
import { aShop, procedures, startApp } from '../../testing.ts';
import type { Actor } from '../../trpc.ts';
import { changeOrders } from './change.ts';
import type { Command } from './command.ts';

const app = await startApp();
const { staff: user, tenant } = await aShop(app, { stock: 1_000, price: 100, balance: 1_000_000 });
const staff = await procedures(app, user);
const caller = await callerOfToken(app.parts, user.token);
if (!caller.ok) throw new Error('the token of a new user is good');

const at = new Date().toISOString();
const ctx: Actor = {
  caller: caller.value,
  reach: 'all',
  at,
  newId,
  requestId: 'a-test-request',
  origin: 'api',
  once: null,
};
const order = async (settle: 'later' | 'balance') =>
  (await staff.orders.place({ customer: 1, items: [{ product: 1, quantity: 1 }], settle })).id;
const command = (id: string, what: Command['command']): Command => ({
  ctx,
  id,
  expectedVersion: undefined,
  command: what,
});
const pay = {
  type: 'createPayment',
  method: 'balance',
  amount: null,
  reference: null,
  process: true,
} as const;

const change = (commands: readonly [Command, ...Command[]]) =>
  transact(app.db, { tenantId: tenant.tenantId }, async (em) => ok(await changeOrders(em, commands)));

describe('lists of commands on the same shelf and balance', () => {
  it('never wait for one another in a ring', async () => {
    for (let round = 0; round < 8; round += 1) {
      const [paid, shipped, cancelled] = await Promise.all([
        order('later'),
        order('balance'),
        order('balance'),
      ]);
      const answers = await Promise.all([
        change([command(paid, pay), command(shipped, { type: 'shipOrder', trackingNumber: null })]),
        change([command(cancelled, { type: 'cancelOrder', reason: 'Changed mind' })]),
      ]);
      const done = answers.flatMap((answer) => (answer.ok ? answer.value.map((one) => one.ok) : [false]));
      expect(done).toEqual([true, true, true]);
    }
  });

  it('answer each order for itself: what is refused takes nothing with it', async () => {
    const [good, wrong] = await Promise.all([order('balance'), order('later')]);
    const answers = await change([
      command(good, { type: 'shipOrder', trackingNumber: null }),
      command(wrong, { type: 'deliverOrder' }),
      command('ORD-19700101-0001', { type: 'confirmOrder' }),
    ]);
    const codes = (answers.ok ? answers.value : []).map((answer) => (answer.ok ? 'done' : answer.error.code));
    expect(codes).toEqual(['done', 'INVALID_TRANSITION', 'ORDER_NOT_FOUND']);
  });
});
