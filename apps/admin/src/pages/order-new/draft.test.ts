import { describe, expect, it } from 'vitest';
import { blank, type DraftLine, inputOf, lineTotal, subtotalOf } from './draft.ts';

const aLine = (but: Partial<DraftLine> = {}): DraftLine => ({
  product: 'p1',
  variant: 'v1',
  name: 'Mug',
  sku: 'MUG',
  price: 2_500,
  available: 10,
  quantity: 2,
  ...but,
});

describe('an order that is being put together', () => {
  it('adds up its lines', () => {
    expect(subtotalOf([aLine(), aLine({ variant: 'v2', price: 333, quantity: 3 })])).toBe(5_999);
  });

  it('counts a quantity that is still being typed as none', () => {
    expect(lineTotal(aLine({ quantity: Number.NaN }))).toBe(0);
  });

  it('leaves out what was not chosen', () => {
    expect(inputOf({ ...blank, lines: [aLine()] }, null)).toEqual({
      items: [{ product: 'p1', variant: 'v1', quantity: 2 }],
      settle: 'later',
    });
  });
});
