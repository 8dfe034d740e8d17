import { describe, expect, it } from 'vitest';
import type { PaymentCommand } from '../order/commands.ts';
import { decide } from '../order/decide.ts';
import { evolve } from '../order/evolve.ts';
import { type Order, statuses } from '../order/order.ts';
import { aContext, aHouse, anOrder, aPayment, everyCommand, now } from '../testing.ts';
import { openAmountOf } from './decide.ts';
import {
  heldOf,
  type Payment,
  type PaymentStatus,
  paymentStatuses,
  paymentStatusOf,
  refundableOf,
} from './payment.ts';

const failure = { code: 'declined', message: 'no' };
const amounts: Record<PaymentStatus, Partial<Payment>> = {
  PENDING: {},
  AUTHORIZED: { authorized: 2_500 },
  PARTIALLY_CAPTURED: { authorized: 2_500, captured: 1_000 },
  PAID: { authorized: 2_500, captured: 2_500 },
  PARTIALLY_REFUNDED: { authorized: 2_500, captured: 2_500, refunded: 1_000 },
  REFUNDED: { authorized: 2_500, captured: 2_500, refunded: 2_500 },
  FAILED: { failure },
  VOIDED: { voided: 2_500 },
  EXPIRED: { authorized: 2_500, expired: true },
};
const paymentIn = (status: PaymentStatus, but: Partial<Payment> = {}) =>
  aPayment({ method: 'balance', ...amounts[status], ...but });
const orderWith = (...payments: readonly Payment[]) => anOrder({ payments });

const refusal = (order: Order, command: PaymentCommand, house = aHouse()) => {
  const answer = decide(order, command, aContext({ house }));
  return answer.ok ? null : answer.error;
};
const after = (order: Order, command: PaymentCommand): Order => {
  const answer = decide(order, command, aContext());
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value.reduce(evolve, order);
};

describe('the status of a payment', () => {
  it.each(paymentStatuses)('%s is read from its amounts', (status) => {
    expect(paymentStatusOf(paymentIn(status))).toBe(status);
  });

  it('is PAID when the rest of a capture was let go', () => {
    expect(paymentStatusOf(aPayment({ authorized: 2_500, captured: 1_000, voided: 1_500 }))).toBe('PAID');
  });

  it('says what is held and what can be given back', () => {
    expect(paymentStatuses.filter((status) => heldOf(paymentIn(status)) > 0)).toEqual([
      'AUTHORIZED',
      'PARTIALLY_CAPTURED',
    ]);
    expect(refundableOf(paymentIn('PARTIALLY_REFUNDED'))).toBe(1_500);
  });
});

// Domain 5, P2 … P7: where each command is allowed; everywhere else it is refused.
const allowed: Partial<Record<PaymentCommand['type'], readonly PaymentStatus[]>> = {
  authorizePayment: ['PENDING', 'FAILED'],
  processPayment: ['PENDING', 'FAILED'],
  failPayment: ['PENDING', 'FAILED'],
  capturePayment: ['AUTHORIZED', 'PARTIALLY_CAPTURED'],
  voidPayment: ['PENDING', 'AUTHORIZED', 'PARTIALLY_CAPTURED'],
  expirePayment: ['AUTHORIZED'],
  refundPayment: ['PARTIALLY_CAPTURED', 'PAID', 'PARTIALLY_REFUNDED'],
};

describe.each(Object.entries(allowed))('%s', (name, where) => {
  const command = Object.values(everyCommand).find(({ type }) => type === name);

  it.each(paymentStatuses)('is decided when %s', (status) => {
    if (!command) throw new Error(name);
    const answer = decide(orderWith(paymentIn(status)), command, aContext());
    const code = name === 'refundPayment' ? 'PAYMENT_NOT_REFUNDABLE' : 'PAYMENT_NOT_PROCESSABLE';
    expect(answer.ok ? 'allowed' : answer.error).toEqual(
      where.includes(status) ? 'allowed' : { code, status },
    );
  });
});

describe('what is open of an order', () => {
  it.each([
    ['PENDING', 0],
    ['AUTHORIZED', 0],
    ['PAID', 0],
    ['PARTIALLY_REFUNDED', 1_000],
    ['REFUNDED', 2_500],
    ['FAILED', 2_500],
    ['VOIDED', 2_500],
    ['EXPIRED', 2_500],
  ] as const)('beside a payment that is %s: %d', (status, open) => {
    expect(openAmountOf(orderWith(paymentIn(status)))).toBe(open);
  });

  it('counts what was captured and kept when the rest was let go', () => {
    expect(openAmountOf(orderWith(aPayment({ authorized: 2_500, captured: 1_000, voided: 1_500 })))).toBe(
      1_500,
    );
  });
});

describe('creating a payment', () => {
  const { createPayment } = everyCommand;

  it('is for all that is open unless it says less', () => {
    expect(after(anOrder(), createPayment).payments).toMatchObject([
      { id: 'id-1', amount: 2_500, createdAt: now },
    ]);
    expect(after(anOrder(), { ...createPayment, amount: 1_000 }).payments).toMatchObject([{ amount: 1_000 }]);
  });

  it.each([2_501, 0, -1])('is refused for %d of 2500', (amount) => {
    expect(refusal(anOrder(), { ...createPayment, amount })).toEqual({
      code: 'PAYMENT_EXCEEDS_OPEN',
      open: 2_500,
    });
  });

  it('is refused when nothing is open', () => {
    expect(refusal(anOrder({ lines: [] }), createPayment)).toEqual({ code: 'PAYMENT_EXCEEDS_OPEN', open: 0 });
  });

  it('takes the money in the same step when asked to', () => {
    const order = after(anOrder(), { ...createPayment, process: true });
    expect(order).toMatchObject({ paid: 2_500, paymentStatus: 'paid', version: 2 });
  });

  it.each(statuses.filter((status) => ['DRAFT', 'CANCELLED', 'REFUNDED', 'CLOSED'].includes(status)))(
    'is refused when %s',
    (status) => {
      expect(refusal(anOrder({ status }), createPayment)).toEqual({ code: 'ORDER_NOT_PAYABLE', status });
    },
  );
});

describe('taking the money', () => {
  const { authorizePayment, processPayment } = everyCommand;

  it('is refused for an order that is over', () => {
    const order = anOrder({ status: 'CANCELLED', payments: [paymentIn('PENDING')] });
    expect(refusal(order, processPayment)).toEqual({ code: 'ORDER_NOT_PAYABLE', status: 'CANCELLED' });
  });

  it('is refused for a payment that nobody knows', () => {
    expect(refusal(anOrder(), processPayment)).toEqual({ code: 'PAYMENT_NOT_FOUND', id: 'payment-1' });
  });

  it('is refused when the balance does not suffice', () => {
    const poor = aHouse({ purses: new Map([['ann', 2_499]]) });
    for (const command of [authorizePayment, processPayment])
      expect(refusal(orderWith(paymentIn('PENDING')), command, poor)).toEqual({
        code: 'INSUFFICIENT_BALANCE',
        required: 2_500,
        available: 2_499,
      });
  });

  it('is refused from the balance of nobody', () => {
    const order = anOrder({ customerId: null, payments: [paymentIn('PENDING')] });
    expect(refusal(order, processPayment)).toEqual({ code: 'CUSTOMER_REQUIRED' });
  });

  it('is refused where the method cannot do it', () => {
    const card = orderWith(paymentIn('PENDING', { method: 'credit_card' }));
    const cash = orderWith(paymentIn('PENDING', { method: 'cash' }));
    expect(refusal(card, processPayment)).toEqual({
      code: 'PAYMENT_METHOD_UNAVAILABLE',
      method: 'credit_card',
    });
    expect(refusal(cash, authorizePayment)).toEqual({ code: 'PAYMENT_METHOD_UNAVAILABLE', method: 'cash' });
    expect(refusal(cash, processPayment)).toBeNull();
  });

  it('is refused again after a failure when another payment has covered the order since', () => {
    const failed = orderWith(paymentIn('FAILED'));
    expect(refusal(failed, processPayment)).toBeNull();
    const covered = orderWith(paymentIn('FAILED'), paymentIn('PAID', { id: 'payment-2' }));
    expect(refusal(covered, processPayment)).toEqual({ code: 'PAYMENT_EXCEEDS_OPEN', open: 0 });
  });

  it('forgets an earlier failure', () => {
    const [payment] = after(orderWith(paymentIn('FAILED')), processPayment).payments;
    expect(payment).toMatchObject({ failure: null, captured: 2_500, authorized: 2_500, processedAt: now });
  });
});

describe('capturing what is held', () => {
  const { capturePayment } = everyCommand;
  const held = orderWith(paymentIn('AUTHORIZED'));

  it.each([2_501, 0, -5])('is refused for %d of 2500', (amount) => {
    expect(refusal(held, { ...capturePayment, amount })).toEqual({
      code: 'CAPTURE_EXCEEDS_HELD',
      held: 2_500,
    });
  });

  it('may leave the rest held, or let go of it', () => {
    expect(after(held, capturePayment)).toMatchObject({ paid: 1_000, payments: [{ voided: 0 }] });
    expect(after(held, { ...capturePayment, final: true }).payments).toMatchObject([
      { captured: 1_000, voided: 1_500 },
    ]);
    expect(after(held, { ...capturePayment, amount: 2_500, final: true }).payments).toMatchObject([
      { voided: 0 },
    ]);
  });
});

describe('giving money back', () => {
  const { refundPayment } = everyCommand;
  const paid = orderWith(paymentIn('PARTIALLY_REFUNDED'));

  it.each([1_501, 0, -5])('is refused for %d of 1500', (amount) => {
    expect(refusal(paid, { ...refundPayment, amount })).toEqual({
      code: 'REFUND_EXCEEDS_CAPTURED',
      refundable: 1_500,
    });
  });

  it('is for all that is left unless it says less', () => {
    expect(after(paid, refundPayment)).toMatchObject({ refunded: 2_500, paymentStatus: 'refunded' });
    expect(after(paid, { ...refundPayment, amount: 500 })).toMatchObject({
      refunded: 1_500,
      paymentStatus: 'partially_refunded',
    });
  });
});
