import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aShop, startApp } from '../../testing.ts';
import { aHand, fieldOf } from '../testing/occasions.ts';

const app = await startApp();
const { staff } = await aShop(app, { stock: 1_000, price: 2_500 });
const hand = aHand(app, staff.token);

const Order = z.looseObject({
  status: z.string(),
  version: z.int(),
  paid_amount: z.string(),
  refunded_amount: z.string(),
});
const orderAt = async (id: string) => Order.parse((await hand.ask(`/api/v1/orders/${id}/`)).json);
const act = (id: string, action: string) =>
  hand.ask(`/api/v1/orders/${id}/${action}_order/`, { method: 'PATCH' });

const actions = {
  confirm: 'confirmed',
  ship: 'shipped',
  deliver: 'delivered',
  cancel: 'cancelled',
  refund: 'refunded',
} as const;
type Action = keyof typeof actions;

/** What may be done in each of the ten states (S2-26 … S2-30, S2-79). */
const mayBe: Readonly<Record<string, readonly Action[]>> = {
  draft: ['cancel'],
  pending: ['confirm', 'cancel'],
  confirmed: ['ship', 'cancel'],
  processing: ['ship', 'cancel'],
  shipped: ['deliver', 'cancel', 'refund'],
  out_for_delivery: ['deliver', 'cancel', 'refund'],
  delivered: ['cancel', 'refund'],
  cancelled: [],
  refunded: [],
  closed: [],
};
const stateful = (state: string) => (state === 'draft' ? hand.drafted() : hand.moved(state));
const pairs = (wanted: boolean) =>
  Object.entries(mayBe).flatMap(([state, may]) =>
    Object.entries(actions).flatMap(([action, to]) =>
      may.some((name) => name === action) === wanted ? [[state, action, to] as const] : [],
    ),
  );

describe('an order (wire tests 18 … 21)', () => {
  it.each(pairs(true))('that is %s is moved by %s_order to %s', async (state, action, to) => {
    const id = await stateful(state);
    const before = await orderAt(id);
    expect(before.status).toBe(state);
    const { status, json } = await act(id, action);
    expect([status, json]).toMatchObject([200, { status: to, version: before.version + 1 }]);
    expect(await orderAt(id)).toEqual(json);
  });

  it.each(pairs(false))(
    'that is %s is not moved by %s_order, and says so (%s)',
    async (state, action, to) => {
      const id = await stateful(state);
      const before = await orderAt(id);
      const { status, json } = await act(id, action);
      const error = `Order cannot be ${to} in its current status`;
      expect([status, json]).toMatchObject([400, { error }]);
      expect(await orderAt(id)).toEqual(before);
    },
  );
});

const onShelf = async () => Number(fieldOf(await hand.ask('/api/v1/products/MUG/'), 'stock'));

/** An order of one mug that was paid in cash and is in this state. */
async function paid(state: string): Promise<string> {
  const id = await hand.placed();
  const body = { order: id, payment_method: 'cash' };
  const payment = fieldOf(await hand.ask('/api/v1/payments/', { body }), 'id');
  await hand.ask(`/api/v1/payments/${payment}/process_payment/`, { method: 'POST' });
  await hand.ask(`/orders/${id}`, { method: 'PUT', body: { status: state } });
  expect(await orderAt(id)).toMatchObject({ status: state, paid_amount: '25.00', refunded_amount: '0.00' });
  return id;
}

describe('what was paid and taken from the shelf', () => {
  it.each(['pending', 'confirmed', 'processing'])('comes back when it is cancelled %s', async (state) => {
    const before = await onShelf();
    const id = await paid(state);
    expect(await onShelf()).toBe(before - 1);
    await act(id, 'cancel');
    expect(await orderAt(id)).toMatchObject({ status: 'cancelled', refunded_amount: '25.00' });
    expect(await onShelf()).toBe(before);
    const again = await act(id, 'refund');
    expect([again.status, again.json]).toMatchObject([400, { code: 'nothing_shipped' }]);
  });

  it.each(['shipped', 'out_for_delivery', 'delivered'])(
    'stays away when it is cancelled %s, until it is refunded',
    async (state) => {
      const before = await onShelf();
      const id = await paid(state);
      await act(id, 'cancel');
      expect(await orderAt(id)).toMatchObject({ status: 'cancelled', refunded_amount: '0.00' });
      expect((await act(id, 'refund')).status).toBe(200);
      expect(await orderAt(id)).toMatchObject({ status: 'refunded', refunded_amount: '25.00' });
      expect(await onShelf()).toBe(before - 1);
    },
  );

  it.each(['shipped', 'out_for_delivery', 'delivered'])('goes back when it is refunded %s', async (state) => {
    const id = await paid(state);
    expect((await act(id, 'refund')).status).toBe(200);
    expect(await orderAt(id)).toMatchObject({ status: 'refunded', refunded_amount: '25.00' });
  });
});
