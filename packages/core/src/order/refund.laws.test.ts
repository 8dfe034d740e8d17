import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { law } from '../../test/law.ts';
import { sum } from '../money.ts';
import { heldOf } from '../payment/payment.ts';
import { aContext, aLine, anOrder, anyLife, aPayment, everyCommand, live } from '../testing.ts';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import type { Order } from './order.ts';
import { refundableOfOrder } from './refund.ts';

const anyLine = fc
  .record({
    quantity: fc.integer({ min: 1, max: 12 }),
    unitPrice: fc.nat(5_000),
    share: fc.nat(100),
    tax: fc.nat(3_000),
  })
  .map(({ share, ...line }) => ({
    ...line,
    discount: Math.floor((line.quantity * line.unitPrice * share) / 100),
  }));

/** A paid order, and the pieces of it in the order in which they are given back. */
const anyReturn = fc
  .record({
    lines: fc.array(anyLine, { minLength: 1, maxLength: 3 }),
    shipping: fc.nat(2_000),
    payments: fc.integer({ min: 1, max: 4 }),
    cuts: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 20 }),
  })
  .map(({ lines, shipping, payments, cuts }) => ({
    order: paidIn(
      payments,
      anOrder({
        shipping,
        lines: lines.map((line, at) => aLine({ ...line, id: `line-${at}`, position: at })),
      }),
    ),
    cuts,
  }));

function paidIn(parts: number, order: Order): Order {
  const each = Math.floor(order.total / parts);
  const payments = Array.from({ length: parts }, (_, at) => {
    const amount = at === 0 ? order.total - each * (parts - 1) : each;
    return aPayment({ id: `payment-${at}`, amount, authorized: amount, captured: amount });
  });
  return { ...order, payments, paid: order.total };
}

const given = (order: Order, lines: readonly { lineId: string; quantity: number }[], shipping = 0): Order => {
  const answer = decide(order, { ...everyCommand.refund, amount: 0, lines, shipping }, aContext());
  if (answer.ok) return answer.value.reduce(evolve, order);
  if (answer.error.code === 'REFUND_EMPTY') return order;
  throw new Error(answer.error.code);
};

describe('refunds of pieces', () => {
  it(
    'come to what the order cost, however it is cut, to the last cent of price, discount and tax',
    law(anyReturn, ({ order, cuts }) => {
      let left = order;
      for (const [at, cut] of [...cuts, ...order.lines.map(() => 99)].entries()) {
        const line = refundableOfOrder(left).lines[at % order.lines.length];
        const quantity = Math.min(cut, line?.quantity ?? 0);
        if (line && quantity > 0) left = given(left, [{ lineId: line.lineId, quantity }]);
      }
      const back = left.refunds.flatMap(({ lines = [] }) => lines);
      for (const line of order.lines.filter(({ total, discount, tax }) => total - discount + tax > 0)) {
        const own = back.filter(({ lineId }) => lineId === line.id);
        const { lines } = refundableOfOrder(left);
        const rest = lines.find(({ lineId }) => lineId === line.id) ?? { amount: 0, tax: 0 };
        expect(sum(own.map(({ amount }) => amount)) + rest.amount).toBe(
          line.total - line.discount + line.tax,
        );
        expect(sum(own.map(({ tax }) => tax)) + rest.tax).toBe(line.tax);
      }
      const { shipping } = refundableOfOrder(left);
      const all = given(left, piecesOf(left), shipping);
      expect(all.refunded).toBe(order.total);
      expect(refundableOfOrder(all).total).toBe(0);
    }),
  );

  it(
    'cost at most a cent more or less from piece to piece',
    law(anyLine, (but) => {
      const line = aLine(but);
      let left = paidIn(1, anOrder({ lines: [line] }));
      const cost = line.total - line.discount + line.tax;
      for (let piece = 0; piece < line.quantity && left.refunded < cost; piece++) {
        const before = left.refunded;
        left = given(left, [{ lineId: line.id, quantity: 1 }]);
        // Price and tax are shared apart, so each of them may be a cent off.
        expect(Math.abs((left.refunded - before) * line.quantity - cost)).toBeLessThan(2 * line.quantity);
        if (left.refunded === before) return;
      }
    }),
  );
});

const piecesOf = (order: Order) =>
  refundableOfOrder(order)
    .lines.filter(({ quantity }) => quantity > 0)
    .map(({ lineId, quantity }) => ({ lineId, quantity }));

describe('refunds in a whole order life', () => {
  it(
    'never give back more than was taken, nor a piece twice, and move no status',
    law(anyLife, (plan) => {
      for (const { before, after, events } of live(plan)) {
        expect(after.refunded).toBeLessThanOrEqual(after.paid);
        for (const { quantity, refundedQuantity } of after.lines)
          expect(refundedQuantity >= 0 && refundedQuantity <= quantity).toBe(true);
        const begun = events.some(({ type }) => type === 'refund.begun');
        expect(begun ? after.status : before?.status).toBe(before?.status);
      }
    }),
  );

  it(
    'are given in parts that add up to what they are for, or asked of a gateway',
    law(anyLife, (plan) => {
      for (const { after, events } of live(plan))
        for (const event of events) {
          if (event.type !== 'refund.begun') continue;
          const { id, lines = [], shipping = 0 } = event.refund;
          const paid = events.map((one) =>
            one.type === 'payment.refunded' && one.refundId === id ? one.amount : 0,
          );
          const asked = events.map((one) =>
            one.type === 'payment.requested' && one.attempt.refund?.id === id ? one.attempt.amount : 0,
          );
          const least = sum(lines.map(({ amount }) => amount)) + shipping;
          expect(sum([...paid, ...asked])).toBeGreaterThanOrEqual(least);
          expect(sum(paid)).toBe(sum(partsOf(after, id)));
        }
    }),
  );

  it(
    'count the refunded pieces of each line once',
    law(anyLife, (plan) => {
      for (const { after } of live(plan))
        for (const line of after.lines) {
          const pieces = after.refunds
            .filter(({ failed }) => !failed)
            .flatMap(({ lines = [] }) => lines)
            .filter(({ lineId }) => lineId === line.id);
          expect(sum(pieces.map(({ quantity }) => quantity))).toBe(line.refundedQuantity);
        }
    }),
  );

  it(
    'hold nothing back: what is held stays held',
    law(anyLife, (plan) => {
      for (const { before, after, events } of live(plan)) {
        if (!before || !events.some(({ type }) => type === 'refund.begun')) continue;
        expect(sum(after.payments.map(heldOf))).toBe(sum(before.payments.map(heldOf)));
      }
    }),
  );
});

const partsOf = ({ refunds }: Order, refundId: string): number[] =>
  refunds.filter(({ id }) => id === refundId).flatMap(({ parts }) => parts.map(({ amount }) => amount));
