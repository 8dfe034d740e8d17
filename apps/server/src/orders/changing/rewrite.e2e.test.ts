import { check } from '@orderloom/db';
import { describe, expect, it } from 'vitest';
import { aShop, call, type CallOptions, procedures, refusalFrom, startApp } from '../../testing.ts';
import { fieldOf } from '../../rest/testing/occasions.ts';

const app = await startApp();

/** A shop of its own for each story. */
async function shop(options: Parameters<typeof aShop>[1] = { stock: 10, price: 2_500, balance: 1_000_000 }) {
  const { tenant, ...users } = await aShop(app, options);
  const [staff, customer, admin] = await Promise.all([
    procedures(app, users.staff),
    procedures(app, users.customer),
    procedures(app, users.admin),
  ]);
  const send = (path: string, more: CallOptions = {}) =>
    call(app, `/api/v1/orders/${path}/`, { token: users.staff.token, ...more });
  const level = async () => (await staff.products.get({ id: 'MUG' })).variants[0];
  const sound = async () => expect(await check(app.db, tenant.tenantId)).toEqual([]);
  return { tenant, users, staff, customer, admin, send, level, sound };
}

const three = { customer: 1, items: [{ product: 'MUG', quantity: 3 }] };

describe('an order that is written anew', () => {
  it('can be read, changed and sent back, and what is left out falls back', async () => {
    const { staff, send, level, sound } = await shop();
    const { id } = await staff.orders.place({ ...three, shippingMethod: 'standard', notes: 'Ring' });
    const read = await send(id);
    const same = await send(id, { method: 'PUT', body: read.text });
    expect([same.status, same.text]).toEqual([200, read.text]);

    const text = read.text.replace('"quantity":3', '"quantity":5');
    const grown = await send(id, { method: 'PUT', body: text });
    expect(grown.json).toMatchObject({ version: 2, subtotal: '125.00', shipping: '5.00', notes: 'Ring' });
    expect(await level()).toMatchObject({ reserved: 5 });

    const bare = await send(id, { method: 'PUT', body: { items: [{ product: 'MUG', quantity: 1 }] } });
    expect(bare.json).toMatchObject({ version: 3, notes: null, shipping_method: null, shipping: '0.00' });
    expect(bare.json).toMatchObject({ total_amount: '25.00', status: 'pending' });
    await sound();
  });

  it('says which of its fields nobody writes', async () => {
    const { staff, send } = await shop();
    const { id } = await staff.orders.place(three);
    const items = [{ product: 'MUG', quantity: 3 }];
    const other = await send(id, { method: 'PUT', body: { items, total_amount: '1.00', customer_id: 'X' } });
    const readOnly = ['This field is read-only.'];
    expect(other.json).toMatchObject({ details: { total_amount: readOnly, customer_id: readOnly } });
    const line = fieldOf({ json: (await staff.orders.get({ id })).lines[0] }, 'id');
    const lines = [{ id: line, product: 'MUG', quantity: 3, sku: 'CUP', total_price: '75.00' }];
    const within = await send(id, { method: 'PUT', body: { items: lines } });
    expect([within.status, within.json]).toMatchObject([400, { details: { 'items.0.sku': readOnly } }]);
    const patched = await send(id, { method: 'PATCH', body: { store: 'main' } });
    expect([patched.status, patched.json]).toMatchObject([400, { details: { store: readOnly } }]);
  });

  it('changes lines, details and status together, as one version, or not at all', async () => {
    const { staff, send, level, sound } = await shop();
    const { id } = await staff.orders.place(three);
    const body = { items: [{ product: 'MUG', quantity: 4 }], notes: 'Ring', status: 'confirmed' };
    const done = await send(id, { method: 'PATCH', body });
    expect(done.json).toMatchObject({ version: 2, status: 'confirmed', notes: 'Ring', subtotal: '100.00' });
    const wrong = { notes: 'Never', status: 'delivered' };
    const refused = await send(id, { method: 'PATCH', body: wrong });
    expect([refused.status, fieldOf(refused, 'error')]).toEqual([
      400,
      'Order cannot be delivered in its current status',
    ]);
    const short = { notes: 'Never', items: [{ product: 'MUG', quantity: 40 }] };
    const lacking = await send(id, { method: 'PATCH', body: short });
    expect(lacking.json).toMatchObject({ details: { 'items.0.quantity': ['Available: 10'] } });
    expect(await staff.orders.get({ id })).toMatchObject({ version: 2, notes: 'Ring' });
    const sent = { status: 'shipped', tracking_number: 'T-1' };
    const shipped = await send(id, { method: 'PATCH', body: sent });
    expect(shipped.json).toMatchObject({ version: 3, status: 'shipped', tracking_number: 'T-1' });
    expect((await staff.orders.get({ id })).fulfillments).toMatchObject([{ trackingNumber: 'T-1' }]);
    const late = await send(id, { method: 'PATCH', body: { items: [{ product: 'MUG', quantity: 1 }] } });
    expect([late.status, fieldOf(late, 'code')]).toEqual([400, 'order_not_editable']);
    expect(await level()).toMatchObject({ onHand: 6, reserved: 0 });
    await sound();
  });

  it('is sent back whole after it was shipped, with nothing changed but its notes', async () => {
    const { staff, send, sound } = await shop();
    const { id } = await staff.orders.place(three);
    await staff.orders.move({ id, status: 'SHIPPED' });
    const { text } = await send(id);
    const noted = await send(id, { method: 'PUT', body: text.replace('"notes":null', '"notes":"Late"') });
    expect([noted.status, noted.json]).toMatchObject([200, { notes: 'Late', status: 'shipped' }]);
    await sound();
  });

  it('copies addresses of its own customer, and says whose are not', async () => {
    const { staff, send, customer } = await shop();
    const { id } = await customer.orders.place({ items: three.items });
    const none = { line2: null, region: null, phone: null };
    const home = { name: 'Jane', line1: '1 Main St', city: 'X', postcode: '1', country: 'US', ...none };
    const own = await staff.addresses.create({ ...home, customer: 1 });
    const other = await staff.addresses.create(home);
    const done = await send(id, { method: 'PATCH', body: { shipping_address: own.id } });
    expect(done.json).toMatchObject({ shipping_address: own.id, billing_address: null });
    const wrong = await send(id, { method: 'PATCH', body: { billing_address: other.id } });
    expect(wrong.json).toMatchObject({ details: { billing_address: ['Address not found.'] } });
  });

  it('is the customer’s to write, but not its status or its prices', async () => {
    const { customer, staff, admin, sound } = await shop();
    const { id } = await customer.orders.place({ items: three.items });
    expect(await customer.orders.update({ id, notes: 'Ring' })).toMatchObject({ notes: 'Ring', version: 2 });
    expect(await refusalFrom(customer.orders.update({ id, status: 'CONFIRMED' }))).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await customer.orders.update({ id, status: 'PENDING' })).toMatchObject({ version: 2 });
    const items = [{ product: 'MUG', quantity: 3, unitPrice: 1_000 }];
    expect(await refusalFrom(staff.orders.update({ id, items }))).toMatchObject({
      code: 'PRICE_MISMATCH',
      line: 0,
      price: 2_500,
    });
    expect(await admin.orders.update({ id, items })).toMatchObject({ subtotal: 3_000, version: 3 });
    const foreign = await staff.orders.place({ items: three.items });
    expect(await refusalFrom(customer.orders.update({ id: foreign.id, notes: 'x' }))).toMatchObject({
      code: 'ORDER_NOT_FOUND',
    });
    await sound();
  });
});

describe('an order that is deleted', () => {
  it('is in no read and holds nothing, and its history stays', async () => {
    const { admin, staff, tenant, level, sound, send, users } = await shop();
    const { id, number } = await staff.orders.place({ ...three, settle: 'balance' });
    expect(await refusalFrom(staff.orders.remove({ id }))).toMatchObject({ code: 'FORBIDDEN' });
    const gone = await send(number ?? '', { method: 'DELETE', token: users.admin.token });
    expect([gone.status, gone.text]).toEqual([200, '{"message":"Order deleted successfully"}']);
    expect((await send(id)).status).toBe(404);
    expect((await staff.orders.page({})).count).toBe(0);
    expect(await level()).toMatchObject({ onHand: 10, reserved: 0 });
    expect((await admin.customers.get({ id: '1' })).balance).toBe(1_000_000);
    expect(await refusalFrom(admin.orders.remove({ id }))).toMatchObject({ code: 'ORDER_NOT_FOUND' });
    const { rows } = await app.db.pool.query<{ type: string }>(
      'select type from events where tenant_id = $1 and order_id = $2 order by version, idx',
      [tenant.tenantId, id],
    );
    expect(rows.at(0)?.type).toBe('order.placed');
    expect(rows.at(-1)?.type).toBe('order.deleted');
    await sound();
  });

  it('that was shipped is only hidden', async () => {
    const { admin, staff, level, sound } = await shop();
    const { id } = await staff.orders.place(three);
    await staff.orders.move({ id, status: 'SHIPPED' });
    expect(await refusalFrom(admin.orders.remove({ id, expectedVersion: 1 }))).toMatchObject({
      code: 'VERSION_CONFLICT',
    });
    await admin.orders.remove({ id });
    expect(await level()).toMatchObject({ onHand: 7, reserved: 0 });
    await sound();
  });
});

describe('a refund of part of an order', () => {
  it('gives back pieces, shipping and goodwill, the way it came or another', async () => {
    const { staff, send, sound } = await shop();
    const { id, lines } = await staff.orders.place({ ...three, shippingMethod: 'standard' });
    await staff.payments.create({ order: id, method: 'cash', process: true });
    const line = lines[0]?.id ?? '';
    const body = { items: [{ id: line, quantity: 1 }], shipping: '2.00', amount: '0.50', reason: 'broken' };
    const given = await send(`${id}/refunds`, { body });
    expect([given.status, given.json]).toMatchObject([200, { refunded_amount: '27.50', status: 'pending' }]);
    const known = await staff.orders.get({ id });
    expect(known.refundable).toEqual({
      lines: [{ lineId: line, quantity: 2, amount: 5_000, tax: 0 }],
      shipping: 300,
      total: 8_000 - 2_750,
    });
    const again = await send(`${id}/refunds`, { body: { items: [{ id: line, quantity: 3 }] } });
    expect([again.status, fieldOf(again, 'code')]).toEqual([409, 'refund_exceeds_line']);
    expect((await send(`${id}/refunds`, { body: {} })).status).toBe(400);
    const balance = await staff.orders.refund({ id, amount: 100, to: 'balance' });
    expect(balance.refunded).toBe(2_850);
    expect((await staff.customers.get({ id: '1' })).balance).toBe(1_000_100);
    await sound();
  });

  it('is given once, however many ask for the same pieces at once', async () => {
    const { staff, customer, sound } = await shop();
    const { id, lines } = await customer.orders.place({ items: three.items, settle: 'balance' });
    const items = [{ id: lines[0]?.id ?? '', quantity: 3 }];
    const asked = Array.from({ length: 8 }, () => refusalFrom(staff.orders.refund({ id, items })));
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => answer === 'went well')).toHaveLength(1);
    expect(await refusalFrom(customer.orders.refund({ id, items }))).toMatchObject({ code: 'FORBIDDEN' });
    await sound();
  });
});
