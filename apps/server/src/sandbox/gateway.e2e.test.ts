import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { keepCardToken, transact } from '@orderloom/db';
import { ok } from '@orderloom/core';
import { z } from 'zod';
import { aShop, call, procedures, startApp } from '../testing.ts';
import { freePort } from '../testing/program.ts';
import { startSandbox } from './start.ts';

const port = await freePort();
const key = 'the key of the shop';
const webhookSecret = 'a secret for messages';
const gateway = { url: `http://127.0.0.1:${port}`, key, webhookSecret };
const app = await startApp({ config: { gateway }, relay: true });
const listenerUrl = `${app.url}/webhooks/gateway`;
const options = { port, dataDir: null, listenerUrl, key, webhookSecret };
const running = await startSandbox(options);
afterAll(running.kill);
const { tenant, staff: clerk } = await aShop(app, { stock: 1_000, price: 1_000 });
const staff = await procedures(app, clerk);
const { tenantId } = tenant;

async function aCardPayment(token: string) {
  const { id: order } = await staff.orders.place({ items: [{ product: 1, quantity: 1 }] });
  const { payments } = await staff.payments.create({ order, method: 'credit_card' });
  const id = payments[0]?.id ?? '';
  await transact(app.db, { tenantId }, async (em) =>
    ok(await keepCardToken(em, tenantId, { paymentId: id, token })),
  );
  return { order, id };
}

/** How many messages of the gateway have had their effect. */
const heard = async () =>
  (await app.db.pool.query('select from gateway_webhooks where processed_at is not null')).rowCount;
const paymentOf = async (order: string) => (await staff.orders.get({ id: order })).payments[0];

const Charges = z.object({
  charges: z.array(z.object({ id: z.string(), captured: z.int(), refunded: z.int() })),
});

async function charges(payment: string) {
  const reference = encodeURIComponent(`${tenantId}/${payment}`);
  const answer = await fetch(`${gateway.url}/v1/charges?reference=${reference}`, {
    headers: { Authorization: `Bearer ${key}` },
  });
  return Charges.parse(await answer.json()).charges;
}

async function until<T>(ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 600; tries += 1) {
    const value = await ask();
    if (holds(value)) return value;
    await sleep(100);
  }
  throw new Error('it never came to be');
}

describe('a card', () => {
  it('is charged once, and given back', async () => {
    const { order, id } = await aCardPayment('tok_ok');
    const paid = await staff.payments.process({ id });
    expect(paid.payments[0]).toMatchObject({ status: 'PAID', captured: 1_000 });
    const refunded = await staff.payments.refund({ id, reason: 'broken' });
    expect(refunded.payments[0]).toMatchObject({ status: 'REFUNDED', refunded: 1_000 });
    expect(await charges(id)).toMatchObject([{ captured: 1_000, refunded: 1_000 }]);
    // The messages that come afterwards, some of them twice, say nothing new.
    const { version } = await staff.orders.get({ id: order });
    await until(heard, (messages) => messages === 2);
    await sleep(500);
    expect((await staff.orders.get({ id: order })).version).toBe(version);
  });

  it.each([
    ['tok_declined', 'card_declined'],
    ['tok_insufficient_funds', 'insufficient_funds'],
  ])('that is %s fails the payment, which can be tried again', async (token, code) => {
    const { id } = await aCardPayment(token);
    const failed = await staff.payments.process({ id });
    expect(failed.payments[0]).toMatchObject({ status: 'FAILED', failure: { code } });
    await transact(app.db, { tenantId }, async (em) =>
      ok(await keepCardToken(em, tenantId, { paymentId: id, token: 'tok_ok' })),
    );
    expect((await staff.payments.process({ id })).payments[0]).toMatchObject({ status: 'PAID' });
  });

  it('whose gateway stumbles is charged all the same, once', async () => {
    const { order, id } = await aCardPayment('tok_flaky');
    await staff.payments.process({ id });
    await until(
      () => paymentOf(order),
      (payment) => payment?.status === 'PAID',
    );
    expect(await charges(id)).toHaveLength(1);
  });

  it('whose answer comes too late is asked about, and never charged twice', async () => {
    const { order, id } = await aCardPayment('tok_timeout');
    await staff.payments.process({ id });
    await until(
      () => paymentOf(order),
      (payment) => payment?.status === 'PAID',
    );
    expect(await charges(id)).toMatchObject([{ captured: 1_000 }]);
  }, 90_000);

  it('is answered by its key, when whoever took it was interrupted before the answer', async () => {
    const { order, id } = await aCardPayment('tok_ok');
    const path = `/api/v1/payments/${id}/process_payment/`;
    const send = () =>
      call(app, path, { method: 'POST', token: clerk.token, headers: { 'Idempotency-Key': 'broken' } });
    const sql = (text: string) => app.db.pool.query(text);
    await sql(
      `alter table idempotency_records add constraint broken check (key <> 'broken' or state <> 'DONE')`,
    );
    expect((await send()).status).toBe(500);
    await sql('alter table idempotency_records drop constraint broken');
    expect(await send()).toMatchObject({ status: 409, json: { code: 'idempotency_in_progress' } });
    await sql(`update idempotency_records set lease_until = clock_timestamp() where key = 'broken'`);
    const answer = await send();
    expect(answer).toMatchObject({ status: 200, json: { id, status: 'paid' } });
    expect((await send()).text).toBe(answer.text);
    expect((await paymentOf(order))?.status).toBe('PAID');
    expect(await charges(id)).toMatchObject([{ captured: 1_000 }]);
  });

  it('whose owner has to act first is charged when they did', async () => {
    const { order, id } = await aCardPayment('tok_requires_action');
    const waiting = await staff.payments.process({ id });
    expect(waiting.payments[0]).toMatchObject({ status: 'PENDING', captured: 0 });
    const [charge] = await charges(id);
    const headers = { Authorization: `Bearer ${key}`, 'Idempotency-Key': 'by-hand' };
    await fetch(`${gateway.url}/v1/charges/${charge?.id}/confirm`, { method: 'POST', headers });
    await until(
      () => paymentOf(order),
      (payment) => payment?.status === 'PAID',
    );
    expect(await charges(id)).toMatchObject([{ captured: 1_000 }]);
  });
});
