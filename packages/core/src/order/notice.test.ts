import { describe, expect, it } from 'vitest';
import { aPlaceRequest, everyCommand, live, policy, type Step } from '../testing.ts';
import { evolve } from './evolve.ts';
import { noticeOf } from './notice.ts';

describe('who is told', () => {
  const cases = [
    ['order.drafted', null, 'DRAFT', null],
    ['order.placed', null, 'PENDING', null],
    ['order.confirmed', 'PENDING', 'CONFIRMED', 'order_confirmation'],
    ['order.processing', 'CONFIRMED', 'PROCESSING', null],
    ['order.shipped', 'PROCESSING', 'SHIPPED', 'shipping_update'],
    ['order.out_for_delivery', 'SHIPPED', 'OUT_FOR_DELIVERY', 'shipping_update'],
    ['order.delivered', 'SHIPPED', 'DELIVERED', 'delivery_confirmation'],
    ['order.cancelled', 'PENDING', 'CANCELLED', 'order_cancellation'],
    ['order.cancelled', 'DRAFT', 'CANCELLED', null],
    ['order.refunded', 'DELIVERED', 'REFUNDED', 'refund'],
    ['orders.closed', 'DELIVERED', 'CLOSED', null],
    ['payment.created', 'PENDING', 'PENDING', null],
    ['payment.captured', 'PENDING', 'PENDING', 'payment_processing'],
    ['payment.failed', 'PENDING', 'PENDING', 'payment_processing'],
    ['payment.voided', 'PENDING', 'PENDING', null],
    ['payment.refunded', 'PENDING', 'PENDING', 'refund'],
    ['payment.refunded', 'REFUNDED', 'REFUNDED', null],
    ['stock.received', null, null, null],
  ] as const;
  it.each(cases)('%s from %s to %s → %s', (...[type, from, to, notice]) => {
    expect(noticeOf({ type, from, to })).toBe(notice);
  });

  it('hears of a refunded order once, however many payments it had', () => {
    const { confirmOrder, shipOrder, refundOrder } = everyCommand;
    const payment = { ...everyCommand.createPayment, amount: 500, process: true };
    const steps = live({
      begin: 'placed',
      request: aPlaceRequest({ lines: [{ variantId: 'tea', ref: 'tea', quantity: 6, unitPrice: null }] }),
      policy: policy(),
      wishes: [payment, payment, confirmOrder, shipOrder, refundOrder].map((command) => ({ command })),
    });
    expect(steps.at(-1)?.after).toMatchObject({ status: 'REFUNDED', refunded: 1_000 });
    expect(steps.slice(-1).flatMap(noticesOf)).toEqual(['refund']);
  });
});

const noticesOf = ({ before, events }: Step) => {
  let order = before;
  return events.flatMap((event) => {
    const from = order?.status ?? null;
    order = evolve(order, event);
    return noticeOf({ type: event.type, from, to: order.status }) ?? [];
  });
};
