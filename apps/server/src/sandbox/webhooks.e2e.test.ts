import { setTimeout as sleep } from 'node:timers/promises';
import { type GatewayReport, ok } from '@orderloom/core';
import { newId, transact } from '@orderloom/db';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callerOfToken } from '../auth/caller.ts';
import { hear } from '../orders/payments/cards.ts';
import { processPayment } from '../orders/payments/payments.ts';
import { signatureOf } from '../signature.ts';
import { aShop, procedures, startApp } from '../testing.ts';
import { changed, charged, type Statement } from './charges.ts';

const webhookSecret = 'a secret for messages';
const gateway = { url: 'http://127.0.0.1:1', key: 'none', webhookSecret };
const app = await startApp({ config: { gateway } });
const { gateway: known } = app.parts;
if (!known) throw new Error('there is no gateway');
const { tenant, staff: clerk } = await aShop(app, { stock: 10_000, price: 1_000 });
const staff = await procedures(app, clerk);
const { tenantId } = tenant;

type Sent = { readonly id?: string; readonly secret?: string; readonly ageSeconds?: number };

/** A message to the server as the gateway sends it, or nearly so; its status. */
async function send(data: unknown, { id = newId(), secret = webhookSecret, ageSeconds = 0 }: Sent = {}) {
  const body = Buffer.from(JSON.stringify(data));
  const timestamp = String(Math.floor(Date.now() / 1_000) - ageSeconds);
  const signature = signatureOf(secret, { id, timestamp }, body);
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  const answer = await fetch(`${app.url}/webhooks/gateway`, { method: 'POST', headers, body });
  return answer.status;
}

const kept = async () =>
  (await app.db.pool.query<{ id: string }>('select id from gateway_webhooks')).rows.length;

/** A card payment that was asked for, and nothing heard of: nobody carries the request to the gateway. */
async function anAskedPayment() {
  const { id: orderId } = await staff.orders.place({ items: [{ product: 1, quantity: 1 }] });
  const { payments } = await staff.payments.create({ order: orderId, method: 'credit_card' });
  const paymentId = payments[0]?.id ?? '';
  const caller = await callerOfToken(app.parts, clerk.token);
  if (!caller.ok) throw new Error(caller.error.code);
  const actor = { at: new Date().toISOString(), newId, requestId: 'a-test-request', once: null } as const;
  const ctx = { ...actor, origin: 'api', caller: caller.value, reach: 'all', cards: true } as const;
  const done = await transact(app.db, { tenantId }, (em) => processPayment(em, { id: paymentId }, ctx));
  if (!done.ok) throw new Error(done.error.code);
  return { orderId, paymentId };
}

/** What a gateway says of a charge: made, given back in two parts, and then more than there is. */
function sayings(paymentId: string): GatewayReport[][] {
  const asked = { reference: `${tenantId}/${paymentId}`, currency: 'USD', amount: 1_000, token: 'tok_ok' };
  const first = charged({ ...asked, capture: true }, { id: 'ch_1', key: `${paymentId}:1` });
  const after = (before: Statement, amount: number, number: number) =>
    changed(before.charge, { operation: 'refund', amount, final: false }, `${paymentId}:${number}`);
  const second = after(first, 400, 2);
  const third = after(second, 300, 3);
  const fourth = after(third, 5_000, 4);
  const at = '2026-11-21T12:00:00.000Z';
  return [first, second, third, fourth].map((data) => [
    ...(known?.heard({ type: 'charge.updated', data }, at)?.reports ?? []),
  ]);
}

const total = async (orderId: string) => {
  const { payments, total: sum } = await staff.orders.get({ id: orderId });
  return {
    sum,
    payments: payments.map(({ status, captured, refunded }) => ({ status, captured, refunded })),
  };
};

describe('messages of a gateway', () => {
  it('end the same in any order and however often they come (G17)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 8 }), async (extra) => {
        const { orderId, paymentId } = await anAskedPayment();
        const said = sayings(paymentId);
        const order = fc.sample(
          fc.shuffledSubarray([0, 1, 2, 3, ...extra], { minLength: 4 + extra.length }),
          1,
        );
        for (const at of order[0] ?? []) {
          const heard = await transact(app.db, { tenantId }, (em) =>
            hear(em, { tenantId, reports: said[at] ?? [], at: '2026-11-21T12:00:00.000Z' }),
          );
          expect(heard).toEqual(ok(null));
        }
        const { payments } = await total(orderId);
        expect(payments).toEqual([{ status: 'PARTIALLY_REFUNDED', captured: 1_000, refunded: 700 }]);
      }),
      { numRuns: 40 },
    );
  });

  it('are kept once, whatever is sent again, and forged or stale ones never', async () => {
    const { paymentId } = await anAskedPayment();
    const asked = { reference: `${tenantId}/${paymentId}`, currency: 'USD', amount: 1_000, token: 'tok_ok' };
    const data = charged({ ...asked, capture: true }, { id: 'ch_2', key: `${paymentId}:1` });
    const message = { type: 'charge.updated', data };
    expect(await send(message, { secret: 'another secret for messages' })).toBe(401);
    expect(await send(message, { ageSeconds: 301 })).toBe(400);
    expect(await send(message, { ageSeconds: -310 })).toBe(400);
    expect(await send({ type: 'charge.praised', data })).toBe(200);
    const elsewhere = { ...data, charge: { ...data.charge, reference: `nobody/${paymentId}` } };
    expect(await send({ ...message, data: elsewhere })).toBe(200);
    expect(await kept()).toBe(0);
    const id = newId();
    expect(await Promise.all([1, 2, 3].map(() => send(message, { id })))).toEqual([200, 200, 200]);
    await sleep(50);
    expect(await kept()).toBe(1);
  });
});
