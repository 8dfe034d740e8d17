import { describe, expect, it } from 'vitest';
import { aHouse, aPlaceRequest, aShelf, aShelfItem, now, rules } from '../testing.ts';
import { fold } from './evolve.ts';
import type { Order } from './order.ts';
import { type AskedLine, type House, place, type PlaceRequest, type PlaceRules } from './place.ts';

const asked = (variantId: string, quantity: number, unitPrice: number | null = null): AskedLine => ({
  variantId,
  ref: variantId,
  quantity,
  unitPrice,
});

type Given = { readonly house?: House; readonly rules?: PlaceRules };
const placing = (but: Partial<PlaceRequest>, { house = aHouse(), rules: given = rules() }: Given = {}) => {
  const [answer] = place([aPlaceRequest(but)], house, given);
  if (!answer) throw new Error('no answer');
  return answer;
};
const placed = (but: Partial<PlaceRequest>, given: Given = {}): Order => {
  const answer = placing(but, given);
  if (!answer.ok) throw new Error(answer.error.code);
  return fold(answer.value.events);
};

describe('placing an order', () => {
  it('takes a snapshot of price, name and place', () => {
    const order = placed({ lines: [asked('tea', 2)] });
    expect(order).toMatchObject({ status: 'PENDING', version: 1, placedAt: now, storeId: 'store-1' });
    expect(order.lines).toMatchObject([
      {
        name: 'tea',
        unitPrice: 2_500,
        priceSource: 'catalog',
        quantity: 2,
        locationId: 'main',
        total: 5_000,
      },
    ]);
  });

  it('adds tax by class and shipping by method', () => {
    const order = placed({ lines: [asked('tea', 1)], discount: 500, shippingMethod: 'express' });
    expect(order).toMatchObject({ subtotal: 2_500, discount: 500, shipping: 1_500, tax: 400, total: 3_900 });
    expect(order.charges.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['SHIPPING', 1_500],
      ['DISCOUNT', 500],
    ]);
  });

  it('charges neither where the family carries none', () => {
    expect(placed({ charged: false, shippingMethod: 'express' })).toMatchObject({
      shipping: 0,
      tax: 0,
      total: 2_500,
    });
  });

  it('belongs to a store only when all its lines do', () => {
    const house = aHouse({
      shelf: aShelf(aShelfItem(), aShelfItem({ variantId: 'cup', storeId: 'store-2' })),
    });
    expect(placed({ lines: [asked('tea', 1), asked('cup', 1)] }, { house }).storeId).toBeNull();
  });

  it('answers with what was asked, and nothing of its own making', () => {
    const answer = placing({});
    expect(answer.ok && Object.keys(answer.value)).toEqual(['events', 'shortages']);
  });
});

describe('a request that is wrong', () => {
  const cases: readonly (readonly [string, Partial<PlaceRequest>, object])[] = [
    ['no lines', { lines: [] }, { code: 'ORDER_EMPTY' }],
    [
      'an unknown product',
      { lines: [asked('tea', 1), asked('milk', 1)] },
      { code: 'PRODUCT_UNKNOWN', line: 1, ref: 'milk' },
    ],
    ['another store', { storeId: 'store-2' }, { code: 'STORE_MISMATCH', line: 0, ref: 'tea' }],
    [
      'an old price',
      { lines: [asked('tea', 1, 2_400)] },
      { code: 'PRICE_MISMATCH', line: 0, asked: 2_400, price: 2_500 },
    ],
    [
      'an unknown way of shipping',
      { shippingMethod: 'pigeon' },
      { code: 'SHIPPING_METHOD_UNKNOWN', method: 'pigeon' },
    ],
    [
      'shipping by inheritance',
      { shippingMethod: 'toString' },
      { code: 'SHIPPING_METHOD_UNKNOWN', method: 'toString' },
    ],
    ['nobody to pay', { payFromBalance: true, customerId: null }, { code: 'CUSTOMER_REQUIRED' }],
    [
      'a total beyond reason',
      { lines: [asked('tea', 1_000_000, 2 ** 45)], overridePrice: true },
      { code: 'TOTAL_TOO_LARGE' },
    ],
  ];
  it.each(cases)('is refused for %s', (_, but, error) => {
    expect(placing(but)).toEqual({ ok: false, error });
  });

  it('is refused for a product that is not sold, or not in this currency', () => {
    const refused = { ok: false, error: { code: 'PRODUCT_UNKNOWN', line: 0, ref: 'tea' } };
    for (const item of [aShelfItem({ active: false }), aShelfItem({ currency: 'EUR' })])
      expect(placing({}, { house: aHouse({ shelf: aShelf(item) }) })).toEqual(refused);
  });

  it.each([0, -1, 1.5, Number.NaN])('throws for %d pieces, which no grammar lets through', (quantity) => {
    expect(() => placing({ lines: [asked('tea', quantity)] })).toThrow(RangeError);
  });

  it('throws for a negative price or discount', () => {
    expect(() => placing({ lines: [asked('tea', 1, -1)], overridePrice: true })).toThrow(RangeError);
    expect(() => placing({ discount: -1 })).toThrow(RangeError);
  });
});

describe('an asserted price', () => {
  it('stands when the caller may override the catalogue', () => {
    const order = placed({ lines: [asked('tea', 2, 2_000)], overridePrice: true });
    expect(order.lines).toMatchObject([{ unitPrice: 2_000, priceSource: 'override', total: 4_000 }]);
  });

  it('is the catalogue’s own when it agrees', () => {
    expect(placed({ lines: [asked('tea', 1, 2_500)] }).lines).toMatchObject([{ priceSource: 'catalog' }]);
  });
});

describe('a tax class without a rate', () => {
  it.each(['books', 'toString'])('%s is not taxed', (taxClass) => {
    expect(placed({}, { house: aHouse({ shelf: aShelf(aShelfItem({ taxClass })) }) }).tax).toBe(0);
  });
});

describe('stock that does not suffice', () => {
  const cup = aShelfItem({ variantId: 'cup', levels: [{ locationId: 'main', sellable: -2 }] });
  const house = aHouse({ shelf: aShelf(aShelfItem(), cup) });

  it('refuses the whole order and reports every shortage', () => {
    const shortages = [
      { line: 0, variantId: 'tea', ref: 'tea', requested: 11, available: 10 },
      { line: 1, variantId: 'cup', ref: 'cup', requested: 1, available: 0 },
    ];
    expect(placing({ lines: [asked('tea', 11), asked('cup', 1)] }, { house })).toEqual({
      ok: false,
      error: { code: 'INSUFFICIENT_STOCK', shortages },
    });
  });

  it('counts two lines of one variant together', () => {
    const shortages = [{ line: 0, variantId: 'tea', ref: 'tea', requested: 11, available: 10 }];
    expect(placing({ lines: [asked('tea', 6), asked('tea', 5)] })).toEqual({
      ok: false,
      error: { code: 'INSUFFICIENT_STOCK', shortages },
    });
  });

  it('takes each line whole or not at all when part of the order will do', () => {
    const lines = [asked('tea', 6), asked('tea', 5), asked('cup', 1), asked('tea', 4)];
    const answer = placing({ lines, onShortage: 'partial' }, { house });
    expect(answer.ok && fold(answer.value.events).lines.map(({ quantity }) => quantity)).toEqual([6, 4]);
    expect(answer.ok && answer.value.shortages).toEqual([
      { line: 1, variantId: 'tea', ref: 'tea', requested: 5, available: 4 },
      { line: 2, variantId: 'cup', ref: 'cup', requested: 1, available: 0 },
    ]);
  });

  it('writes down each line that was left out, behind the order and in its version (S1-11)', () => {
    const lines = [asked('cup', 1), asked('tea', 6), asked('tea', 5)];
    const answer = placing({ lines, onShortage: 'partial', payFromBalance: false }, { house });
    const short = { type: 'stock.short', version: 1, at: now };
    expect(answer.ok && answer.value.events.slice(1, 3)).toEqual([
      { ...short, variantId: 'cup', ref: 'cup', requested: 1, available: 0 },
      { ...short, variantId: 'tea', ref: 'tea', requested: 5, available: 4 },
    ]);
  });

  it('refuses the order when no part of it is there', () => {
    expect(placing({ lines: [asked('cup', 1)], onShortage: 'partial' }, { house })).toMatchObject({
      error: { code: 'INSUFFICIENT_STOCK' },
    });
  });
});

describe('stock at several places', () => {
  const levels = [
    { locationId: 'main', sellable: 3 },
    { locationId: 'cellar', sellable: -1 },
    { locationId: 'backroom', sellable: 5 },
  ];
  const house = aHouse({ shelf: aShelf(aShelfItem({ levels })) });
  const places = (...quantities: number[]) =>
    placed({ lines: quantities.map((quantity) => asked('tea', quantity)) }, { house }).lines.map(
      ({ locationId, quantity, position }) => [position, locationId, quantity],
    );

  it('is taken from the first place that holds the whole line', () => {
    expect(places(3)).toEqual([[0, 'main', 3]]);
    expect(places(4)).toEqual([[0, 'backroom', 4]]);
  });

  it('is one line per place when no place holds it all', () => {
    expect(places(7)).toEqual([
      [0, 'main', 3],
      [1, 'backroom', 4],
    ]);
  });

  it('is shared by the lines of one order', () => {
    expect(places(4, 2, 2)).toEqual([
      [0, 'backroom', 4],
      [1, 'main', 2],
      [2, 'main', 1],
      [3, 'backroom', 1],
    ]);
  });
});

describe('a batch', () => {
  it('gives each order what those before it left', () => {
    const requests = [6, 6, 4].map((quantity, at) =>
      aPlaceRequest({ id: `order-${at}`, lines: [asked('tea', quantity)] }),
    );
    const answers = place(requests, aHouse(), rules());
    expect(answers.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(answers[1]).toMatchObject({ error: { shortages: [{ requested: 6, available: 4 }] } });
  });

  it('leaves stock to the next when an order cannot be paid', () => {
    const house = aHouse({ purses: new Map([['ann', 0]]) });
    const all = [asked('tea', 10)];
    const requests = [aPlaceRequest({ lines: all, payFromBalance: true }), aPlaceRequest({ lines: all })];
    expect(place(requests, house, rules()).map(({ ok }) => ok)).toEqual([false, true]);
  });
});

describe('paying from the balance', () => {
  it('captures the whole total and confirms, in one version', () => {
    const order = placed({ payFromBalance: true, charged: false });
    const paid = { paid: 2_500, paymentStatus: 'paid', paymentMethod: 'balance' };
    expect(order).toMatchObject({ status: 'CONFIRMED', version: 1, ...paid });
  });

  it('is refused with what is there when it does not suffice, one order after the other', () => {
    const request = aPlaceRequest({ payFromBalance: true, charged: false, lines: [asked('tea', 3)] });
    const [first, second] = place([request, request], aHouse(), rules());
    expect(first).toMatchObject({ ok: true });
    const error = { code: 'INSUFFICIENT_BALANCE', required: 7_500, available: 2_500 };
    expect(second).toEqual({ ok: false, error });
  });

  it('makes no payment of an order that costs nothing', () => {
    const house = aHouse({ shelf: aShelf(aShelfItem({ price: 0 })), purses: new Map([['ann', -1]]) });
    const order = placed({ payFromBalance: true, charged: false }, { house });
    expect(order).toMatchObject({ status: 'CONFIRMED', total: 0, payments: [], paymentStatus: 'paid' });
  });
});
