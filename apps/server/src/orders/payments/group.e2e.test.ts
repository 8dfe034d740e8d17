import { setTimeout as sleep } from 'node:timers/promises';
import { check, newId } from '@orderloom/db';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startSandbox } from '../../sandbox/start.ts';
import { aShop, call, type CallOptions, procedures, refusalFrom, startApp } from '../../testing.ts';
import { freePort } from '../../testing/program.ts';

const port = await freePort();
const key = 'the key of the shop';
const webhookSecret = 'a secret for messages';
const gateway = { url: `http://127.0.0.1:${port}`, key, webhookSecret };
const app = await startApp({ config: { gateway }, relay: true });
const listenerUrl = `${app.url}/webhooks/gateway`;
const sandbox = await startSandbox({ port, dataDir: null, listenerUrl, key, webhookSecret });
afterAll(sandbox.kill);

const shop = await aShop(app, { stock: 1_000, price: 2_000, balance: 20_000 });
const { tenantId } = shop.tenant;
const staff = await procedures(app, shop.staff);
await app.db.pool.query(
  `insert into stores (tenant_id, id, ref, slug, name, commission_bp, active, version, created_at, updated_at)
   values ($1, $2, 2, 'other', 'Other', 0, true, 1, now(), now())`,
  [tenantId, newId()],
);
await staff.products.create({ name: 'Cup', sku: 'CUP', price: 1_000, store: 'other', quantity: 1_000 });

const Payment = z.looseObject({
  id: z.string(),
  group: z.string().nullable(),
  order: z.string().nullable(),
  status: z.string(),
  status_detail: z.string(),
  amount: z.string(),
});
const ask = (path: string, options: CallOptions = {}) =>
  call(app, path, { token: shop.staff.token, ...options });
const post = (path: string, body?: unknown) => ask(path, { method: 'POST', body });

/** A mug for 20.00 of one store and a cup for 10.00 of another, ordered together. */
async function aGroup() {
  const items = ['MUG', 'CUP'].map((product) => ({ product, quantity: 1 }));
  const { group } = await staff.orders.place({ items, customer: 1 });
  if (!group) throw new Error('there is no group');
  const [mug = '', cup = ''] = group.orderIds;
  return { id: group.id, mug, cup };
}

async function aGroupPayment(said: object) {
  const group = await aGroup();
  const made = await post('/api/v1/payments/', { group: group.id, ...said });
  expect(made.status).toBe(201);
  const { id } = Payment.parse(made.json);
  expect(made.headers.get('location')).toBe(`/api/v1/payments/${id}/`);
  return { ...group, payment: id, path: `/api/v1/payments/${id}/` };
}
const standing = async (id: string) => {
  const { payments, ...order } = await staff.orders.get({ id });
  return {
    facet: order.paymentStatus,
    payments: payments.map(({ captured, refunded }) => [captured, refunded]),
  };
};
const Charges = z.object({
  charges: z.array(z.object({ amount: z.int(), captured: z.int(), voided: z.int(), refunded: z.int() })),
});
async function charges(payment: string) {
  const reference = encodeURIComponent(`${tenantId}/${payment}`);
  const answer = await fetch(`${gateway.url}/v1/charges?reference=${reference}`, {
    headers: { Authorization: `Bearer ${key}` },
  });
  return Charges.parse(await answer.json()).charges;
}
const isSound = async () => expect(await check(app.db, tenantId)).toEqual([]);

async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 300; tries += 1) {
    const value = await read();
    if (holds(value)) return value;
    await sleep(100);
  }
  throw new Error('it never came to be');
}

describe('a payment of a group', () => {
  it('is one payment of no order, with the amounts of all', async () => {
    const { id, path, payment, mug } = await aGroupPayment({ payment_method: 'cash' });
    const one = await ask(path);
    const whole = { id: payment, group: id, order: null, order_number: null, amount: '30.00' };
    expect(one.json).toMatchObject({ ...whole, status: 'pending', status_detail: 'pending' });
    expect(one.headers.get('etag')).toBe('"4"');
    const part = (await staff.orders.get({ id: mug })).payments[0];
    expect(part).toMatchObject({ amount: 2_000 });
    // A part is told as what it is a part of.
    expect((await ask(`/api/v1/payments/${part?.id}/`)).json).toEqual(one.json);
    await isSound();
  });

  it.each(['cash', 'bank_transfer', 'balance', 'credit_card'])(
    'is taken for all orders or none, and given back in parts that are it to the cent (%s)',
    async (payment_method) => {
      const { path, mug, cup } = await aGroupPayment({ payment_method, amount: '29.99' });
      const paid = await post(`${path}process_payment/`);
      expect(paid.json).toMatchObject({ status: 'paid', captured_amount: '29.99', amount: '29.99' });
      expect((await standing(mug)).payments).toEqual([[1_999, 0]]);
      expect((await standing(cup)).payments).toEqual([[1_000, 0]]);
      const some = await post(`${path}refund_payment/`, { amount: '10.00' });
      expect(some.json).toMatchObject({ status_detail: 'partially_refunded', refunded_amount: '10.00' });
      expect((await standing(mug)).payments).toEqual([[1_999, 667]]);
      expect((await standing(cup)).payments).toEqual([[1_000, 333]]);
      const all = await post(`${path}refund_payment/`);
      expect(all.json).toMatchObject({ status: 'refunded', refunded_amount: '29.99' });
      const again = await post(`${path}refund_payment/`);
      expect(again.json).toMatchObject({ error: 'Payment cannot be refunded with current status' });
      await isSound();
    },
  );

  it('is refused whole when the balance does not cover it', async () => {
    const { path, mug } = await aGroupPayment({ payment_method: 'balance' });
    const pots = await staff.orders.place({ items: [{ product: 'MUG', quantity: 9 }], customer: 1 });
    const hold = await post('/api/v1/payments/', {
      order: pots.id,
      payment_method: 'balance',
      amount: '175.00',
    });
    const held = Payment.parse(hold.json).id;
    expect((await post(`/api/v1/payments/${held}/authorize/`)).status).toBe(200);
    const short = await post(`${path}process_payment/`);
    expect([short.status, short.json]).toMatchObject([400, { code: 'insufficient_balance' }]);
    expect((await standing(mug)).payments).toEqual([[0, 0]]);
    expect((await post(`/api/v1/payments/${held}/void/`)).json).toMatchObject({ status_detail: 'voided' });
    expect((await post(`${path}process_payment/`)).json).toMatchObject({ status: 'paid' });
    await isSound();
  });

  it('leaves out what was cancelled before, and keeps the rest when one is cancelled after', async () => {
    const before = await aGroupPayment({ payment_method: 'credit_card' });
    await ask(`/api/v1/orders/${before.mug}/cancel_order/`, { method: 'PATCH' });
    const paid = await post(`${before.path}process_payment/`);
    expect(paid.json).toMatchObject({ status: 'paid', captured_amount: '10.00', amount: '30.00' });
    expect(await charges(before.payment)).toMatchObject([{ amount: 1_000, captured: 1_000 }]);

    const after = await aGroupPayment({ payment_method: 'credit_card' });
    await post(`${after.path}process_payment/`);
    await ask(`/api/v1/orders/${after.cup}/cancel_order/`, { method: 'PATCH' });
    await until(
      () => standing(after.cup),
      ({ payments }) => payments[0]?.[1] === 1_000,
    );
    expect((await standing(after.mug)).payments).toEqual([[2_000, 0]]);
    expect((await ask(after.path)).json).toMatchObject({ refunded_amount: '10.00', status: 'paid' });
    expect(await charges(after.payment)).toMatchObject([{ captured: 3_000, refunded: 1_000 }]);
    await isSound();
  });
});

describe('a group paid by card', () => {
  it('is charged once for all, whoever asks together', async () => {
    const { path, payment } = await aGroupPayment({});
    const together = await Promise.all([1, 2, 3].map(() => post(`${path}process_payment/`)));
    expect(together.some(({ status }) => status === 200)).toBe(true);
    expect(await charges(payment)).toMatchObject([{ amount: 3_000, captured: 3_000 }]);
    await isSound();
  });

  it('is set aside whole, taken in parts, and let go of', async () => {
    const { path, payment, mug, cup } = await aGroupPayment({ payment_method: 'credit_card' });
    expect((await post(`${path}authorize/`)).json).toMatchObject({ status_detail: 'authorized' });
    const some = await post(`${path}capture/`, { amount: '10.00' });
    expect(some.json).toMatchObject({ status_detail: 'partially_captured', captured_amount: '10.00' });
    expect((await standing(mug)).payments).toEqual([[667, 0]]);
    expect((await standing(cup)).payments).toEqual([[333, 0]]);
    expect((await post(`${path}capture/`, { amount: '20.01' })).json).toMatchObject({
      code: 'capture_exceeds_held',
    });
    expect((await post(`${path}capture/`, { amount: '5.00' })).json).toMatchObject({
      captured_amount: '15.00',
    });
    expect((await post(`${path}void/`)).json).toMatchObject({ status_detail: 'paid' });
    expect(await charges(payment)).toMatchObject([{ captured: 1_500, voided: 1_500 }]);
    await isSound();
  });

  it('says 402 when the card is declined, and can be tried again without an order that is over', async () => {
    const { path, mug, cup, payment } = await aGroupPayment({ card_token: 'tok_declined' });
    const declined = await post(`${path}process_payment/`);
    expect([declined.status, declined.json]).toMatchObject([402, { error: 'Payment was declined' }]);
    expect((await ask(path)).json).toMatchObject({
      status: 'failed',
      failure: { code: 'card_declined' },
    });
    await ask(`/api/v1/orders/${mug}/cancel_order/`, { method: 'PATCH' });
    await app.db.pool.query(`update card_tokens set token = 'tok_ok' where tenant_id = $1`, [tenantId]);
    await post(`${path}process_payment/`);
    expect((await standing(cup)).payments).toEqual([[1_000, 0]]);
    expect((await standing(mug)).payments).toEqual([[0, 0]]);
    const taken = (await charges(payment)).map(({ captured }) => captured);
    expect(taken).toEqual([0, 1_000]);
    const back = await post(`${path}refund_payment/`);
    expect(back.json).toMatchObject({ refunded_amount: '10.00' });
    await isSound();
  });

  it('whose gateway stumbles is charged all the same, once', async () => {
    const { path, payment, mug } = await aGroupPayment({ card_token: 'tok_flaky' });
    await post(`${path}process_payment/`);
    await until(
      () => standing(mug),
      ({ facet }) => facet === 'paid',
    );
    expect(await charges(payment)).toMatchObject([{ captured: 3_000 }]);
    await isSound();
  });

  it('is never charged order by order', async () => {
    const { mug } = await aGroupPayment({ payment_method: 'credit_card' });
    const part = (await staff.orders.get({ id: mug })).payments[0]?.id ?? '';
    expect(await refusalFrom(staff.payments.process({ id: part }))).toEqual({
      code: 'PAYMENT_OF_GROUP',
      id: part,
    });
    const alone = await post(`/api/v1/payments/${part}/process_payment/`);
    expect([alone.status, alone.json]).toMatchObject([400, { code: 'payment_of_group' }]);
    for (const [method, body] of [
      ['DELETE', undefined],
      ['PATCH', { payment_reference: 'x' }],
    ] as const) {
      const token = shop.admin.token;
      const refused = await call(app, `/api/v1/payments/${part}/`, { token, method, body });
      expect([refused.status, refused.json]).toMatchObject([400, { code: 'payment_of_group' }]);
    }
  });

  it('is given back in full after one of its orders was deleted', async () => {
    const { path, payment, mug } = await aGroupPayment({ payment_method: 'credit_card' });
    await post(`${path}process_payment/`);
    for (const step of ['confirm_order', 'ship_order', 'deliver_order'])
      await ask(`/api/v1/orders/${mug}/${step}/`, { method: 'PATCH' });
    const { token } = shop.admin;
    const gone = await call(app, `/api/v1/orders/${mug}/`, { token, method: 'DELETE' });
    expect(gone.status).toBe(200);
    expect((await ask(path)).json).toMatchObject({ captured_amount: '10.00' });
    const back = await post(`${path}refund_payment/`);
    expect(back.json).toMatchObject({ status: 'refunded', refunded_amount: '10.00' });
    expect(await charges(payment)).toMatchObject([{ captured: 3_000, refunded: 1_000 }]);
    await isSound();
  });
});

describe('paying a group', () => {
  it('is refused for a group that is not there, with an order besides, and beyond what is open', async () => {
    const { id, mug } = await aGroup();
    const nobody = await post('/api/v1/payments/', { group: newId() });
    expect([nobody.status, nobody.json]).toMatchObject([400, { details: { group: ['Group not found.'] } }]);
    const { json } = await post('/api/v1/payments/', { group: id, order: mug });
    expect(json).toMatchObject({ details: { order: ['Either an order or a group is paid.'] } });
    const more = await post('/api/v1/payments/', { group: id, amount: '30.01' });
    expect(more.json).toMatchObject({ code: 'payment_exceeds_open' });
  });

  it('answers the version of all its orders, and refuses one that is over', async () => {
    const { path, cup } = await aGroupPayment({ payment_method: 'cash' });
    const headers = { 'If-Match': (await ask(path)).headers.get('etag') ?? '' };
    await staff.orders.change({ id: cup, command: { type: 'confirmOrder' } });
    const late = await ask(`${path}process_payment/`, { method: 'POST', headers });
    expect(late.status).toBe(412);
    const named = await ask(path, { method: 'PATCH', body: { payment_reference: 'INV-7' } });
    expect(named.json).toMatchObject({ payment_reference: 'INV-7', status: 'pending' });
  });
});
