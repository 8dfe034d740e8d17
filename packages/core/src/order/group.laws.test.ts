import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { law } from '../../test/law.ts';
import { anyHouse, anyPlaceRequest, groupTotals, ids, rules } from '../testing.ts';
import { fold } from './evolve.ts';
import { placeGroups, split } from './group.ts';
import type { Order } from './order.ts';
import { type House, place, type PlaceRequest } from './place.ts';

/** Houses of two stores, most of them with enough for most. */
const anyMall: fc.Arbitrary<House> = fc
  .tuple(anyHouse, fc.constantFrom(0, 0, 30))
  .map(([{ shelf, purses }, more]) => ({
    shelf: new Map(
      [...shelf.values()].map((item, at) => {
        const levels = item.levels.map((level) => ({ ...level, sellable: level.sellable + more }));
        return [item.variantId, { ...item, levels, storeId: `store-${(at % 2) + 1}` }] as const;
      }),
    ),
    purses,
  }));
const anyWish: fc.Arbitrary<PlaceRequest> = anyPlaceRequest.map((request) => ({
  ...request,
  storeId: null,
  customerId: request.customerId ?? 'ann',
  overridePrice: true,
}));
const anyWhole = anyWish.map((request): PlaceRequest => ({
  ...request,
  onShortage: 'reject',
  payFromBalance: false,
}));
const one = fc.record({ request: anyWhole, house: anyMall });
const crowd = fc.record({
  requests: fc
    .array(anyWish, { maxLength: 6 })
    .map((requests) => requests.map((request, at) => ({ ...request, id: `order-${at}` }))),
  house: anyMall,
});

const ordersOf = (groups: ReturnType<typeof placeGroups>): Order[][] =>
  groups.map((group) => (group.ok ? group.value.map(({ events }) => fold(events)) : []));
const groupsOf = (requests: readonly PlaceRequest[], { shelf }: House) =>
  requests.map((request, at) => split(request, shelf, ids(`split-${at}`)));
const placedWhole = ({ request, house }: { request: PlaceRequest; house: House }) => ({
  parts: placeGroups(groupsOf([request], house), house, rules())[0],
  whole: place([request], house, rules())[0],
});

describe('splitting a request', () => {
  it(
    'loses no line and doubles none',
    law(one, ({ request, house }) => {
      const parts = split(request, house.shelf, ids());
      const lines = parts.flatMap((part) => part.lines);
      const told = lines.toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0));
      expect(told.map(({ position: _, ...line }) => line)).toEqual(request.lines);
    }),
  );

  it(
    'refuses what the whole would have been refused for, with its lines',
    law(one, (given) => {
      const { parts, whole } = placedWhole(given);
      expect(parts?.ok === false ? parts.error : null).toEqual(whole?.ok === false ? whole.error : null);
    }),
  );

  it(
    'costs what the whole would have cost; with a discount, before tax (I-20)',
    law(one, (given) => {
      const { parts, whole } = placedWhole(given);
      if (!parts?.ok || !whole?.ok) return;
      const { tax, total, ...sums } = groupTotals(parts.value.map(({ events }) => fold(events)));
      const order = fold(whole.value.events);
      expect(order).toMatchObject(sums);
      expect(total - tax).toBe(order.total - order.tax);
      // A share of the discount may lie a cent elsewhere, and is then taxed there.
      const due = order.discount === 0 ? [order.tax, order.total] : [tax, total];
      expect([tax, total]).toEqual(due);
    }),
  );
});

describe('placing groups', () => {
  it(
    'never takes more than the shelf and the balances hold, and places a group whole or not at all',
    law(crowd, ({ requests, house }) => {
      const groups = groupsOf(requests, house);
      const placed = ordersOf(placeGroups(groups, house, rules()));
      for (const [at, orders] of placed.entries()) expect([0, groups[at]?.length]).toContain(orders.length);
      const orders = placed.flat();
      for (const { variantId, levels } of house.shelf.values())
        for (const { locationId, sellable } of levels)
          expect(takenFrom(orders, variantId, locationId)).toBeLessThanOrEqual(Math.max(0, sellable));
      for (const [id, purse] of house.purses)
        expect(spentBy(orders, id)).toBeLessThanOrEqual(Math.max(0, purse));
    }),
  );

  it(
    'a refused group is as if it had never been asked for',
    law(crowd, ({ requests, house }) => {
      const groups = groupsOf(requests, house);
      const all = placeGroups(groups, house, rules({ newId: () => 'id' }));
      const kept = groups.filter((_, at) => all[at]?.ok);
      expect(placeGroups(kept, house, rules({ newId: () => 'id' }))).toEqual(all.filter(({ ok }) => ok));
    }),
  );

  it(
    'a batch of groups of one is a batch',
    law(crowd, ({ requests, house }) => {
      const single = placeGroups(
        requests.map((request) => [request]),
        house,
        rules(),
      );
      expect(single.map((answer) => (answer.ok ? { ...answer, value: answer.value[0] } : answer))).toEqual(
        place(requests, house, rules()),
      );
    }),
  );
});

const takenFrom = (orders: readonly Order[], variantId: string, locationId: string): number =>
  orders
    .flatMap(({ lines }) => lines)
    .filter((line) => line.variantId === variantId && line.locationId === locationId)
    .reduce((pieces, { quantity }) => pieces + quantity, 0);

const spentBy = (orders: readonly Order[], customer: string): number =>
  orders.reduce((spent, { customerId, paid }) => spent + (customerId === customer ? paid : 0), 0);
