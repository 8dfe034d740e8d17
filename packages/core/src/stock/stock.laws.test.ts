import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { law } from '../../test/law.ts';
import { anyLevel, anyMove } from '../testing.ts';
import { applyMove, available, inverseOf, sellable, spread } from './stock.ts';

const level = { onHand: 10, reserved: 4, backorderLimit: 2 };

describe('a stock level', () => {
  it('says what is available, and what may still be sold', () => {
    expect([available(level), sellable(level)]).toEqual([6, 8]);
  });

  it('promises no more than it may', () => {
    expect(applyMove(level, { onHand: 0, reserved: 8 }).ok).toBe(true);
    expect(applyMove(level, { onHand: 0, reserved: 9 })).toEqual({
      ok: false,
      error: { code: 'STOCK_BELOW_ZERO', onHand: 10, available: 6 },
    });
  });

  it('lets go of promises, and ships them, even when it is short', () => {
    const short = { onHand: 3, reserved: 5, backorderLimit: 0 };
    expect(applyMove(short, { onHand: 0, reserved: -1 }).ok).toBe(true);
    expect(applyMove(short, { onHand: -1, reserved: -1 }).ok).toBe(true);
    expect(applyMove(short, { onHand: 1, reserved: 0 }).ok).toBe(true);
    expect(applyMove(short, { onHand: -1, reserved: 0 }).ok).toBe(false);
  });
});

describe('a stock move', () => {
  it(
    'leaves a sound level or changes nothing',
    law(fc.tuple(anyLevel, anyMove), ([level, move]) => {
      const moved = applyMove(level, move);
      if (!moved.ok) return;
      expect(moved.value.onHand >= 0 && moved.value.reserved >= 0 && sellable(moved.value) >= 0).toBe(true);
    }),
  );

  it(
    'and its inverse restore the level',
    law(fc.tuple(anyLevel, anyMove), ([level, move]) => {
      const moved = applyMove(level, move);
      if (!moved.ok) return;
      expect(applyMove(moved.value, inverseOf(move))).toEqual({ ok: true, value: level });
    }),
  );
});

describe('a new count', () => {
  const at = (locationId: string, onHand: number, reserved: number) => ({
    locationId,
    onHand,
    reserved,
    backorderLimit: 0,
  });

  it('puts more pieces at the first location', () => {
    expect(spread([at('a', 1, 0), at('b', 5, 0)], 4)).toEqual([{ locationId: 'a', onHand: 4 }]);
    expect(spread([at('a', 1, 0)], 0)).toEqual([]);
  });

  it('takes pieces away wherever they are not promised, first choice first', () => {
    expect(spread([at('a', 3, 1), at('b', 2, 2), at('c', 9, 0)], -5)).toEqual([
      { locationId: 'a', onHand: -2 },
      { locationId: 'c', onHand: -3 },
    ]);
  });

  it(
    'leaves sound levels and exactly the wanted number of pieces, as far as there are free ones',
    law(fc.tuple(fc.array(anyLevel, { minLength: 1, maxLength: 5 }), fc.nat(50)), ([levels, pieces]) => {
      const places = levels.map((level, index) => ({ ...level, locationId: String(index) }));
      const changes = spread(places, 0 - pieces);
      for (const { locationId, onHand } of changes) {
        const level = places[Number(locationId)];
        expect(level && applyMove(level, { onHand, reserved: 0 }).ok).toBe(true);
      }
      const free = places.reduce((sum, level) => sum + Math.max(0, available(level)), 0);
      expect(changes.reduce((sum, { onHand }) => sum - onHand, 0)).toBe(Math.min(pieces, free));
    }),
  );
});
