import { describe, expect, it } from 'vitest';
import { aLine } from '../testing.ts';
import { priceLines, totalsOf } from './totals.ts';

describe('the totals of an order', () => {
  it('are its lines less the discount, with shipping and tax', () => {
    const lines = [aLine({ total: 2_000, discount: 200, tax: 360 }), aLine({ total: 500, tax: 100 })];
    expect(totalsOf(lines, 500)).toEqual({
      subtotal: 2_500,
      discount: 200,
      shipping: 500,
      tax: 460,
      total: 3_260,
    });
  });

  it('are nothing without lines', () => {
    expect(totalsOf([], 0)).toEqual({ subtotal: 0, discount: 0, shipping: 0, tax: 0, total: 0 });
  });
});

describe('pricing lines', () => {
  it('taxes each line once, after its share of the discount', () => {
    const lines = priceLines([aLine({ total: 1_000 }), aLine({ total: 3_000 })], 400, () => 1_000);
    expect(lines.map(({ discount, tax }) => [discount, tax])).toEqual([
      [100, 90],
      [300, 270],
    ]);
  });

  it('gives no more than the lines are worth', () => {
    expect(priceLines([aLine({ total: 1_000 })], 5_000, () => 2_000)).toMatchObject([
      { discount: 1_000, tax: 0 },
    ]);
    expect(priceLines([aLine({ total: 0 })], 5_000, () => 2_000)).toMatchObject([{ discount: 0, tax: 0 }]);
  });
});
