import { describe, expect, it } from 'vitest';
import {
  aContext,
  aHouse,
  aLine,
  anOrder,
  aPayment,
  aShelf,
  aShelfItem,
  everyCommand,
  now,
  rules,
} from '../testing.ts';
import { consequences } from './consequences.ts';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import { linesOf, type Order } from './order.ts';
import type { ShelfItem } from './shelf.ts';

type Counts = readonly (readonly [variantId: string, quantity: number])[];

const cup = (but: Partial<ShelfItem> = {}) => aShelfItem({ variantId: 'cup', price: 1_000, ...but });
const house = (...items: readonly ShelfItem[]) => aHouse({ shelf: aShelf(...items) });
const untaxed = { origin: 'service' } as const;

const editing = (order: Order, counts: Counts, given = house(aShelfItem(), cup())) => {
  const lines = counts.map(([variantId, quantity]) => ({ variantId, ref: `my ${variantId}`, quantity }));
  return decide(order, { type: 'editOrder', lines }, aContext({ house: given }));
};
const edited = (...given: Parameters<typeof editing>): Order => {
  const answer = editing(...given);
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value.reduce(evolve, given[0]);
};
const counted = ({ lines }: Order) =>
  lines.map(({ variantId, locationId, quantity }) => [variantId, locationId, quantity]);

describe('editing an order', () => {
  it('sets what it names, and leaves the rest as it was', () => {
    const lines = [aLine({ quantity: 2 }), aLine({ id: 'line-2', position: 1, variantId: 'cup' })];
    const order = edited(anOrder({ ...untaxed, lines }), [['tea', 3]]);
    expect(counted(order)).toEqual([
      ['tea', 'main', 3],
      ['cup', 'main', 1],
    ]);
    expect(order).toMatchObject({ version: 2, status: 'PENDING', subtotal: 10_000, total: 10_000 });
  });

  it('adds up a variant that is named twice, and tells each change once, in the order asked (S1-26)', () => {
    const answer = editing(anOrder(untaxed), [
      ['cup', 1],
      ['tea', 1],
      ['cup', 2],
      ['tea', 1],
    ]);
    expect(answer.ok && answer.value).toMatchObject([
      {
        type: 'order.edited',
        version: 2,
        changes: [
          { variantId: 'cup', ref: 'my cup', before: 0, after: 3 },
          { variantId: 'tea', ref: 'my tea', before: 1, after: 2 },
        ],
      },
    ]);
  });

  it('is nothing that happened when all is as asked', () => {
    const same: Counts = [
      ['tea', 1],
      ['cup', 0],
    ];
    expect(editing(anOrder(), same)).toEqual({ ok: true, value: [] });
    expect(editing(anOrder(), [])).toEqual({ ok: true, value: [] });
  });

  it('keeps a line that is taken out, without pieces or worth, and shows it to nobody', () => {
    const lines = [aLine({ quantity: 2 }), aLine({ id: 'line-2', position: 1, variantId: 'cup' })];
    const order = edited(anOrder({ ...untaxed, lines }), [['tea', 0]]);
    expect(order.lines).toMatchObject([
      { id: 'line-1', quantity: 0, total: 0, discount: 0, tax: 0 },
      { id: 'line-2', quantity: 1 },
    ]);
    expect(linesOf(order)).toMatchObject([{ id: 'line-2' }]);
  });

  it('takes a variant that comes back at today’s price, on a line of its own', () => {
    const gone = aLine({ quantity: 0, unitPrice: 9 });
    const order = edited(anOrder({ ...untaxed, lines: [gone, aLine({ id: 'line-2', variantId: 'cup' })] }), [
      ['tea', 1],
    ]);
    expect(order.lines).toMatchObject([
      { id: 'line-1', quantity: 0 },
      { id: 'line-2' },
      { position: 2, quantity: 1, unitPrice: 2_500 },
    ]);
  });

  it('no longer holds to a total that was agreed without lines (S4-13)', () => {
    const agreed = anOrder({ ...untaxed, status: 'CONFIRMED', lines: [], declaredTotal: 700, total: 700 });
    expect(edited(agreed, [['tea', 1]])).toMatchObject({ declaredTotal: null, total: 2_500 });
  });

  it('belongs to the store of its lines, to none when they are of several', () => {
    const shelf = house(aShelfItem(), cup({ storeId: 'store-2' }));
    const order = edited(anOrder({ ...untaxed, storeId: 'store-1' }), [['cup', 1]], shelf);
    expect(order.storeId).toBeNull();
    expect(edited(order, [['tea', 0]], shelf).storeId).toBe('store-2');
  });
});

describe('the price of an edit', () => {
  it('is the agreed one for pieces of a line, the catalogue’s for what is new', () => {
    const lines = [aLine({ unitPrice: 2_000, priceSource: 'override' })];
    const order = edited(anOrder({ ...untaxed, lines }), [
      ['tea', 2],
      ['cup', 1],
    ]);
    expect(order.lines).toMatchObject([
      { unitPrice: 2_000, priceSource: 'override', total: 4_000 },
      { unitPrice: 1_000, priceSource: 'catalog', total: 1_000, requestedRef: 'my cup' },
    ]);
  });

  it('shares the discount anew, and never gives more than the lines are worth', () => {
    const charge = { id: 'c', kind: 'DISCOUNT', label: 'discount', amount: 3_000 } as const;
    const lines = [aLine({ quantity: 2, discount: 3_000 })];
    const order = anOrder({ ...untaxed, lines, charges: [charge], shipping: 500 });
    const more = edited(order, [['cup', 5]]);
    expect(more.lines.map(({ discount }) => discount)).toEqual([1_500, 1_500]);
    expect(more).toMatchObject({ discount: 3_000, shipping: 500, total: 7_500 });
    const less = edited(order, [['tea', 1]]);
    expect(less).toMatchObject({ subtotal: 2_500, discount: 2_500, total: 500 });
    expect(less.charges).toEqual([{ ...charge, amount: 2_500 }]);
  });

  it('is taxed where orders are, line by line', () => {
    const lines = [aLine({ tax: 500 })];
    const reduced = house(aShelfItem(), cup({ taxClass: 'reduced' }));
    const order = edited(anOrder({ lines }), [['cup', 2]], reduced);
    expect(order.lines.map(({ tax }) => tax)).toEqual([500, 145]);
    expect(order).toMatchObject({ tax: 645, total: 5_145 });
    for (const origin of ['service', 'balance'] as const)
      expect(edited(anOrder({ origin }), [['tea', 2]])).toMatchObject({ tax: 0, total: 5_000 });
  });

  it('keeps the tax of a line that is worth what it was, whatever the rates are today', () => {
    const order = anOrder({ lines: [aLine({ tax: 475 })] });
    expect(edited(order, [['cup', 1]]).lines).toMatchObject([{ tax: 475 }, { tax: 200 }]);
  });

  it('throws when a line must be taxed anew and its variant is not on the shelf', () => {
    const lines = [aLine({ quantity: 2 })];
    expect(() => editing(anOrder({ lines }), [['tea', 1]], house(cup()))).toThrow(RangeError);
  });

  it('changes how far the order is paid', () => {
    const payments = [aPayment({ amount: 2_500, authorized: 2_500, captured: 2_500 })];
    const lines = [aLine(), aLine({ id: 'line-2', variantId: 'cup' })];
    const order = anOrder({ ...untaxed, lines, payments });
    expect(edited(order, [['tea', 0]]).paymentStatus).toBe('paid');
    expect(edited(order, [['tea', 2]]).paymentStatus).toBe('partially_paid');
    expect(
      edited(edited(order, [['tea', 0]]), [
        ['tea', 0],
        ['cup', 1],
      ]).paymentStatus,
    ).toBe('paid');
    expect(
      edited(order, [
        ['cup', 0],
        ['tea', 1],
      ]).paymentStatus,
    ).toBe('paid');
    const cheap = anOrder({ ...order, lines: [aLine({ quantity: 3, unitPrice: 1_000 })] });
    expect(edited(cheap, [['tea', 1]]).paymentStatus).toBe('overpaid');
  });
});

describe('where an edit takes pieces from and gives them back to', () => {
  const places = [
    { locationId: 'main', sellable: 2 },
    { locationId: 'cellar', sellable: 1 },
    { locationId: 'backroom', sellable: 9 },
  ];
  const spread = house(aShelfItem({ levels: places }), cup());
  const inCellar = anOrder({ ...untaxed, lines: [aLine({ locationId: 'cellar' })] });

  it('is the line’s own place first, then one that has all the rest, each on a line of its own', () => {
    expect(counted(edited(inCellar, [['tea', 2]], spread))).toEqual([['tea', 'cellar', 2]]);
    expect(counted(edited(inCellar, [['tea', 4]], spread))).toEqual([
      ['tea', 'cellar', 2],
      ['tea', 'main', 2],
    ]);
    const all = edited(inCellar, [['tea', 13]], spread);
    expect(counted(all)).toEqual([
      ['tea', 'cellar', 2],
      ['tea', 'main', 2],
      ['tea', 'backroom', 9],
    ]);
    expect(all.lines.map(({ position }) => position)).toEqual([0, 1, 2]);
  });

  it('gives back from the last line of the variant', () => {
    const lines = [
      aLine({ quantity: 3 }),
      aLine({ id: 'line-2', position: 1, variantId: 'cup' }),
      aLine({ id: 'line-3', position: 2, quantity: 2, locationId: 'cellar' }),
    ];
    const order = edited(anOrder({ ...untaxed, lines }), [['tea', 2]]);
    expect(order.lines.map(({ quantity }) => quantity)).toEqual([2, 1, 0]);
  });

  it('moves stock by the difference, and none for a draft', () => {
    const moved = (order: Order) => {
      const answer = editing(order, [
        ['tea', 0],
        ['cup', 2],
      ]);
      return answer.ok ? answer.value.flatMap((event) => consequences(order, event).moves) : [];
    };
    const lines = [aLine({ quantity: 3 })];
    expect(moved(anOrder({ lines }))).toEqual([
      { kind: 'RELEASE', variantId: 'tea', locationId: 'main', lineId: 'line-1', onHand: 0, reserved: -3 },
      { kind: 'RESERVE', variantId: 'cup', locationId: 'main', lineId: 'id-1', onHand: 0, reserved: 2 },
    ]);
    expect(moved(anOrder({ status: 'DRAFT', lines }))).toEqual([]);
  });
});

describe('an edit of a draft', () => {
  const drafted = anOrder({ ...untaxed, status: 'DRAFT', lines: [], placedAt: null });
  const bare = house(aShelfItem({ levels: [{ locationId: 'main', sellable: -3 }] }), cup({ levels: [] }));

  it('asks nobody for stock: it holds none', () => {
    const order = edited(drafted, [['tea', 400]], bare);
    expect(counted(order)).toEqual([['tea', 'main', 400]]);
    expect(counted(edited(order, [['tea', 500]], bare))).toEqual([['tea', 'main', 500]]);
    expect(order).toMatchObject({ status: 'DRAFT', total: 1_000_000, paymentStatus: 'unpaid' });
  });

  it('is refused for what lies nowhere', () => {
    expect(editing(drafted, [['cup', 1]], bare)).toEqual({
      ok: false,
      error: { code: 'PRODUCT_UNKNOWN', line: 0, ref: 'my cup' },
    });
  });
});

describe('an order of which a line was taken out', () => {
  const lines = [aLine({ quantity: 0 }), aLine({ id: 'line-2', position: 1, quantity: 2 })];
  const order = anOrder({ status: 'CONFIRMED', lines });
  const after = (command: 'shipOrder' | 'cancelOrder') => {
    const answer = decide(order, everyCommand[command], aContext({ rules: rules() }));
    if (!answer.ok) throw new Error(answer.error.code);
    const moves = answer.value.flatMap((event) => consequences(order, event).moves);
    return { order: answer.value.reduce(evolve, order), moves };
  };

  it('ships without it', () => {
    const { order: shipped, moves } = after('shipOrder');
    expect(shipped.fulfillments.flatMap((parcel) => parcel.lines)).toEqual([
      { lineId: 'line-2', quantity: 2 },
    ]);
    expect(shipped.fulfillmentStatus).toBe('shipped');
    expect(moves).toMatchObject([{ lineId: 'line-2', onHand: -2 }]);
  });

  it('is cancelled without it', () => {
    expect(after('cancelOrder').moves).toMatchObject([{ kind: 'RELEASE', lineId: 'line-2', reserved: -2 }]);
  });

  it('reserves without it when it is placed', () => {
    const placed = consequences(null, { type: 'order.placed', version: 1, at: now, order });
    expect(placed.moves).toMatchObject([{ lineId: 'line-2', reserved: 2 }]);
  });
});
