import { describe, expect, it } from 'vitest';
import { idsBy, newId } from './ids.ts';

describe('a new id', () => {
  it('is a UUID of version 7', () => {
    expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('begins with the time', () => {
    const before = Date.now();
    const time = Number.parseInt(newId().replace('-', '').slice(0, 12), 16);
    expect(time - before).toBeLessThan(1_000);
    expect(time).toBeGreaterThanOrEqual(before);
  });

  it('is greater than every id before, however many there are in a millisecond', () => {
    const ids = Array.from({ length: 50_000 }, newId);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it('is greater than every id before when the clock steps back', () => {
    const times = [2_000, 1_000, 1_500, 0];
    const next = idsBy(() => times.shift() ?? 0);
    const ids = Array.from({ length: 4 }, next);
    expect(ids).toEqual(ids.toSorted());
  });
});
