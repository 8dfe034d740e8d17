import { describe, expect, it } from 'vitest';
import { aContext, aHouse, aLine, anOrder, aShelf, aShelfItem, rules } from '../testing.ts';
import type { EditedLine } from './commands.ts';
import { consequences } from './consequences.ts';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import type { Order } from './order.ts';

const two = anOrder({
  origin: 'service',
  lines: [aLine({ quantity: 2 }), aLine({ id: 'line-2', position: 1, quantity: 3 })],
});
const context = (sellable: readonly number[] = [10]) =>
  aContext({
    house: aHouse({
      shelf: aShelf(
        aShelfItem({
          levels: sellable.map((pieces, at) => ({
            locationId: at === 0 ? 'main' : `more-${at}`,
            sellable: pieces,
          })),
        }),
      ),
    }),
    rules: rules({ taxRates: {} }),
  });
const named = (but: Partial<EditedLine>): EditedLine => ({
  variantId: 'tea',
  ref: 'tea',
  quantity: 1,
  ...but,
});
const asked = (
  order: Order,
  lines: readonly EditedLine[],
  given: { override?: boolean; left?: number[] } = {},
) =>
  decide(
    order,
    { type: 'editOrder', lines, overridePrice: given.override ?? false },
    context(given.left ?? [10]),
  );
const edited = (...given: Parameters<typeof asked>): Order => {
  const answer = asked(...given);
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value.reduce(evolve, given[0]);
};
const counted = ({ lines }: Order) => lines.map(({ id, quantity }) => [id, quantity]);

describe('editing one line', () => {
  it('leaves the other lines of its variant alone', () => {
    expect(counted(edited(two, [named({ lineId: 'line-2', quantity: 1 })]))).toEqual([
      ['line-1', 2],
      ['line-2', 1],
    ]);
    expect(counted(edited(two, [named({ lineId: 'line-1', quantity: 5 })]))).toEqual([
      ['line-1', 5],
      ['line-2', 3],
    ]);
  });

  it('goes on elsewhere where its place is empty', () => {
    const order = edited(two, [named({ lineId: 'line-1', quantity: 5 })], { left: [1, 9] });
    expect(order.lines.map(({ locationId, quantity }) => [locationId, quantity])).toEqual([
      ['main', 3],
      ['main', 3],
      ['more-1', 2],
    ]);
  });

  it('takes no piece twice when two lines of a variant grow at once', () => {
    const lines = [named({ lineId: 'line-1', quantity: 8 }), named({ lineId: 'line-2', quantity: 8 })];
    expect(asked(two, lines)).toMatchObject({
      error: { code: 'INSUFFICIENT_STOCK', shortages: [{ line: 1, requested: 8, available: 7 }] },
    });
    expect(counted(edited(two, lines, { left: [11] }))).toEqual([
      ['line-1', 8],
      ['line-2', 8],
    ]);
  });

  it('is refused for a line that the order does not have, or no longer', () => {
    const lost = { error: { code: 'LINE_NOT_FOUND', id: 'line-1' } };
    const without = edited(two, [named({ lineId: 'line-1', quantity: 0 })]);
    expect(asked(without, [named({ lineId: 'line-1' })])).toMatchObject(lost);
    expect(asked(two, [named({ lineId: 'line-9' })])).toMatchObject({ error: { id: 'line-9' } });
  });

  it('is a fault beside its whole variant', () => {
    expect(() => asked(two, [named({}), named({ lineId: 'line-1' })])).toThrow(RangeError);
  });

  it('is refused once a piece was refunded', () => {
    const order = anOrder({ lines: [aLine({ quantity: 2, refundedQuantity: 1 })] });
    expect(asked(order, [named({})])).toMatchObject({ error: { code: 'ORDER_NOT_EDITABLE' } });
  });
});

describe('the price of an edited line', () => {
  const sold = anOrder({ origin: 'service', lines: [aLine({ unitPrice: 2_000 })] });

  it('is the agreed one, whatever the catalogue says today', () => {
    expect(edited(sold, [named({ quantity: 2, unitPrice: 2_000 })]).total).toBe(4_000);
    expect(asked(sold, [named({ quantity: 2, unitPrice: 2_500 })])).toMatchObject({
      error: { code: 'PRICE_MISMATCH', line: 0, asked: 2_500, price: 2_000 },
    });
  });

  it('is the catalogue’s for what is new', () => {
    const cup = anOrder({ origin: 'service', lines: [aLine({ variantId: 'cup' })] });
    expect(asked(cup, [named({ unitPrice: 2_000 })])).toMatchObject({ error: { code: 'PRICE_MISMATCH' } });
    expect(asked(cup, [named({ unitPrice: 2_500 })]).ok).toBe(true);
  });

  it('is set by whoever may, moves no stock, and is told', () => {
    const answer = asked(sold, [named({ unitPrice: 1_500 })], { override: true });
    if (!answer.ok) throw new Error(answer.error.code);
    expect(answer.value).toMatchObject([
      { changes: [{ before: 1, after: 1, price: { before: 2_000, after: 1_500 } }] },
    ]);
    expect(answer.value.flatMap((event) => consequences(sold, event).moves)).toEqual([]);
    expect(answer.value.reduce(evolve, sold)).toMatchObject({
      total: 1_500,
      lines: [{ unitPrice: 1_500, priceSource: 'override', quantity: 1 }],
    });
  });

  it('is the catalogue’s again when it is set to that', () => {
    const order = edited(sold, [named({ unitPrice: 2_500 })], { override: true });
    expect(order.lines).toMatchObject([{ unitPrice: 2_500, priceSource: 'catalog' }]);
  });

  it('also holds for what has to lie elsewhere', () => {
    const order = edited(sold, [named({ lineId: 'line-1', quantity: 3, unitPrice: 1_500 })], {
      override: true,
      left: [0, 9],
    });
    expect(order.lines.map(({ unitPrice }) => unitPrice)).toEqual([1_500, 1_500]);
  });

  it('of a line that is taken out stays as it was', () => {
    const more = anOrder({
      origin: 'service',
      lines: [aLine({ variantId: 'cup' }), aLine({ id: 'line-2' })],
    });
    const order = edited(more, [named({ quantity: 0, unitPrice: 1 })], { override: true });
    expect(order.lines).toMatchObject([{}, { quantity: 0, unitPrice: 2_500 }]);
  });
});
