import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { law } from '../../test/law.ts';
import { sum } from '../money.ts';
import { aLine, anyAmount } from '../testing.ts';
import { priceLines, totalsOf } from './totals.ts';

const anyLines = fc.array(
  fc.nat(1_000_000).map((total) => aLine({ total })),
  { minLength: 1, maxLength: 20 },
);

describe('the totals of an order', () => {
  it(
    'discount shares add up to the discount and leave no line below zero',
    law(fc.tuple(anyLines, anyAmount), (given) => {
      const [lines, discount] = given;
      const priced = priceLines(lines, discount, () => 1_900);
      const { subtotal, discount: shared } = totalsOf(priced, 0);
      expect(shared).toBe(Math.min(discount, subtotal));
      for (const line of priced) expect(line.discount <= line.total && line.tax >= 0).toBe(true);
      expect(sum(priced.map((line) => line.total - line.discount + line.tax))).toBe(
        totalsOf(priced, 0).total,
      );
    }),
  );
});
