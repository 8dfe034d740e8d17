import { describe, expect, it } from 'vitest';
import { aContext, aHouse, aLine, anOrder, aShelf, aShelfItem } from '../testing.ts';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import { type AddItem, type ChangeItem, itemEdit, itemsOf } from './item.ts';
import type { Line, Order } from './order.ts';

const shelf = aShelf(
  aShelfItem({
    price: 1_000,
    levels: [
      { locationId: 'main', sellable: 2 },
      { locationId: 'backroom', sellable: 50 },
    ],
  }),
  aShelfItem({ variantId: 'cup', price: 500 }),
);
const context = aContext({ house: aHouse({ shelf }) });
const tea = (id: string, quantity: number, unitPrice = 1_000) =>
  aLine({ id, quantity, unitPrice, total: quantity * unitPrice });
const backroom = (line: Line): Line => ({ ...line, locationId: 'backroom' });

/** What an order's items come to after a command, or why it may not. */
function after(order: Order, command: AddItem | ChangeItem): unknown {
  const edit = itemEdit(order, command);
  const decided = edit.ok ? decide(order, edit.value, context) : edit;
  if (!decided.ok) return decided.error;
  return itemsOf(decided.value.reduce(evolve, order).lines).map((item) => [
    item[0]?.id,
    item[0]?.variantId,
    item[0]?.unitPrice,
    item.reduce((pieces, { quantity }) => pieces + quantity, 0),
  ]);
}
const change = (lineId: string, but: Partial<ChangeItem>): ChangeItem => ({
  type: 'changeItem',
  lineId,
  quantity: null,
  unitPrice: null,
  overridePrice: false,
  ...but,
});
const add = (variantId: string, but: Partial<AddItem> = {}): AddItem => ({
  type: 'addItem',
  variantId,
  ref: variantId,
  storeId: undefined,
  quantity: 1,
  unitPrice: null,
  overridePrice: false,
  ...but,
});

const some: unknown = expect.anything();
const spread = anOrder({ lines: [tea('a', 3), backroom(tea('b', 2))] });
const priced = anOrder({ lines: [tea('a', 3), backroom(tea('b', 2)), tea('c', 4, 900)] });

describe('an item', () => {
  it('is all lines of a variant and price, but those that were taken out', () => {
    const lines = [tea('a', 0), tea('b', 2), tea('c', 4, 900), tea('d', 1)];
    expect(itemsOf(lines).map((item) => item.map(({ id }) => id))).toEqual([['b', 'd'], ['c']]);
  });

  it.each([
    [spread, 'a', 9],
    [spread, 'b', 1],
    [priced, 'a', 9],
    [priced, 'b', 4],
    [priced, 'a', 1],
  ])('is changed as a whole, under the id that it had (case %#)', (order, lineId, quantity) => {
    const others = order === priced ? [['c', 'tea', 900, 4]] : [];
    expect(after(order, change(lineId, { quantity }))).toEqual([['a', 'tea', 1_000, quantity], ...others]);
  });

  it('is taken out without the others of its variant', () => {
    expect(after(priced, change('b', { quantity: 0 }))).toEqual([['c', 'tea', 900, 4]]);
    expect(after(spread, change('a', { quantity: 0 }))).toEqual({ code: 'ORDER_EMPTY' });
  });

  it('gets another price from whoever may set one, in all its lines', () => {
    expect(after(priced, change('a', { unitPrice: 800, overridePrice: true }))).toEqual([
      ['a', 'tea', 800, 5],
      ['c', 'tea', 900, 4],
    ]);
    expect(after(priced, change('a', { unitPrice: 800 }))).toMatchObject({ code: 'PRICE_MISMATCH' });
    expect(after(priced, change('a', { unitPrice: 1_000, quantity: 6 }))).toMatchObject([
      ['a', 'tea', 1_000, 6],
      ['c', 'tea', 900, 4],
    ]);
  });

  it('that the order has not, or has no more, is not found', () => {
    const gone = anOrder({ lines: [tea('a', 0), tea('b', 2)] });
    for (const lineId of ['a', 'z'])
      expect(after(gone, change(lineId, { quantity: 1 }))).toEqual({ code: 'LINE_NOT_FOUND', id: lineId });
  });
});

describe('pieces that are added', () => {
  it('are a new item at the price of the catalogue, or grow what is there at its own', () => {
    expect(after(spread, add('cup', { quantity: 2 }))).toMatchObject([
      ['a', 'tea', 1_000, 5],
      [expect.any(String), 'cup', 500, 2],
    ]);
    expect(after(priced, add('tea'))).toMatchObject([
      [some, some, 1_000, 6],
      [some, some, 900, 4],
    ]);
    expect(after(priced, add('tea', { unitPrice: 900 }))).toMatchObject([
      [some, some, 1_000, 5],
      [some, some, 900, 5],
    ]);
  });

  it('cost what was agreed, also for whoever may set a price', () => {
    for (const overridePrice of [false, true])
      expect(after(priced, add('tea', { unitPrice: 1, overridePrice }))).toEqual({
        code: 'PRICE_MISMATCH',
        line: 0,
        asked: 1,
        price: 1_000,
      });
    expect(after(spread, add('cup', { unitPrice: 1 }))).toMatchObject({ code: 'PRICE_MISMATCH' });
    expect(after(spread, add('cup', { unitPrice: 1, overridePrice: true }))).toMatchObject([
      [some, some, 1_000, 5],
      [some, some, 1, 1],
    ]);
  });

  it('are of the store of the order', () => {
    const order = anOrder({ storeId: 'one', lines: [tea('a', 1)] });
    const other = add('cup', { storeId: 'another' });
    expect(after(order, other)).toEqual({ code: 'STORE_MISMATCH', line: 0, ref: 'cup' });
  });
});
