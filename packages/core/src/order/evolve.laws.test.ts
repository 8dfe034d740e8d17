import { describe, expect, it } from 'vitest';
import { law } from '../../test/law.ts';
import { paymentStatusOf } from '../payment/payment.ts';
import { openAmountOf } from '../payment/decide.ts';
import { aLine, anyLife, live, now } from '../testing.ts';
import { evolve, fold, fulfillmentFacetOf, paymentFacetOf } from './evolve.ts';
import { transitions } from './lifecycle.ts';
import type { Order } from './order.ts';

const eachState = (check: (order: Order) => void) => (plan: Parameters<typeof live>[0]) => {
  for (const { after } of live(plan)) check(after);
};

describe('a whole order life', () => {
  it(
    'folded from its events is the state that was reached',
    law(anyLife, (plan) => {
      const steps = live(plan);
      const last = steps.at(-1);
      if (!last) return;
      expect(fold(steps.flatMap(({ events }) => events))).toEqual(last.after);
    }),
  );

  it(
    'survives being written down and read back',
    law(anyLife, (plan) => {
      const events = live(plan).flatMap((step) => step.events);
      const reread: typeof events = JSON.parse(JSON.stringify(events));
      expect(reread.map((_, at) => fold(reread.slice(0, at + 1)))).toEqual(
        events.map((_, at) => fold(events.slice(0, at + 1))),
      );
    }),
  );

  it(
    'grows by one version with each command (I-13)',
    law(anyLife, (plan) => {
      for (const [at, { after, events }] of live(plan).entries()) {
        expect(after.version).toBe(at + 1);
        for (const event of events) expect(event).toMatchObject({ version: at + 1, at: after.updatedAt });
      }
    }),
  );

  it(
    'moves only as the table says (I-16)',
    law(anyLife, (plan) => {
      const pairs = transitions.map(({ from, to }) => `${from} ${to}`);
      for (const { before, events } of live(plan)) {
        let order = before;
        for (const event of events) {
          const next = evolve(order, event);
          const from = order?.status ?? null;
          expect(from === next.status || pairs.includes(`${from} ${next.status}`)).toBe(true);
          order = next;
        }
      }
    }),
  );

  it(
    'keeps 0 ≤ refunded ≤ captured ≤ authorized ≤ amount (I-9)',
    law(
      anyLife,
      eachState(({ payments }) => {
        for (const { amount, authorized, captured, refunded, voided } of payments) {
          const rising = [0, refunded, captured, authorized, amount];
          expect(rising).toEqual(rising.toSorted((a, b) => a - b));
          expect(voided >= 0 && captured + voided <= amount).toBe(true);
        }
      }),
    ),
  );

  it(
    'never asks for more money than the order is worth, or was worth before an edit',
    law(anyLife, (plan) => {
      let worth = 0;
      for (const { after } of live(plan)) {
        worth = Math.max(worth, after.total);
        expect(openAmountOf(after)).toBeGreaterThanOrEqual(0);
        expect(after.paid - after.refunded).toBeLessThanOrEqual(worth);
        if (after.total === worth) continue;
        const over = after.refunded === 0 && after.paid > after.total;
        expect(after.paymentStatus === 'overpaid').toBe(over && after.placedAt !== null);
      }
    }),
  );

  it(
    'keeps its quantities in order (I-5)',
    law(
      anyLife,
      eachState(({ lines }) => {
        for (const line of lines) {
          const rising = [
            0,
            line.deliveredQuantity,
            line.shippedQuantity,
            line.quantity - line.cancelledQuantity,
          ];
          expect(rising).toEqual(rising.toSorted((a, b) => a - b));
          expect(line.returnedQuantity).toBeLessThanOrEqual(line.shippedQuantity);
          expect(line.refundedQuantity).toBeLessThanOrEqual(line.quantity);
        }
      }),
    ),
  );

  it(
    'adds up (I-10)',
    law(
      anyLife,
      eachState((order) => {
        const total = (pick: (line: Order['lines'][number]) => number) =>
          order.lines.reduce((all, line) => all + pick(line), 0);
        const charged = (kind: string) =>
          order.charges.filter((charge) => charge.kind === kind).reduce((all, { amount }) => all + amount, 0);
        const parts = {
          subtotal: total((l) => l.total),
          discount: total((l) => l.discount),
          tax: total((l) => l.tax),
        };
        expect(order).toMatchObject({
          ...parts,
          shipping: charged('SHIPPING'),
          discount: charged('DISCOUNT'),
        });
        const computed = parts.subtotal - parts.discount + order.shipping + parts.tax;
        // A draft without lines is worth what was agreed.
        expect(order.total).toBe(order.lines.length === 0 ? (order.declaredTotal ?? 0) : computed);
      }),
    ),
  );

  it(
    'speaks one currency (I-21), and ends with nothing pending or held but what a gateway was asked for',
    law(
      anyLife,
      eachState(({ currency, payments, status }) => {
        for (const payment of payments) {
          expect(payment.currency).toBe(currency);
          const ended = ['REFUNDED', 'VOIDED', 'EXPIRED', 'FAILED'].includes(paymentStatusOf(payment));
          const over = ended || payment.attempt !== undefined;
          expect(status !== 'REFUNDED' || over).toBe(true);
        }
      }),
    ),
  );
});

describe('the facets of an order', () => {
  it.each([
    [{ total: 100, paid: 0, refunded: 0, held: 0 }, 'unpaid'],
    [{ total: 100, paid: 0, refunded: 0, held: 100 }, 'authorized'],
    [{ total: 100, paid: 40, refunded: 0, held: 60 }, 'partially_paid'],
    [{ total: 100, paid: 100, refunded: 0, held: 0 }, 'paid'],
    [{ total: 100, paid: 101, refunded: 0, held: 0 }, 'overpaid'],
    [{ total: 100, paid: 100, refunded: 40, held: 0 }, 'partially_refunded'],
    [{ total: 100, paid: 100, refunded: 100, held: 0 }, 'refunded'],
    [{ total: 0, paid: 0, refunded: 0, held: 0 }, 'paid'],
  ] as const)('%j is %s', (amounts, facet) => {
    expect(paymentFacetOf(amounts)).toBe(facet);
  });

  it.each([
    [{}, 'unfulfilled'],
    [{ cancelledQuantity: 4 }, 'unfulfilled'],
    [{ shippedQuantity: 1 }, 'partially_shipped'],
    [{ shippedQuantity: 4 }, 'shipped'],
    [{ shippedQuantity: 3, cancelledQuantity: 1 }, 'shipped'],
    [{ shippedQuantity: 4, deliveredQuantity: 1 }, 'partially_delivered'],
    [{ shippedQuantity: 4, deliveredQuantity: 4 }, 'delivered'],
    [{ shippedQuantity: 4, deliveredQuantity: 4, returnedQuantity: 1 }, 'partially_returned'],
    [{ shippedQuantity: 4, deliveredQuantity: 4, returnedQuantity: 4 }, 'returned'],
  ] as const)('%j of four is %s', (quantities, facet) => {
    expect(fulfillmentFacetOf([aLine({ quantity: 4, ...quantities })])).toBe(facet);
  });
});

describe('a life without a beginning', () => {
  it('cannot be remembered', () => {
    expect(() => fold([])).toThrow(RangeError);
    expect(() => evolve(null, { type: 'order.confirmed', version: 2, at: now })).toThrow(RangeError);
  });
});
