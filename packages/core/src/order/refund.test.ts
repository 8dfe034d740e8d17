import { describe, expect, it } from 'vitest';
import type { Payment } from '../payment/payment.ts';
import { aContext, aLine, anOrder, aPayment, everyCommand, rules } from '../testing.ts';
import type { GiveRefund, OrderCommand } from './commands.ts';
import { consequences } from './consequences.ts';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import { type Order, statuses } from './order.ts';
import { refundableOfOrder } from './refund.ts';

const context = aContext({ rules: rules({ gateway: true }) });
const taken = (but: Partial<Payment> = {}): Payment => {
  const { amount = 8_600 } = but;
  return aPayment({ amount, authorized: amount, captured: amount, ...but });
};
/** Three cups for 30.00, 1.00 off, 5.80 of tax, and shipping, all of it paid. */
const order = (payments: readonly Payment[] = [taken({ amount: 3_980 })], but: Partial<Order> = {}): Order =>
  anOrder({
    lines: [aLine({ quantity: 3, unitPrice: 1_000, discount: 100, tax: 580 })],
    shipping: 500,
    payments,
    paid: payments.reduce((all, { captured }) => all + captured, 0),
    ...but,
  });
const command = (but: Partial<GiveRefund>): GiveRefund => ({ ...everyCommand.refund, amount: 0, ...but });
const asked = (given: Order, but: Partial<GiveRefund>) => decide(given, command(but), context);
const after = (given: Order, ...commands: readonly OrderCommand[]): Order =>
  commands.reduce((known, one) => {
    const answer = decide(known, one, context);
    if (!answer.ok) throw new Error(answer.error.code);
    return answer.value.reduce(evolve, known);
  }, given);
const pieces = (quantity: number) => [{ lineId: 'line-1', quantity }];

describe('a refund', () => {
  it('gives pieces back with their shares of discount and tax, the odd cents first', () => {
    const first = after(order(), command({ lines: pieces(1) }));
    expect(first.refunds).toMatchObject([
      { lines: [{ lineId: 'line-1', quantity: 1, amount: 1_161, tax: 194 }], parts: [{ amount: 1_161 }] },
    ]);
    expect(first).toMatchObject({ refunded: 1_161, paymentStatus: 'partially_refunded', status: 'PENDING' });
    expect(first.lines).toMatchObject([{ refundedQuantity: 1 }]);
    expect(refundableOfOrder(first)).toEqual({
      lines: [{ lineId: 'line-1', quantity: 2, amount: 2_319, tax: 386 }],
      shipping: 500,
      total: 2_819,
    });
  });

  it('gives pieces, shipping and a free amount back together, as often as something is left', () => {
    const more = order([taken({ amount: 4_000 })]);
    const most = after(more, command({ lines: pieces(3), shipping: 200 }), command({ shipping: 300 }));
    expect(refundableOfOrder(most)).toMatchObject({ shipping: 0, total: 20 });
    expect(after(most, command({ amount: 20 })).paymentStatus).toBe('refunded');
  });

  it.each(statuses.filter((status) => status !== 'DRAFT'))('leaves an order %s', (status) => {
    expect(after(order(undefined, { status }), command({ amount: 1 })).status).toBe(status);
  });

  it.each([
    [{}, { code: 'REFUND_EMPTY' }],
    [{ lines: pieces(4) }, { code: 'REFUND_EXCEEDS_LINE', lineId: 'line-1', refundable: 3 }],
    [
      { lines: [...pieces(2), ...pieces(2)] },
      { code: 'REFUND_EXCEEDS_LINE', lineId: 'line-1', refundable: 3 },
    ],
    [{ lines: [{ lineId: 'line-9', quantity: 1 }] }, { code: 'LINE_NOT_FOUND', id: 'line-9' }],
    [{ shipping: 501 }, { code: 'REFUND_EXCEEDS_SHIPPING', refundable: 500 }],
    [{ amount: 3_981 }, { code: 'REFUND_EXCEEDS_CAPTURED', refundable: 3_980 }],
  ] as const)('is refused: %j', (but, error) => {
    expect(asked(order(), but)).toEqual({ ok: false, error });
  });

  it('never gives back what was not paid', () => {
    const half = order([taken({ amount: 1_000 })]);
    expect(asked(half, { lines: pieces(1) })).toMatchObject({ error: { refundable: 1_000 } });
  });

  it.each([{ lines: pieces(0) }, { shipping: -1 }, { amount: -1 }])('is a fault: %j', (but) => {
    expect(() => asked(order(), but)).toThrow(RangeError);
  });
});

describe('the way back', () => {
  const two = [taken({ amount: 2_000 }), taken({ id: 'payment-2', amount: 1_980, method: 'bank_transfer' })];
  const entriesOf = (given: Order, but: Partial<GiveRefund>) => {
    const answer = asked(given, but);
    return answer.ok ? answer.value.flatMap((event) => consequences(given, event).entries) : [];
  };

  it('is that of the payments, the last one first', () => {
    const [refund] = after(order(two), command({ amount: 2_000 })).refunds;
    expect(refund?.parts).toEqual([
      { paymentId: 'payment-2', amount: 1_980 },
      { paymentId: 'payment-1', amount: 20 },
    ]);
  });

  it('may be another: the balance of the customer, or cash', () => {
    expect(entriesOf(order(two), { amount: 100, to: 'balance' })).toMatchObject([
      { postings: [{ account: 'order-funds:order-1' }, { account: 'customer-balance:ann', amount: 100 }] },
    ]);
    expect(after(order(two), command({ amount: 100, to: 'cash' })).refunds).toMatchObject([{ to: 'cash' }]);
    expect(asked(order(two, { customerId: null }), { amount: 1, to: 'balance' })).toMatchObject({
      error: { code: 'CUSTOMER_REQUIRED' },
    });
  });

  it('gives the tax of what was earned back with it', () => {
    const shipped = after(order(two), everyCommand.confirmOrder, everyCommand.shipOrder);
    expect(entriesOf(shipped, { amount: 1_980 }).map(({ postings }) => postings)).toMatchObject([
      [
        { account: 'refunds', amount: -1_692 },
        { account: 'tax-payable', amount: -288 },
        { account: 'gateway:bank_transfer', amount: 1_980 },
      ],
    ]);
  });
});

describe('the way back of a card', () => {
  const card = () => order([taken({ amount: 3_980, method: 'credit_card' })]);
  const { reportPayment } = everyCommand;

  it('is asked of the gateway, and counts when that has said so', () => {
    const begun = after(card(), command({ lines: pieces(1) }));
    expect(begun).toMatchObject({ refunded: 0, lines: [{ refundedQuantity: 1 }] });
    expect(asked(begun, { amount: 1 })).toMatchObject({ error: { code: 'PAYMENT_IN_PROGRESS' } });
    const done = after(begun, { ...reportPayment, kind: 'refunded', amount: 1_161 });
    expect(done).toMatchObject({ refunded: 1_161, refunds: [{ parts: [{ amount: 1_161 }], lines: [{}] }] });
    expect(done.refunds).toHaveLength(1);
  });

  it('may be declined, and then its pieces can be refunded anew', () => {
    const declined = after(card(), command({ lines: pieces(1), shipping: 500 }), {
      ...reportPayment,
      kind: 'failed',
      amount: 0,
      attempt: 1,
    });
    expect(declined).toMatchObject({ refunds: [{ failed: true }], lines: [{ refundedQuantity: 0 }] });
    expect(refundableOfOrder(declined)).toMatchObject({ shipping: 500, total: 3_980 });
  });

  it('can be another way, beside which the gateway’s totals still fit', () => {
    const cash = after(card(), command({ amount: 1_000, to: 'cash' }));
    expect(cash.refunded).toBe(1_000);
    const asking = after(cash, command({ amount: 500 }));
    expect(after(asking, { ...reportPayment, kind: 'refunded', amount: 500 }).refunded).toBe(1_500);
  });
});
