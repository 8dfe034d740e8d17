import { describe, expect, it } from 'vitest';
import { aContext, aHouse, aLine, anOrder, aShelf, aShelfItem, everyCommand, now } from '../testing.ts';
import { consequences } from './consequences.ts';
import { decide, type DecideContext } from './decide.ts';
import { evolve } from './evolve.ts';
import type { OrderCommand } from './commands.ts';
import type { Line, Order } from './order.ts';

const drafted = (lines: readonly Line[], but: Partial<Order> = {}) =>
  anOrder({ id: 'draft-1', number: null, status: 'DRAFT', placedAt: null, lines, ...but });
const at = (
  ...levels: readonly (readonly [locationId: string, sellable: number])[]
): Partial<DecideContext> => ({
  house: aHouse({
    shelf: aShelf(aShelfItem({ levels: levels.map(([locationId, sellable]) => ({ locationId, sellable })) })),
  }),
});
const after = (order: Order, command: OrderCommand, given: Partial<DecideContext> = {}): Order => {
  const answer = decide(order, command, aContext(given));
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value.reduce(evolve, order);
};
const counted = ({ lines }: Order) => lines.map(({ id, locationId, quantity }) => [id, locationId, quantity]);
const { placeDraft } = everyCommand;
const confirm = (declaredTotal: number): OrderCommand => ({ type: 'confirmDraft', declaredTotal });

describe('placing a draft (T3)', () => {
  it('makes an order of its own lines, and keeps its beginning', () => {
    const later = '2026-11-22T10:00:00.000Z';
    const order = drafted([aLine({ quantity: 2, unitPrice: 2_000 })]);
    const answer = decide(order, placeDraft, aContext({ at: later }));
    expect(answer.ok && answer.value.map(({ type, version, at }) => [type, version, at])).toEqual([
      ['order.placed', 2, later],
    ]);
    expect(after(order, placeDraft, { at: later })).toMatchObject({
      id: 'draft-1',
      status: 'PENDING',
      version: 2,
      createdAt: now,
      placedAt: later,
      confirmedAt: null,
      total: 4_000,
    });
  });

  it('is refused without lines', () => {
    const refused = { ok: false, error: { code: 'ORDER_EMPTY' } };
    expect(decide(drafted([]), placeDraft, aContext())).toEqual(refused);
    expect(decide(drafted([aLine({ quantity: 0 })]), placeDraft, aContext())).toEqual(refused);
  });

  it('is possible once', () => {
    const placed = after(drafted([aLine()]), placeDraft);
    expect(decide(placed, placeDraft, aContext())).toMatchObject({ error: { code: 'INVALID_TRANSITION' } });
  });
});

describe('confirming a draft with lines (T4)', () => {
  it('wants the total that its lines are worth', () => {
    expect(decide(drafted([aLine()]), confirm(1), aContext())).toEqual({
      ok: false,
      error: { code: 'TOTAL_MISMATCH', declared: 1, total: 2_500 },
    });
    expect(after(drafted([aLine()]), confirm(2_500))).toMatchObject({
      status: 'CONFIRMED',
      total: 2_500,
      placedAt: now,
      confirmedAt: now,
    });
  });

  it('reserves what it took', () => {
    const order = drafted([aLine({ quantity: 2 }), aLine({ id: 'gone', position: 1, quantity: 0 })]);
    const answer = decide(order, confirm(5_000), aContext());
    expect(answer.ok && answer.value.flatMap((event) => consequences(order, event).moves)).toEqual([
      { kind: 'RESERVE', variantId: 'tea', locationId: 'main', lineId: 'line-1', onHand: 0, reserved: 2 },
    ]);
  });
});

describe('the lines of a draft that is placed or confirmed', () => {
  const order = drafted([aLine({ quantity: 4, discount: 5, tax: 7 }), aLine({ id: 'line-2', position: 1 })]);

  it.each([placeDraft, confirm(order.total)])(
    'move to the place that has their pieces ($type)',
    (command) => {
      expect(counted(after(order, command, at(['main', 1], ['backroom', 4])))).toEqual([
        ['line-1', 'backroom', 4],
        ['line-2', 'main', 1],
      ]);
    },
  );

  it('go on elsewhere where no place has them all, behind the others, and share to the last cent', () => {
    const placed = after(order, placeDraft, at(['main', 3], ['backroom', 2]));
    expect(counted(placed)).toEqual([
      ['line-1', 'main', 3],
      ['line-2', 'backroom', 1],
      ['id-1', 'backroom', 1],
    ]);
    expect(
      placed.lines.map(({ discount, tax, total, position }) => [discount, tax, total, position]),
    ).toEqual([
      [4, 5, 7_500, 0],
      [0, 0, 2_500, 1],
      [1, 2, 2_500, 2],
    ]);
    expect(placed.total).toBe(order.total);
  });

  it('are refused when the shelf has too few, and all of them are', () => {
    for (const command of [placeDraft, confirm(order.total)])
      expect(decide(order, command, aContext(at(['main', 3])))).toEqual({
        ok: false,
        error: {
          code: 'INSUFFICIENT_STOCK',
          shortages: [{ line: 0, variantId: 'tea', ref: 'tea', requested: 5, available: 3 }],
        },
      });
  });

  it('are refused when they are no longer sold', () => {
    const house = aHouse({ shelf: aShelf(aShelfItem({ active: false })) });
    expect(decide(order, placeDraft, aContext({ house }))).toEqual({
      ok: false,
      error: { code: 'PRODUCT_UNKNOWN', line: 0, ref: 'tea' },
    });
  });
});
