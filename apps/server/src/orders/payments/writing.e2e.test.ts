import { check } from '@orderloom/db';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aShop, call, type CallOptions, procedures, startApp } from '../../testing.ts';

const app = await startApp();
const shop = await aShop(app, { stock: 1_000, price: 1_000, balance: 5_000 });
const staff = await procedures(app, shop.staff);
const ask = (path: string, options: CallOptions = {}) =>
  call(app, path, { token: shop.staff.token, ...options });
const post = (path: string, body?: unknown) => ask(path, { method: 'POST', body });
const remove = (path: string) => ask(path, { method: 'DELETE', token: shop.admin.token });
const Made = z.looseObject({ id: z.string() });

async function aPayment(payment_method = 'cash', customer: 1 | undefined = 1) {
  const { id: order } = await staff.orders.place({ items: [{ product: 1, quantity: 1 }], customer });
  const { json } = await post('/api/v1/payments/', { order, payment_method });
  const { id } = Made.parse(json);
  return { order, id, path: `/api/v1/payments/${id}/` };
}

describe('what a payment is called elsewhere', () => {
  it('is all that can be written; what was read goes back as it is', async () => {
    const { path, order } = await aPayment();
    const read = await ask(path);
    const said = { ...Made.parse(read.json), payment_reference: 'INV-1' };
    const put = await ask(path, { method: 'PUT', body: said });
    expect([put.status, put.json]).toMatchObject([200, { payment_reference: 'INV-1', status: 'pending' }]);
    expect(put.headers.get('etag')).toBe('"3"');
    expect((await staff.orders.get({ id: order })).version).toBe(3);
    for (const method of ['PUT', 'PATCH']) {
      const other = await ask(path, { method, body: { payment_reference: 'x', amount: '1.00' } });
      expect([other.status, other.json]).toMatchObject([
        400,
        { details: { amount: ['This field is read-only.'] } },
      ]);
    }
    const same = await ask(path, { method: 'PATCH', body: {} });
    expect(same.json).toEqual(put.json);
    expect((await ask(path, { method: 'PUT', body: {} })).json).toMatchObject({ payment_reference: null });
    const found = await ask('/api/v1/payments/?search=INV-1');
    expect(found.json).toMatchObject({ count: 0 });
  });

  it('is written in the version that was read', async () => {
    const { path } = await aPayment();
    const body = { payment_reference: 'INV-2' };
    const late = await ask(path, { method: 'PATCH', body, headers: { 'If-Match': '"1"' } });
    expect([late.status, late.json]).toMatchObject([412, { current_version: 2 }]);
    const now = await ask(path, { method: 'PATCH', body, headers: { 'If-Match': '"2"' } });
    expect(now.status).toBe(200);
  });
});

describe('deleting a payment', () => {
  it('is for the administrator, and takes it from every read; its history stays', async () => {
    const { path, order, id } = await aPayment();
    expect((await ask(path, { method: 'DELETE' })).status).toBe(403);
    const gone = await remove(path);
    expect([gone.status, gone.json]).toEqual([200, { message: 'Payment deleted successfully' }]);
    expect((await ask(path)).status).toBe(404);
    expect((await remove(path)).status).toBe(404);
    expect((await post(`${path}process_payment/`)).status).toBe(404);
    expect((await ask(`/api/v1/payments/?order=${order}`)).json).toMatchObject({ count: 0, results: [] });
    const { payments, openAmount } = await staff.orders.get({ id: order });
    expect([payments, openAmount]).toEqual([[], 1_000]);
    const told = await staff.orders.timeline({ id: order });
    expect(told.map(({ type }) => type).slice(0, 2)).toEqual(['payment.deleted', 'payment.created']);
    // What is open again can be paid by another one, and the order be ended.
    const { json } = await post('/api/v1/payments/', { order, payment_method: 'cash' });
    expect(Made.parse(json).id).not.toBe(id);
    expect((await staff.orders.get({ id: order })).payments).toHaveLength(1);
    await ask(`/api/v1/orders/${order}/cancel_order/`, { method: 'PATCH' });
    expect(await check(app.db, shop.tenant.tenantId)).toEqual([]);
  });

  it.each(['authorize', 'process_payment'])('is refused once money has moved (%s)', async (step) => {
    const { path } = await aPayment('balance');
    await post(`${path}${step}/`);
    const refused = await remove(path);
    expect(refused.status).toBe(409);
    expect(refused.json).toMatchObject({
      error: 'Payment cannot be deleted with current status',
      code: 'payment_not_deletable',
    });
  });
});

describe('money that is set aside', () => {
  it('is taken in parts and let go of, and the balance follows', async () => {
    const left = async () => (await staff.customers.get({ id: '1' })).balance;
    const before = await left();
    const { path } = await aPayment('balance');
    expect((await post(`${path}authorize/`)).json).toMatchObject({
      status: 'pending',
      status_detail: 'authorized',
    });
    expect(await left()).toBe(before - 1_000);
    expect((await post(`${path}capture/`, { amount: '2.50' })).json).toMatchObject({
      status: 'pending',
      status_detail: 'partially_captured',
      captured_amount: '2.50',
    });
    expect((await post(`${path}capture/`, { amount: '3.50' })).json).toMatchObject({
      captured_amount: '6.00',
    });
    const more = await post(`${path}capture/`, { amount: '4.01' });
    expect([more.status, more.json]).toMatchObject([400, { code: 'capture_exceeds_held' }]);
    expect((await post(`${path}void/`)).json).toMatchObject({ status: 'paid', captured_amount: '6.00' });
    expect(await left()).toBe(before - 600);
    for (const step of ['authorize', 'capture', 'void'])
      expect((await post(`${path}${step}/`)).json).toMatchObject({
        error: 'Payment cannot be processed with current status',
      });
    const some = await post(`${path}refund_payment/`, { amount: '1.00' });
    expect(some.json).toMatchObject({ status_detail: 'partially_refunded', refunded_amount: '1.00' });
    expect((await post(`${path}refund_payment/`, { amount: '5.01' })).status).toBe(409);
    expect((await post(`${path}refund_payment/`)).json).toMatchObject({ status: 'refunded' });
    expect(await left()).toBe(before);
    expect(await check(app.db, shop.tenant.tenantId)).toEqual([]);
  });

  it('is all taken when no amount is said, and is nothing that cash can be', async () => {
    const { path } = await aPayment('balance');
    await post(`${path}authorize/`);
    expect((await post(`${path}capture/`)).json).toMatchObject({ status: 'paid', captured_amount: '10.00' });
    const cash = await aPayment('cash');
    const refused = await post(`${cash.path}authorize/`);
    expect([refused.status, refused.json]).toMatchObject([400, { code: 'payment_method_unavailable' }]);
    expect((await post(`${cash.path}void/`)).json).toMatchObject({ status_detail: 'voided' });
    expect((await remove(cash.path)).status).toBe(200);
  });

  it('is for those who may take all payments', async () => {
    const { path } = await aPayment('balance');
    const { token } = shop.customer;
    for (const step of ['authorize', 'capture', 'void'])
      expect((await ask(`${path}${step}/`, { method: 'POST', token })).status).toBe(403);
  });
});

describe('a refund of an order', () => {
  const give = (order: string, body: object) => post(`/api/v1/orders/${order}/refunds/`, body);

  it('is given in part, again, for nothing that came back, the way the money came or another', async () => {
    const balance = async () => (await staff.customers.get({ id: '1' })).balance;
    const before = await balance();
    const { path, order } = await aPayment('cash');
    await post(`${path}process_payment/`);
    const reason = 'arrived late';
    expect((await give(order, { amount: '1.00', reason })).json).toMatchObject({ refunded_amount: '1.00' });
    expect((await give(order, { amount: '2.00', reason, to: 'balance' })).json).toMatchObject({
      refunded_amount: '3.00',
    });
    expect(await balance()).toBe(before + 200);
    expect((await give(order, { amount: '0.50', reason, to: 'bank_transfer' })).json).toMatchObject({
      refunded_amount: '3.50',
      payment_status_detail: 'partially_refunded',
    });
    expect((await give(order, { amount: '6.51', reason })).status).toBe(409);
    const told = await staff.orders.timeline({ id: order });
    const given = told.filter(({ type }) => type === 'payment.refunded');
    expect(given.map((one) => one.reason)).toEqual([reason, reason, reason]);
    expect(await check(app.db, shop.tenant.tenantId)).toEqual([]);
  });
});
