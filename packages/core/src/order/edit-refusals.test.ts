import { describe, expect, it } from 'vitest';
import { aContext, aHouse, aLine, anOrder, aShelf, aShelfItem } from '../testing.ts';
import { decide } from './decide.ts';
import { isEditable } from './edit.ts';
import { type Order, statuses } from './order.ts';
import type { ShelfItem } from './shelf.ts';

type Counts = readonly (readonly [variantId: string, quantity: number])[];

const cup = (but: Partial<ShelfItem> = {}) => aShelfItem({ variantId: 'cup', price: 1_000, ...but });
const house = (...items: readonly ShelfItem[]) => aHouse({ shelf: aShelf(...items) });

const editing = (order: Order, counts: Counts, given = house(aShelfItem(), cup())) => {
  const lines = counts.map(([variantId, quantity]) => ({ variantId, ref: `my ${variantId}`, quantity }));
  return decide(order, { type: 'editOrder', lines }, aContext({ house: given }));
};

describe('an edit is refused', () => {
  it('for more than there is, with what the order holds counted as there, and every shortage told', () => {
    const lines = [aLine({ quantity: 3 })];
    const counts: Counts = [
      ['tea', 14],
      ['cup', 6],
      ['cup', 5],
    ];
    expect(editing(anOrder({ lines }), counts)).toEqual({
      ok: false,
      error: {
        code: 'INSUFFICIENT_STOCK',
        shortages: [
          { line: 0, variantId: 'tea', ref: 'my tea', requested: 14, available: 13 },
          { line: 1, variantId: 'cup', ref: 'my cup', requested: 11, available: 10 },
        ],
      },
    });
  });

  it('when nothing would be left', () => {
    expect(editing(anOrder(), [['tea', 0]])).toEqual({ ok: false, error: { code: 'ORDER_EMPTY' } });
  });

  it.each([
    ['unknown', house(aShelfItem())],
    ['not sold', house(aShelfItem(), cup({ active: false }))],
    ['of another currency', house(aShelfItem(), cup({ currency: 'EUR' }))],
  ])('for a product that is %s, even for none of it', (_, given) => {
    for (const quantity of [1, 0])
      expect(
        editing(
          anOrder(),
          [
            ['tea', 2],
            ['cup', quantity],
          ],
          given,
        ),
      ).toEqual({
        ok: false,
        error: { code: 'PRODUCT_UNKNOWN', line: 1, ref: 'my cup' },
      });
  });

  it('for more of what is no longer sold; less of it may go', () => {
    const off = house(aShelfItem({ active: false }));
    const order = anOrder({ lines: [aLine({ quantity: 2 })] });
    expect(editing(order, [['tea', 3]], off)).toMatchObject({ error: { code: 'PRODUCT_UNKNOWN' } });
    expect(editing(order, [['tea', 1]], off)).toMatchObject({ value: [{ lines: [{ quantity: 1 }] }] });
  });

  it('for a total beyond reason', () => {
    const lines = [aLine({ unitPrice: 2 ** 49 })];
    const rich = house(aShelfItem({ levels: [{ locationId: 'main', sellable: 1_000 }] }));
    expect(editing(anOrder({ lines }), [['tea', 1_000]], rich)).toEqual({
      ok: false,
      error: { code: 'TOTAL_TOO_LARGE' },
    });
  });

  it.each(statuses)('or not, by the status alone, when %s', (status) => {
    const order = anOrder({ status });
    const editable = ['DRAFT', 'PENDING', 'CONFIRMED', 'PROCESSING'].includes(status);
    expect(isEditable(order)).toBe(editable);
    const answer = editing(order, [['tea', 2]]);
    const refused = { code: 'ORDER_NOT_EDITABLE', from: status };
    expect(answer.ok ? null : answer.error).toEqual(editable ? null : refused);
  });

  it('as soon as one piece has left the house', () => {
    const lines = [aLine({ quantity: 3, shippedQuantity: 1 })];
    expect(editing(anOrder({ status: 'PROCESSING', lines }), [['tea', 2]])).toEqual({
      ok: false,
      error: { code: 'ORDER_NOT_EDITABLE', from: 'PROCESSING' },
    });
  });

  it.each([-1, 1.5, Number.NaN])(
    'by throwing for a count of %d, which no grammar lets through',
    (quantity) => {
      expect(() => editing(anOrder(), [['tea', quantity]])).toThrow(RangeError);
    },
  );
});
