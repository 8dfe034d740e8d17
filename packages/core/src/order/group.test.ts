import { describe, expect, it } from 'vitest';
import { aHouse, aPlaceRequest, aShelf, aShelfItem, groupTotals, ids, rules } from '../testing.ts';
import { fold } from './evolve.ts';
import { placeGroups, split } from './group.ts';
import type { PlaceRequest } from './place.ts';

const shelf = aShelf(
  aShelfItem({ price: 1_000 }),
  aShelfItem({ variantId: 'cup', price: 2_000, storeId: 'store-2' }),
  aShelfItem({ variantId: 'pot', price: 3_000 }),
);
const asked = (...names: readonly string[]) =>
  names.map((name) => ({ variantId: name, ref: name, quantity: 1, unitPrice: null }));
const both = (but: Partial<PlaceRequest> = {}) =>
  aPlaceRequest({ lines: asked('tea', 'cup', 'pot'), ...but });
const placed = (request: PlaceRequest, house = aHouse({ shelf })) => {
  const [answer] = placeGroups([split(request, house.shelf, ids('split'))], house, rules());
  if (!answer?.ok) throw new Error(answer?.error.code);
  return answer.value.map(({ events }) => fold(events));
};
const refused = (request: PlaceRequest, house = aHouse({ shelf })) => {
  const [answer] = placeGroups([split(request, house.shelf, ids('split'))], house, rules());
  return answer?.ok ? null : answer?.error;
};

describe('a request for several stores', () => {
  it('becomes one order per store, in the order of their first lines, of one group', () => {
    const [first, second, ...more] = placed(both());
    expect(more).toEqual([]);
    expect(first).toMatchObject({ id: 'order-1', groupId: 'split-1', storeId: 'store-1' });
    expect(second).toMatchObject({ id: 'split-2', groupId: 'split-1', storeId: 'store-2' });
    expect([first, second].map((order) => order?.lines.map(({ variantId }) => variantId))).toEqual([
      ['tea', 'pot'],
      ['cup'],
    ]);
  });

  it('pays for shipping once, each order its share to the last cent', () => {
    const orders = placed(both({ shippingMethod: 'standard' }));
    expect(orders.map(({ shipping }) => shipping)).toEqual([333, 167]);
    expect(orders.map(({ charges }) => charges.map(({ amount }) => amount))).toEqual([[333], [167]]);
    expect(groupTotals(orders)).toMatchObject({ subtotal: 6_000, shipping: 500, tax: 1_200, total: 7_700 });
  });

  it('shares shipping evenly when all of it is free', () => {
    const free = aShelf(...[...shelf.values()].map((item) => ({ ...item, price: 0 })));
    const orders = placed(both({ shippingMethod: 'standard' }), aHouse({ shelf: free }));
    expect(orders.map(({ shipping }) => shipping)).toEqual([250, 250]);
  });

  it('is refused as a whole, with the line as it stood in the request', () => {
    const lines = asked('tea', 'pot', 'cup');
    const cheap = lines.map((line, at) => (at === 2 ? { ...line, unitPrice: 1 } : line));
    expect(refused(both({ lines: cheap }))).toMatchObject({ code: 'PRICE_MISMATCH', line: 2 });
    expect(refused(both({ lines: asked('cup', 'tea', 'nothing') }))).toMatchObject({
      code: 'PRODUCT_UNKNOWN',
      line: 2,
    });
  });

  it('tells all that is short in all stores', () => {
    const lines = asked('cup', 'tea').map((line) => ({ ...line, quantity: 11 }));
    expect(refused(both({ lines }))).toMatchObject({
      code: 'INSUFFICIENT_STOCK',
      shortages: [
        { line: 0, ref: 'cup' },
        { line: 1, ref: 'tea' },
      ],
    });
  });
});

describe('a request for one store', () => {
  it.each([both({ lines: asked('tea', 'pot') }), both({ storeId: 'store-1' }), both({ lines: [] })])(
    'stays as it is',
    (request) => {
      expect(split(request, shelf, ids())).toEqual([request]);
    },
  );
});

describe('a group that is refused', () => {
  const afterRefused = (group: PlaceRequest, single: PlaceRequest, balance: number) => {
    const house = aHouse({ shelf, purses: new Map([['ann', balance]]) });
    return placeGroups([split(group, shelf, ids('split')), [single]], house, rules());
  };

  it('leaves the balance to those after it', () => {
    const paid = { payFromBalance: true } as const;
    const single = aPlaceRequest({ id: 'order-9', lines: asked('pot'), ...paid });
    expect(afterRefused(both(paid), single, 4_800)).toMatchObject([
      { ok: false, error: { code: 'INSUFFICIENT_BALANCE' } },
      { ok: true },
    ]);
  });

  it('leaves the stock to those after it', () => {
    const lines = asked('tea', 'cup').map((line, at) => ({ ...line, quantity: 10 + at }));
    const single = aPlaceRequest({ id: 'order-9', lines: lines.slice(0, 1) });
    expect(afterRefused(both({ lines }), single, 0)).toMatchObject([
      { ok: false, error: { code: 'INSUFFICIENT_STOCK', shortages: [{ line: 1 }] } },
      { ok: true },
    ]);
  });
});
