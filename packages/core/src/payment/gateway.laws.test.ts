import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { law } from '../../test/law.ts';
import { decide } from '../order/decide.ts';
import { evolve } from '../order/evolve.ts';
import type { Order } from '../order/order.ts';
import { aContext, anOrder, aPayment, everyCommand, ids, rules } from '../testing.ts';
import { type GatewayReport, isAwaited, reportKinds } from './gateway.ts';

const context = () => aContext({ rules: rules({ gateway: true }) });
const card = aPayment({ method: 'credit_card' });

const anyReport = fc
  .record({
    kind: fc.constantFrom(...reportKinds),
    amount: fc.oneof(fc.constantFrom(0, 1_000, 2_500), fc.nat(3_000)),
    currency: fc.constantFrom('USD', 'USD', 'USD', 'EUR'),
  })
  .map((said): GatewayReport => ({
    ...said,
    paymentId: card.id,
    reportId: JSON.stringify(said),
    at: '2026-11-21T10:00:00.000Z',
  }));
/** A set of statements in two orders, each of them told once or several times. */
const twoWays = fc
  .uniqueArray(anyReport, { maxLength: 7, selector: ({ reportId }) => reportId })
  .chain((reports) => {
    const seats = [...reports, ...reports, ...reports.slice(0, 2)];
    const shuffled = fc.shuffledSubarray(seats, { minLength: seats.length, maxLength: seats.length });
    return fc.record({ one: shuffled, other: shuffled });
  });
const begun = fc.constantFrom<Order>(
  anOrder({ payments: [card] }),
  asked(anOrder({ payments: [card] }), 'processPayment'),
  asked(anOrder({ payments: [card] }), 'authorizePayment'),
  anOrder({ status: 'CANCELLED', payments: [card] }),
  anOrder({ status: 'REFUNDED', payments: [card] }),
  // Some of it was given back in cash.
  ...[700].map((amount) => {
    const paid = anOrder({ payments: [{ ...card, authorized: 2_500, captured: 2_000 }] });
    const answer = decide(paid, { ...everyCommand.refund, amount, to: 'cash' }, context());
    return answer.ok ? answer.value.reduce(evolve, paid) : paid;
  }),
);

function asked(order: Order, type: 'processPayment' | 'authorizePayment'): Order {
  const answer = decide(order, { type, paymentId: card.id }, context());
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value.reduce(evolve, order);
}

function told(order: Order, reports: readonly GatewayReport[]): Order {
  const around = { ...context(), rules: rules({ gateway: true, newId: ids('told') }) };
  return reports.reduce((known, said) => {
    const answer = decide(known, { type: 'reportPayment', ...said }, around);
    return answer.ok ? answer.value.reduce(evolve, known) : known;
  }, order);
}

const amountsOf = ({ payments }: Order) =>
  payments.map(({ authorized, captured, voided, refunded, expired, failure }) => ({
    authorized,
    captured,
    voided,
    refunded,
    expired,
    failure,
  }));

describe('what a gateway says', () => {
  it(
    'ends in the same amounts in whatever order and however often it is told',
    law(fc.record({ order: begun, ways: twoWays }), ({ order, ways }) => {
      expect(amountsOf(told(order, ways.one))).toEqual(amountsOf(told(order, ways.other)));
    }),
  );

  it(
    'never breaks 0 ≤ refunded ≤ captured ≤ authorized ≤ amount (I-9), whoever says it',
    law(fc.record({ order: begun, reports: fc.array(anyReport, { maxLength: 9 }) }), ({ order, reports }) => {
      for (const [at] of reports.entries()) {
        const [payment = card] = told(order, reports.slice(0, at + 1)).payments;
        const { amount, authorized, captured, refunded, voided } = payment;
        const rising = [0, refunded, captured, authorized, amount];
        expect(rising).toEqual(rising.toSorted((a, b) => a - b));
        expect(voided >= 0 && captured + voided <= amount).toBe(true);
      }
    }),
  );

  it(
    'changes nothing the second time',
    law(fc.record({ order: begun, reports: fc.array(anyReport, { maxLength: 7 }) }), (given) => {
      const once = told(given.order, given.reports);
      expect(told(once, given.reports)).toEqual(once);
    }),
  );

  it(
    'never leaves money with an order that is over without asking for its way back',
    law(fc.array(anyReport, { maxLength: 7 }), (reports) => {
      const order = told(anOrder({ status: 'CANCELLED', payments: [card] }), reports);
      const [payment = card] = order.payments;
      const kept = payment.captured > payment.refunded;
      expect(!kept || isAwaited(payment) || payment.attempt?.state === 'failed').toBe(true);
    }),
  );
});
