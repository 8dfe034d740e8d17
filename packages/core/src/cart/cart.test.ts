import { describe, expect, it } from 'vitest';
import { hold } from './cart.ts';

const tea = { variantId: 'tea', ref: '1', quantity: 5 };

describe('a cart', () => {
  it('holds what can be sold, to the last piece', () => {
    expect(hold(tea, 5)).toEqual({ ok: true, value: 5 });
  });

  it('takes no more, and says how much there is', () => {
    expect(hold(tea, 4)).toEqual({
      ok: false,
      error: {
        code: 'INSUFFICIENT_STOCK',
        shortages: [{ line: 0, variantId: 'tea', ref: '1', requested: 5, available: 4 }],
      },
    });
  });
});
