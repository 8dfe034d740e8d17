import { describe, expect, it } from 'vitest';
import { aLine, anOrder, now } from '../testing.ts';
import { draft } from './draft.ts';
import { dayOf, isOrderNumber, orderNumber, wantsNumber, withNumber } from './number.ts';

const begun = { at: now, version: 1 } as const;
const placed = {
  type: 'order.placed',
  ...begun,
  order: anOrder({ number: null, lines: [aLine()] }),
} as const;

describe('an order number', () => {
  it('is the UTC day and a counter of at least four digits', () => {
    expect(dayOf('2026-01-15T23:59:59.999Z')).toBe('20260115');
    expect(orderNumber('2026-01-15T23:59:59.999Z', 1)).toBe('ORD-20260115-0001');
    expect(orderNumber('2026-01-15T00:00:00.000Z', 12_345)).toBe('ORD-20260115-12345');
  });

  it.each([
    ['ORD-20260115-0001', true],
    ['ord-20260115-12345', true],
    ['ORD-20260115-001', false],
    ['ORD-2026-0001', false],
    ['xORD-20260115-0001', false],
  ])('%s: %s', (text, is) => {
    expect(isOrderNumber(text)).toBe(is);
  });

  it('is wanted when an order is placed, or confirmed from a draft', () => {
    expect(wantsNumber([placed])).toBe(now);
    expect(wantsNumber([{ type: 'order.confirmed', ...begun, order: anOrder({ number: null }) }])).toBe(now);
  });

  it('is not wanted by a draft, nor twice', () => {
    expect(
      wantsNumber([draft({ id: 'o', at: now, origin: 'api', customerId: null, userId: null }, 'USD')]),
    ).toBeNull();
    expect(wantsNumber([{ type: 'order.confirmed', ...begun }])).toBeNull();
    expect(wantsNumber(withNumber([placed], 'ORD-20261121-0007'))).toBeNull();
  });

  it('is written into the order that wanted it, and nowhere else', () => {
    const confirmed = { type: 'order.confirmed', ...begun } as const;
    expect(withNumber([placed, confirmed], 'ORD-20261121-0007')).toEqual([
      { ...placed, order: { ...placed.order, number: 'ORD-20261121-0007' } },
      confirmed,
    ]);
  });
});
