import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { law } from '../../test/law.ts';
import {
  aContext,
  anyEdit,
  anyPlaceRequest,
  aPlaceRequest,
  aShelf,
  aShelfItem,
  everyCommand,
  ids,
  now,
  rules,
} from '../testing.ts';
import type { OrderCommand } from './commands.ts';
import { consequences } from './consequences.ts';
import { decide } from './decide.ts';
import { draft } from './draft.ts';
import type { OrderEvent } from './events.ts';
import { evolve, fold } from './evolve.ts';
import { openQuantity, type Order } from './order.ts';
import { type House, place, type PlaceRequest } from './place.ts';

const variants = ['tea', 'cup', 'pot'];
const anyLevels = fc
  .array(fc.integer({ min: -1, max: 6 }), { minLength: 1, maxLength: 3 })
  .map((levels) => levels.map((sellable, at) => ({ locationId: `place-${at}`, sellable })));
const anyShop: fc.Arbitrary<House> = fc
  .tuple(...variants.map((variantId) => fc.tuple(fc.constant(variantId), anyLevels, fc.nat(999))))
  .map((items) => ({
    shelf: aShelf(...items.map(([variantId, levels, price]) => aShelfItem({ variantId, levels, price }))),
    purses: new Map(),
  }));

const given = fc.record({
  house: anyShop,
  request: anyPlaceRequest.map((request): PlaceRequest => ({
    ...request,
    lines: [...request.lines, ...aPlaceRequest().lines],
    storeId: null,
    onShortage: 'partial',
    overridePrice: true,
    payFromBalance: false,
  })),
  edits: fc.array(anyEdit, { minLength: 1, maxLength: 8, size: 'max' }),
  end: fc.constantFrom('shipOrder', 'cancelOrder', null),
});
type Given = typeof given extends fc.Arbitrary<infer T> ? T : never;

/** An order with the shelf that it takes from: each command sees what those before it left. */
type Scene = { readonly order: Order; readonly house: House; readonly told: readonly OrderEvent[] };

const told = ({ order, house, told: before }: Scene, events: readonly OrderEvent[]): Scene => {
  let next: Order | null = before.length > 0 ? order : null;
  let shelf = house.shelf;
  for (const event of events) {
    for (const { variantId, locationId, reserved } of consequences(next, event).moves) {
      const item = shelf.get(variantId);
      if (!item) throw new RangeError(`no ${variantId} on the shelf`);
      const levels = item.levels.map((level) =>
        level.locationId === locationId ? { locationId, sellable: level.sellable - reserved } : level,
      );
      shelf = new Map([...shelf, [variantId, { ...item, levels }]]);
    }
    next = evolve(next, event);
  }
  return { order: next ?? order, house: { ...house, shelf }, told: [...before, ...events] };
};

const contextOf = (house: House, newId: () => string) => aContext({ house, rules: rules({ newId }) });

/** The order as placed and after each edit that was not refused; `at` sees the scene before and after. */
const played = (
  { house, request, edits, end }: Given,
  at: (before: Scene, after: Scene, command: OrderCommand) => void = () => undefined,
): Scene | undefined => {
  const newId = ids();
  const [answer] = place([request], house, rules({ newId }));
  if (!answer?.ok) return undefined;
  let scene = told({ order: fold(answer.value.events), house, told: [] }, answer.value.events);
  const commands: OrderCommand[] = edits.map((lines, at) => ({
    type: 'editOrder',
    lines,
    overridePrice: at % 2 === 0,
  }));
  commands.push(everyCommand.confirmOrder, ...(end ? [everyCommand[end]] : []));
  for (const command of commands) {
    const decided = decide(scene.order, command, contextOf(scene.house, newId));
    if (!decided.ok) continue;
    const after = told(scene, decided.value);
    at(scene, after, command);
    scene = after;
  }
  return scene;
};

const pieces = ({ lines }: Order, variantId: string): number =>
  lines.reduce((all, line) => all + (line.variantId === variantId ? openQuantity(line) : 0), 0);
const sellable = ({ shelf }: House, variantId: string): number[] =>
  (shelf.get(variantId)?.levels ?? []).map((level) => level.sellable);

const takeable = (house: House, variantId: string): number =>
  sellable(house, variantId).reduce((all, left) => all + Math.max(0, left), 0);

describe('edits of an order', () => {
  it(
    'bring what they name to what was asked, and touch nothing else',
    law(given, (life) => {
      played(life, (before, after, command) => {
        if (command.type !== 'editOrder') return;
        for (const variantId of variants) {
          const asked = command.lines.filter((line) => line.variantId === variantId);
          const wanted = asked.reduce((all, { quantity }) => all + quantity, 0);
          expect(pieces(after.order, variantId)).toBe(
            asked.length > 0 ? wanted : pieces(before.order, variantId),
          );
        }
      });
    }),
  );

  it(
    'folded from their events are the order that was reached (I-12)',
    law(given, (life) => {
      const last = played(life);
      if (!last) return;
      expect(fold(last.told)).toEqual(last.order);
    }),
  );

  it(
    'never reserve more than the shelf has: no place falls below what it was short of before',
    law(given, (life) => {
      played(life, (before, after) => {
        for (const variantId of variants)
          for (const [at, left] of sellable(after.house, variantId).entries())
            expect(left).toBeGreaterThanOrEqual(Math.min(0, sellable(before.house, variantId)[at] ?? 0));
      });
    }),
  );

  it(
    'keep every line they ever had, where it was and, unless named, at its price, each at its own position',
    law(given, (life) => {
      played(life, ({ order: before }, { order: after }, command) => {
        expect(after.lines.map(({ position }) => position)).toEqual(after.lines.map((_, at) => at));
        const said = command.type === 'editOrder' ? command.lines : [];
        const priced = new Set(said.flatMap((one) => (one.unitPrice == null ? [] : [one.variantId])));
        for (const [at, { id, locationId, unitPrice, variantId }] of before.lines.entries())
          expect(after.lines[at]).toMatchObject({
            id,
            locationId,
            ...(!priced.has(variantId) && { unitPrice }),
          });
      });
    }),
  );

  it(
    'leave on the shelf, once cancelled, exactly what was there before the order',
    law(given, (life) => {
      const last = played({ ...life, end: 'cancelOrder' });
      if (!last) return;
      for (const variantId of variants)
        expect(sellable(last.house, variantId)).toEqual(sellable(life.house, variantId));
    }),
  );

  it(
    'add up to the last cent (I-10)',
    law(given, (life) => {
      played(life, (_, { order }) => {
        const sum = (pick: (line: Order['lines'][number]) => number) =>
          order.lines.reduce((all, line) => all + pick(line), 0);
        expect(order.subtotal).toBe(sum(({ unitPrice, quantity }) => unitPrice * quantity));
        expect(order.discount).toBe(sum(({ discount }) => discount));
        expect(order.tax).toBe(sum(({ tax }) => tax));
        expect(order.total).toBe(order.subtotal - order.discount + order.shipping + order.tax);
        for (const { discount, total, tax, quantity } of order.lines)
          expect(discount <= total && (quantity > 0 || total + tax + discount === 0)).toBe(true);
      });
    }),
  );
});

describe('a draft with lines', () => {
  it(
    'is placed or confirmed with every piece and every cent, and takes no more than there is',
    law(given, ({ house, edits, end }) => {
      const newId = ids();
      const begun = draft({ id: 'o', at: now, origin: 'api', customerId: null, userId: null }, 'USD');
      let scene = told({ order: fold([begun]), house, told: [] }, [begun]);
      for (const lines of edits) {
        const written = decide(scene.order, { type: 'editOrder', lines }, contextOf(house, newId));
        if (written.ok) scene = told(scene, written.value);
      }
      expect(scene.house.shelf).toEqual(house.shelf);
      const { order } = scene;
      const command: OrderCommand = end
        ? { type: 'placeDraft' }
        : { type: 'confirmDraft', declaredTotal: order.total };
      const decided = decide(order, command, contextOf(house, newId));
      const possible = variants.every((id) => pieces(order, id) <= takeable(house, id));
      // A draft without lines can be confirmed, but not placed.
      const empty = end !== null && variants.every((id) => pieces(order, id) === 0);
      expect(decided.ok).toBe(possible && !empty);
      if (!decided.ok) return;
      const after = told(scene, decided.value);
      const { total, discount, tax, subtotal } = order;
      expect(after.order).toMatchObject({ total, discount, tax, subtotal });
      for (const pick of ['total', 'discount', 'tax'] as const)
        expect(after.order.lines.reduce((all, line) => all + line[pick], 0)).toBe(
          order.lines.reduce((all, line) => all + line[pick], 0),
        );
      for (const id of variants) {
        expect(pieces(after.order, id)).toBe(pieces(order, id));
        for (const [at, left] of sellable(after.house, id).entries())
          expect(left).toBeGreaterThanOrEqual(Math.min(0, sellable(house, id)[at] ?? 0));
      }
    }),
  );
});
