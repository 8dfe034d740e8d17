import { describe, expect, it } from 'vitest';
import { aContext, aLine, anOrder, aPayment, everyCommand, now, rules } from '../testing.ts';
import { decide } from './decide.ts';
import { draft } from './draft.ts';
import { evolve, fold } from './evolve.ts';
import type { Order } from './order.ts';
import type { OrderCommand } from './commands.ts';

const decided = (order: Order, command: OrderCommand) => {
  const answer = decide(order, command, aContext());
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value.map(({ version: _version, at: _at, ...happening }) => happening);
};
const after = (order: Order, command: OrderCommand): Order => {
  const answer = decide(order, command, aContext());
  return answer.ok ? answer.value.reduce(evolve, order) : order;
};
const paid = aPayment({ amount: 2_500, authorized: 2_500, captured: 2_500 });

describe('every decision', () => {
  it('is of the next version and of the moment it was taken', () => {
    const answer = decide(anOrder({ version: 7 }), everyCommand.confirmOrder, aContext());
    expect(answer).toEqual({ ok: true, value: [{ type: 'order.confirmed', version: 8, at: now }] });
  });
});

describe('confirming a draft', () => {
  const drafted = fold([
    draft({ id: 'o', at: now, origin: 'service', customerId: null, userId: null }, 'USD'),
  ]);

  it('makes it worth what was agreed', () => {
    expect(after(drafted, { type: 'confirmDraft', declaredTotal: 1_000 })).toMatchObject({
      status: 'CONFIRMED',
      version: 2,
      total: 1_000,
      declaredTotal: 1_000,
      placedAt: now,
      confirmedAt: now,
    });
  });

  it('is refused when its lines are worth something else', () => {
    const order = anOrder({ status: 'DRAFT' });
    expect(decide(order, { type: 'confirmDraft', declaredTotal: 1 }, aContext())).toEqual({
      ok: false,
      error: { code: 'TOTAL_MISMATCH', declared: 1, total: 2_500 },
    });
  });

  it.each([-1, 0.5])('throws for %d, which no grammar lets through', (declaredTotal) => {
    expect(() => decide(drafted, { type: 'confirmDraft', declaredTotal }, aContext())).toThrow(RangeError);
  });
});

describe('shipping', () => {
  it('is one parcel per place, of all that is open there', () => {
    const lines = [
      aLine({ id: 'a', quantity: 3, cancelledQuantity: 1 }),
      aLine({ id: 'b', locationId: 'backroom' }),
      aLine({ id: 'c', quantity: 2 }),
      aLine({ id: 'd', quantity: 2, cancelledQuantity: 2 }),
    ];
    const order = after(anOrder({ status: 'PROCESSING', lines }), everyCommand.shipOrder);
    expect(order.fulfillments.map(({ locationId, lines }) => [locationId, lines])).toEqual([
      [
        'main',
        [
          { lineId: 'a', quantity: 2 },
          { lineId: 'c', quantity: 2 },
        ],
      ],
      ['backroom', [{ lineId: 'b', quantity: 1 }]],
    ]);
    expect(order).toMatchObject({ trackingNumber: 'TRACK-1', fulfillmentStatus: 'shipped', shippedAt: now });
  });
});

describe('cancelling before shipping', () => {
  it('gives everything captured back as one refund, and lets go of what is held or promised', () => {
    const payments = [
      aPayment({ ...paid, id: 'p1' }),
      aPayment({ id: 'p2', method: 'balance', authorized: 2_500, captured: 1_000, refunded: 400 }),
      aPayment({ id: 'p3', amount: 700 }),
      aPayment({ id: 'p4', failure: { code: 'declined', message: 'no' } }),
    ];
    const refundId = 'id-1';
    const { reason } = everyCommand.cancelOrder;
    expect(decided(anOrder({ payments }), everyCommand.cancelOrder)).toEqual([
      { type: 'order.cancelled', reason, goods: null },
      { type: 'payment.refunded', paymentId: 'p1', amount: 2_500, refundId, reason },
      { type: 'payment.voided', paymentId: 'p2', amount: 1_500 },
      { type: 'payment.refunded', paymentId: 'p2', amount: 600, refundId, reason },
      { type: 'payment.voided', paymentId: 'p3', amount: 700 },
    ]);
  });

  it('leaves no piece open', () => {
    const order = after(anOrder({ lines: [aLine({ quantity: 3 })] }), everyCommand.cancelOrder);
    expect(order.lines).toMatchObject([{ quantity: 3, cancelledQuantity: 3 }]);
  });
});

describe('cancelling after shipping', () => {
  const shipped = anOrder({
    status: 'SHIPPED',
    lines: [aLine({ quantity: 2, shippedQuantity: 2 })],
    payments: [paid],
  });

  it('expects the goods back and keeps the money until they are', () => {
    const order = after(shipped, everyCommand.cancelOrder);
    expect(order).toMatchObject({ status: 'CANCELLED', paid: 2_500, refunded: 0 });
    expect(order.returns).toEqual([
      { id: 'id-1', lines: [{ lineId: 'line-1', quantity: 2 }], state: 'REQUESTED' },
    ]);
    expect(order.lines).toMatchObject([{ cancelledQuantity: 0 }]);
  });
});

describe('refunding an order', () => {
  it('says so first and then gives all of the money back', () => {
    const order = anOrder({ status: 'DELIVERED', payments: [paid] });
    expect(decided(order, everyCommand.refundOrder).map(({ type }) => type)).toEqual([
      'order.refunded',
      'payment.refunded',
    ]);
    expect(after(order, everyCommand.refundOrder)).toMatchObject({
      status: 'REFUNDED',
      refunded: 2_500,
      paymentStatus: 'refunded',
      refunds: [{ id: 'id-1', reason: 'came back', parts: [{ paymentId: 'payment-1', amount: 2_500 }] }],
    });
  });

  it('needs no money to give back', () => {
    expect(decided(anOrder({ status: 'DELIVERED' }), everyCommand.refundOrder)).toEqual([
      { type: 'order.refunded', reason: 'came back' },
    ]);
  });
});

describe('delivering and closing', () => {
  it('delivers every shipped piece', () => {
    const lines = [aLine({ quantity: 2, shippedQuantity: 2 })];
    const order = after(anOrder({ status: 'SHIPPED', lines }), everyCommand.deliverOrder);
    expect(order).toMatchObject({ status: 'DELIVERED', fulfillmentStatus: 'delivered' });
    expect(order.lines).toMatchObject([{ deliveredQuantity: 2 }]);
  });

  it('closes with the total that goes to the outbox', () => {
    expect(decided(anOrder({ status: 'DELIVERED' }), everyCommand.closeOrder)).toEqual([
      { type: 'orders.closed', totalCents: 2_500 },
    ]);
  });
});

describe('ids', () => {
  it('are asked for only when something new begins', () => {
    const none = rules({
      newId: () => {
        throw new Error('no id is needed');
      },
    });
    const { confirmOrder, cancelOrder } = everyCommand;
    for (const command of [confirmOrder, cancelOrder])
      expect(decide(anOrder(), command, aContext({ rules: none })).ok).toBe(true);
  });
});
