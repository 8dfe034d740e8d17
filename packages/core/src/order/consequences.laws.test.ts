import { describe, expect, it } from 'vitest';
import { law } from '../../test/law.ts';
import type { Entry } from '../payment/ledger.ts';
import { heldOf } from '../payment/payment.ts';
import { applyMove, type Level, type StockMove } from '../stock/stock.ts';
import { anyLife, everyCommand, live, type LifePlan, type Step } from '../testing.ts';
import { reservingStates } from './consequences.ts';
import { openQuantity } from './order.ts';

const movesOf = (steps: readonly Step[]): StockMove[] =>
  steps.flatMap((step) => step.consequences.flatMap(({ moves }) => moves));
const entriesOf = (steps: readonly Step[]): Entry[] =>
  steps.flatMap((step) => step.consequences.flatMap(({ entries }) => entries));
const total = (entries: readonly Entry[], account: RegExp): number =>
  entries
    .flatMap(({ postings }) => postings)
    .reduce((all, one) => all + (account.test(one.account) ? one.amount : 0), 0);

/** Checks every state of a life against all that followed until then. */
const atEachStep = (plan: LifePlan, check: (until: readonly Step[], step: Step) => void) => {
  const steps = live(plan);
  for (const [at, step] of steps.entries()) check(steps.slice(0, at + 1), step);
};

describe('the ledger of an order', () => {
  it(
    'sums to zero in every entry, and says nothing empty (I-7)',
    law(anyLife, (plan) => {
      for (const { postings } of entriesOf(live(plan))) {
        expect(postings.reduce((all, { amount }) => all + amount, 0)).toBe(0);
        expect(postings.length).toBeGreaterThanOrEqual(2);
        for (const { amount } of postings) expect(amount).not.toBe(0);
      }
    }),
  );

  it(
    'has taken from outside what was paid and not given back (I-11)',
    law(anyLife, (plan) => {
      atEachStep(plan, (until, { after }) => {
        const outside = total(entriesOf(until), /^(cash$|gateway:|customer-balance:|customer-held:)/);
        expect(0 - outside).toBe(0 + (after.paid - after.refunded));
      });
    }),
  );

  it(
    'holds in the order’s funds what was paid and is not yet earned (I-11)',
    law(anyLife, (plan) => {
      atEachStep(plan, (until, { after }) => {
        const entries = entriesOf(until);
        const earned =
          0 -
          total(
            entries.filter(({ memo }) => memo === 'recognition'),
            /^order-funds:/,
          );
        const givenBackLater =
          0 -
          total(
            entries.filter(({ memo }) => memo === 'refund'),
            /^(refunds|tax-payable)$/,
          );
        const funds = total(entries, /^order-funds:/);
        expect(funds + earned - givenBackLater).toBe(after.paid - after.refunded);
      });
    }),
  );

  it(
    'holds for the customer exactly what is set aside',
    law(anyLife, (plan) => {
      atEachStep(plan, (until, { after }) => {
        const held = after.payments
          .filter(({ method }) => method === 'balance')
          .reduce((all, payment) => all + heldOf(payment), 0);
        expect(total(entriesOf(until), /^customer-held:/)).toBe(held);
      });
    }),
  );

  it(
    'earns the whole order when it is shipped, part by part',
    law(anyLife, (plan) => {
      const steps = live(plan);
      const shipped = steps.find(({ events }) => events.some(({ type }) => type === 'order.shipped'));
      if (!shipped || shipped.after.lines.length === 0) return;
      const entries = entriesOf(steps).filter(({ memo }) => memo === 'recognition');
      const { subtotal, discount, shipping, tax } = shipped.after;
      expect(total(entries, /^sales:/)).toBe(subtotal);
      expect(total(entries, /^discounts$/)).toBe(0 - discount);
      expect(total(entries, /^shipping-income$/)).toBe(shipping);
      expect(total(entries, /^tax-payable$/)).toBe(tax);
    }),
  );

  it(
    'gives back no more tax than it took',
    law(anyLife, (plan) => {
      const entries = entriesOf(live(plan));
      const taken = total(
        entries.filter(({ memo }) => memo === 'recognition'),
        /^tax-payable$/,
      );
      const back =
        0 -
        total(
          entries.filter(({ memo }) => memo === 'refund'),
          /^tax-payable$/,
        );
      expect(back).toBeGreaterThanOrEqual(0);
      expect(back).toBeLessThanOrEqual(taken);
    }),
  );
});

describe('the stock of an order', () => {
  it(
    'is reserved where its state reserves, line by line, and nowhere else (I-3, I-6)',
    law(anyLife, (plan) => {
      atEachStep(plan, (until, { after }) => {
        const moves = movesOf(until);
        for (const line of after.lines) {
          const own = moves.filter(({ lineId }) => lineId === line.id);
          const open = reservingStates.includes(after.status) ? openQuantity(line) : 0;
          expect(own.reduce((pieces, { reserved }) => pieces + reserved, 0)).toBe(open);
          expect(own.reduce((pieces, { onHand }) => pieces - onHand, 0)).toBe(line.shippedQuantity);
          for (const { variantId, locationId } of own)
            expect({ variantId, locationId }).toMatchObject({
              variantId: line.variantId,
              locationId: line.locationId,
            });
        }
      });
    }),
  );

  it(
    'is restored exactly when a placed order is cancelled',
    law(anyLife, (plan) => {
      const cancelled = live({ ...plan, begin: 'placed', wishes: [{ command: everyCommand.cancelOrder }] });
      const level: Level = { onHand: 1_000, reserved: 3, backorderLimit: 0 };
      const levels = new Map<string, Level>();
      for (const move of movesOf(cancelled)) {
        const key = `${move.variantId} ${move.locationId}`;
        const moved = applyMove(levels.get(key) ?? level, move);
        if (!moved.ok) throw new Error(moved.error.code);
        levels.set(key, moved.value);
      }
      for (const restored of levels.values()) expect(restored).toEqual(level);
    }),
  );

  it(
    'never moves a piece twice: whatever is reserved is released or shipped once',
    law(anyLife, (plan) => {
      const steps = live(plan);
      const last = steps.at(-1)?.after;
      const pieces = (kind: string) =>
        movesOf(steps).reduce((all, move) => all + (move.kind === kind ? Math.abs(move.reserved) : 0), 0);
      if (!last || reservingStates.includes(last.status)) return;
      expect(pieces('RELEASE') + pieces('SHIP')).toBe(pieces('RESERVE'));
    }),
  );
});
