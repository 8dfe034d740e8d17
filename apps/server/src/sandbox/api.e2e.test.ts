import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aShop, call, startApp } from '../testing.ts';
import { freePort } from '../testing/program.ts';
import { startSandbox } from './start.ts';

const port = await freePort();
const key = 'the key of the shop';
const webhookSecret = 'a secret for messages';
const url = `http://127.0.0.1:${port}`;
const app = await startApp({ config: { gateway: { url, key, webhookSecret } }, relay: true });
const sandbox = await startSandbox({ port, dataDir: null, listenerUrl: null, key, webhookSecret });
afterAll(sandbox.kill);
const { staff, customer } = await aShop(app, { stock: 1_000, price: 1_000 });
const { token } = staff;
const Made = z.looseObject({ id: z.string() });

async function aPayment(card: object = {}, by = token) {
  const body = { items: [{ product: 1, quantity: 1 }], payment_method: 'credit_card' };
  const order = Made.parse((await call(app, '/api/v1/orders/', { token: by, body })).json);
  const made = await call(app, '/api/v1/payments/', { token: by, body: { order: order.id, ...card } });
  expect(made.status).toBe(201);
  expect(made.headers.get('location')).toBe(`/api/v1/payments/${Made.parse(made.json).id}/`);
  return { order: order.id, path: `/api/v1/payments/${Made.parse(made.json).id}/` };
}

describe('payments over the api family', () => {
  it('take and give back the money of a card without a body', async () => {
    const { order, path } = await aPayment();
    const paid = await call(app, `${path}process_payment/`, { token, method: 'POST' });
    expect(paid.json).toMatchObject({
      status: 'paid',
      status_detail: 'paid',
      order,
      captured_amount: '10.00',
    });
    const again = await call(app, `${path}process_payment/`, { token, method: 'POST' });
    expect(again.status).toBe(400);
    expect(again.json).toMatchObject({ error: 'Payment cannot be processed with current status' });
    const back = await call(app, `${path}refund_payment/`, { token, method: 'POST' });
    expect(back.json).toMatchObject({ status: 'refunded', refunded_amount: '10.00' });
    expect((await call(app, path, { token })).json).toEqual(back.json);
  });

  it.each([
    { method: 'PATCH', action: 'cancel_order/', status: 'cancelled', back: '10.00' },
    { method: 'PATCH', action: 'refund_order/', status: 'refunded', back: '10.00' },
    { method: 'PATCH', action: '', status: 'refunded', back: '10.00' },
    { method: 'POST', action: 'refunds/', status: 'shipped', back: '4.00' },
  ])('give back what a card paid before $method $action is answered', async (one) => {
    const { method, action, status, back } = one;
    const { order, path } = await aPayment();
    await call(app, `${path}process_payment/`, { token, method: 'POST' });
    const at = `/api/v1/orders/${order}/`;
    const steps = action === 'cancel_order/' ? ['confirm'] : ['confirm', 'ship'];
    for (const step of steps) await call(app, `${at}${step}_order/`, { token, method: 'PATCH' });
    const bodies: Readonly<Record<string, object>> = { '': { status }, 'refunds/': { amount: back } };
    const body = bodies[action];
    const done = await call(app, at + action, { token, method, body });
    expect([done.status, done.json]).toMatchObject([200, { status, refunded_amount: back }]);
    expect((await call(app, at, { token })).json).toEqual(done.json);
    expect((await call(app, path, { token })).json).toMatchObject({ refunded_amount: back });
  });

  it('say 402 when a card is declined, and why', async () => {
    const { path } = await aPayment({ card_token: 'tok_declined' });
    const declined = await call(app, `${path}process_payment/`, { token, method: 'POST' });
    expect(declined.status).toBe(402);
    expect(declined.json).toMatchObject({ error: 'Payment was declined', code: 'payment_declined' });
    expect((await call(app, path, { token })).json).toMatchObject({
      status: 'failed',
      failure: { code: 'card_declined' },
    });
  });

  it('are taken once by one key, whoever asks together', async () => {
    const { path } = await aPayment();
    const headers = { 'Idempotency-Key': 'the-same' };
    const send = () => call(app, `${path}process_payment/`, { token, method: 'POST', headers });
    const together = await Promise.all([send(), send(), send()]);
    const statuses = together.map(({ status }) => status);
    expect(statuses.every((status) => status === 200 || status === 409)).toBe(true);
    const done = together.find(({ status }) => status === 200);
    const replay = await send();
    expect(replay.headers.get('idempotent-replayed')).toBe('true');
    expect(replay.text).toBe(done?.text);
  });

  it('are listed, and a customer sees only their own', async () => {
    const own = await aPayment({}, customer.token);
    const mine = await call(app, '/api/v1/payments/?ordering=-amount', { token: customer.token });
    expect(mine.json).toMatchObject({ count: 1, results: [{ order: own.order, status: 'pending' }] });
    const failed = await call(app, '/api/v1/payments/?status=failed', { token });
    expect(failed.json).toMatchObject({ count: 1 });
    const ofOrder = await call(app, `/api/v1/payments/?order=${own.order}&store=main`, { token });
    expect(ofOrder.json).toMatchObject({ count: 1, results: [{ order: own.order }] });
    const unknown = await call(app, '/api/v1/payments/', { token, body: { order: 'ORD-0' } });
    expect(unknown.json).toMatchObject({ details: { order: ['Order not found.'] } });
  });
});
