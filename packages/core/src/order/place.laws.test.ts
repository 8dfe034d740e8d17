import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { law } from '../../test/law.ts';
import type { Result } from '../result.ts';
import { anyBatch, anyHouse, anyPlaceRequest, ids, rules } from '../testing.ts';
import { consequences } from './consequences.ts';
import { fold } from './evolve.ts';
import type { Order } from './order.ts';
import { type House, place, type Placed, type PlaceRefusal } from './place.ts';

const orderOf = (answer: Result<Placed, PlaceRefusal>): Order[] =>
  answer.ok ? [fold(answer.value.events)] : [];

const takenFrom = (orders: readonly Order[], variantId: string, locationId: string): number =>
  orders
    .flatMap(({ lines }) => lines)
    .filter((line) => line.variantId === variantId && line.locationId === locationId)
    .reduce((pieces, { quantity }) => pieces + quantity, 0);

/** What orders took beyond what the shelf and the purses of a house hold. */
const excessOf = ({ shelf, purses }: House, orders: readonly Order[]): string[] => {
  const short = [...shelf.values()].flatMap(({ variantId, levels }) =>
    levels
      .filter((level) => takenFrom(orders, variantId, level.locationId) > Math.max(0, level.sellable))
      .map(({ locationId }) => `${variantId} at ${locationId}`),
  );
  const spentBy = (customerId: string) =>
    orders.reduce((spent, order) => spent + (order.customerId === customerId ? order.paid : 0), 0);
  const broke = ['ann', 'bob'].filter((one) => spentBy(one) > Math.max(0, purses.get(one) ?? 0));
  return [...short, ...broke];
};

const copyOf = (shelf: House['shelf']): House['shelf'] =>
  new Map(
    [...shelf].map(([id, item]) => [id, { ...item, levels: item.levels.map((level) => ({ ...level })) }]),
  );

const crowd = fc.record({ batch: anyBatch, house: anyHouse, seed: fc.nat(5_039) });

/** The same things in another order, picked by a number. */
const shuffled = <T>(things: readonly T[], seed: number): T[] => {
  const rest = [...things];
  const picked: T[] = [];
  for (let at = seed; rest.length > 0; at = Math.floor(at / (rest.length + 1)))
    picked.push(...rest.splice(at % rest.length, 1));
  return picked;
};

describe('placing', () => {
  it(
    'no batch ever takes more than the shelf holds, whatever the order of lines',
    law(crowd, ({ batch, house, seed }) => {
      const turned = batch.map((request) => ({ ...request, lines: shuffled(request.lines, seed) }));
      for (const requests of [batch, turned, shuffled(batch, seed)])
        expect(excessOf(house, place(requests, house, rules()).flatMap(orderOf))).toEqual([]);
    }),
  );

  it(
    'an order that must be whole is placed or refused for stock in whatever order its lines come',
    law(crowd, (given) => {
      const { batch, house, seed } = given;
      for (const request of batch.filter(({ onShortage }) => onShortage === 'reject')) {
        const verdicts = [request.lines, shuffled(request.lines, seed)].map((lines) => {
          const [answer] = place([{ ...request, lines }], house, rules());
          return answer?.ok === true || answer?.error.code;
        });
        // Which of several faults is named first may differ, not whether there is one.
        const said = verdicts.filter((verdict) => verdict === true || verdict === 'INSUFFICIENT_STOCK');
        expect(said.length === 0 || said[0] === said[1]).toBe(true);
      }
    }),
  );

  it(
    'a batch equals placing its requests one after another',
    law(crowd, ({ batch, house }) => {
      const together = place(batch, house, rules({ newId: ids() }));
      const alone = rules({ newId: ids() });
      let left = house;
      const oneByOne = batch.flatMap((request) => {
        const answers = place([request], left, alone);
        left = without(left, answers.flatMap(orderOf));
        return answers;
      });
      expect(oneByOne).toEqual(together);
    }),
  );

  it(
    'partial takes a line whole or not at all, and says which',
    law(fc.tuple(anyPlaceRequest, anyHouse), (given) => {
      const [request, house] = given;
      const [answer] = place([{ ...request, onShortage: 'partial', storeId: null }], house, rules());
      if (!answer?.ok) return;
      const [order] = orderOf(answer);
      const out = new Set(answer.value.shortages.map(({ line }) => line));
      const wanted = new Map<string, number>();
      for (const [at, { variantId, quantity }] of request.lines.entries())
        if (!out.has(at)) wanted.set(variantId, (wanted.get(variantId) ?? 0) + quantity);
      for (const variantId of ['tea', 'cup', 'pot'])
        expect(
          order?.lines
            .filter((line) => line.variantId === variantId)
            .reduce((all, line) => all + line.quantity, 0),
        ).toBe(wanted.get(variantId) ?? 0);
    }),
  );

  it(
    'an order placed whole drops no piece',
    law(fc.tuple(anyPlaceRequest, anyHouse), ([request, house]) => {
      const [answer] = place([{ ...request, onShortage: 'reject' }], house, rules());
      if (!answer?.ok) return;
      const pieces = (lines: readonly { quantity: number }[]) =>
        lines.reduce((all, one) => all + one.quantity, 0);
      expect(orderOf(answer).map(({ lines }) => pieces(lines))).toEqual([pieces(request.lines)]);
      expect(answer.value.shortages).toEqual([]);
    }),
  );

  it(
    'the house is left as it was',
    law(crowd, ({ batch, house }) => {
      const before = { shelf: copyOf(house.shelf), purses: new Map(house.purses) };
      place(batch, house, rules());
      expect(house).toEqual(before);
    }),
  );

  it(
    'what is placed is what is reserved',
    law(crowd, ({ batch, house }) => {
      for (const answer of place(batch, house, rules())) {
        const [order] = orderOf(answer);
        if (!answer.ok || !order) continue;
        const reserved = answer.value.events.slice(0, 1).flatMap((event) => consequences(null, event).moves);
        expect(reserved.map(({ lineId, reserved }) => [lineId, reserved])).toEqual(
          order.lines.map(({ id, quantity }) => [id, quantity]),
        );
      }
    }),
  );
});

/** The house after orders have taken their pieces and their money out of it. */
function without({ shelf, purses }: House, orders: readonly Order[]): House {
  const levels = [...shelf.values()].map((item) => ({
    ...item,
    levels: item.levels.map(({ locationId, sellable }) => ({
      locationId,
      sellable: sellable - takenFrom(orders, item.variantId, locationId),
    })),
  }));
  const spent = new Map(purses);
  for (const { customerId, paid } of orders)
    if (customerId !== null && paid > 0) spent.set(customerId, (spent.get(customerId) ?? 0) - paid);
  return { shelf: new Map(levels.map((item) => [item.variantId, item])), purses: spent };
}
