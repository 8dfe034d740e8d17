import { describe, expect, it } from 'vitest';
import type { PaymentCommand } from '../order/commands.ts';
import { decide } from '../order/decide.ts';
import { evolve } from '../order/evolve.ts';
import { inverseOf } from '../stock/stock.ts';
import { aContext, aHouse, anOrder, aPayment, everyCommand, now, rules } from '../testing.ts';
import { requested } from './gateway.ts';
import type { Payment } from './payment.ts';

const context = aContext({ rules: rules({ gateway: true }) });
const paymentId = 'payment-1';
const failure = { code: 'declined', message: 'no' };

/** What a command says of an order with this payment: what happened, or the refusal. */
function said(but: Partial<Payment>, command: PaymentCommand, around = context) {
  const answer = decide(anOrder({ payments: [aPayment(but)] }), command, around);
  if (!answer.ok) return answer.error;
  return answer.value.map(({ at: _, version: __, ...happened }) => happened);
}

const asked = (operation: 'authorize' | 'charge', state: 'asked' | 'waiting' = 'asked'): Partial<Payment> => {
  const { attempt } = requested(aPayment(), { operation, amount: 2_500 });
  return { method: 'credit_card', attempt: { ...attempt, state } };
};

describe('what a payment is called elsewhere', () => {
  const named = { type: 'describePayment', paymentId, reference: 'T-1' } as const;

  it('is written, and said again is nothing that happened', () => {
    expect(said({}, named)).toEqual([{ type: 'payment.described', paymentId, reference: 'T-1' }]);
    expect(said({ reference: 'T-1' }, named)).toEqual([]);
  });

  it('is written for all parts of a group, and for none of them alone', () => {
    const ofGroup = { groupPaymentId: 'group-1' };
    expect(said(ofGroup, named)).toEqual({ code: 'PAYMENT_OF_GROUP', id: paymentId });
    expect(said(ofGroup, { ...named, ...ofGroup })).toMatchObject([{ type: 'payment.described' }]);
  });
});

describe('a payment by which nothing came', () => {
  const gone = { type: 'deletePayment', paymentId } as const;

  it.each([{}, { failure }, { authorized: 2_500, voided: 2_500 }, { authorized: 2_500, expired: true }])(
    'is deleted: %j',
    (but) => {
      expect(said(but, gone)).toEqual([{ type: 'payment.deleted', paymentId }]);
    },
  );

  it('stays where money is held or was taken, and while a gateway may still take it', () => {
    const held = { authorized: 2_500 };
    expect(said(held, gone)).toEqual({ code: 'PAYMENT_NOT_DELETABLE', status: 'AUTHORIZED' });
    expect(said({ ...held, captured: 2_500 }, gone)).toMatchObject({ status: 'PAID' });
    expect(said(asked('charge'), gone)).toEqual({ code: 'PAYMENT_IN_PROGRESS', paymentId });
  });

  it('is not there any more once it was deleted, but for what its gateway says', () => {
    const deleted = { method: 'credit_card', deletedAt: now } as const;
    expect(said(deleted, gone)).toEqual({ code: 'PAYMENT_NOT_FOUND', id: paymentId });
    expect(said(deleted, everyCommand.reportPayment)).toMatchObject([
      { type: 'payment.captured', amount: 1_000 },
      { type: 'payment.requested', attempt: { operation: 'refund', amount: 1_000 } },
    ]);
  });

  it('leaves its amount open for another one', () => {
    const order = anOrder({ total: 2_500, payments: [aPayment()] });
    const again = { ...everyCommand.createPayment, amount: 2_500 };
    expect(decide(order, again, context).ok).toBe(false);
    const answer = decide(order, gone, context);
    const without = answer.ok ? answer.value.reduce(evolve, order) : order;
    expect(decide(without, again, context).ok).toBe(true);
  });
});

describe('a payment', () => {
  it('fails, and expires, with a word of it', () => {
    expect(said({}, { type: 'failPayment', paymentId, failure })).toEqual([
      { type: 'payment.failed', paymentId, failure },
    ]);
    expect(said({ authorized: 2_500 }, { type: 'expirePayment', paymentId })).toEqual([
      { type: 'payment.expired', paymentId },
    ]);
  });

  it('takes the last cent of a balance, but not of what is not there', () => {
    const purse = (amount: number) => aContext({ house: aHouse({ purses: new Map([['ann', amount]]) }) });
    const process = { type: 'processPayment', paymentId } as const;
    expect(said({ method: 'balance' }, process, purse(2_500))).toMatchObject([{ type: 'payment.captured' }]);
    expect(said({ method: 'balance' }, process, purse(2_499))).toMatchObject({ available: 2_499 });
    expect(said({ method: 'cash' }, process, purse(0))).toMatchObject([{ type: 'payment.captured' }]);
  });

  it('lets go of nothing when the last of it is taken', () => {
    const capture = { type: 'capturePayment', paymentId, amount: 2_500, final: true } as const;
    expect(said({ method: 'balance', authorized: 2_500 }, capture)).toEqual([
      { type: 'payment.captured', paymentId, amount: 2_500 },
    ]);
  });

  it('asks its gateway to authorise, and while the customer has to act for nothing but to let go', () => {
    const card = { method: 'credit_card' } as const;
    const hold = { type: 'authorizePayment', paymentId } as const;
    expect(said(card, hold)).toMatchObject([{ attempt: { operation: 'authorize', amount: 2_500 } }]);
    const waiting = asked('authorize', 'waiting');
    expect(said(waiting, hold)).toEqual({ code: 'PAYMENT_IN_PROGRESS', paymentId });
    expect(said(waiting, { type: 'voidPayment', paymentId })).toMatchObject([
      { attempt: { operation: 'void', amount: 2_500 } },
    ]);
  });
});

it('a move that has no opposite is taken back by an adjustment', () => {
  const place = { variantId: 'tea', locationId: 'main', lineId: null };
  const received = { ...place, kind: 'RECEIVE', onHand: 3, reserved: 0 } as const;
  expect(inverseOf(received)).toEqual({ ...place, kind: 'ADJUST', onHand: -3, reserved: 0 });
  expect(inverseOf({ ...received, kind: 'RESERVE' }).kind).toBe('RELEASE');
});
