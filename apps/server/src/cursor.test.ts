import { describe, expect, it } from 'vitest';
import { type ListKey, readCursor, type Signing, writeCursor } from './cursor.ts';
import { chance } from './demo/chance.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const signing = (tenantId: string, secretKey = 'a key for tests that is long enough'): Signing => ({
  caller: { tenantId },
  parts: { config: { secretKey } },
});
const own = signing('shop-1');
const key: ListKey = { list: 'orders', filters: { customer: '1', status: ['PENDING'] } };
const position = { at: '2026-11-21T09:00:00.123Z', id: '0199aa00-0000-7000-8000-000000000001' };
const cursor = writeCursor(own, key, position);
const refused = { ok: false, error: { code: 'INVALID_CURSOR' } };

const flipped = (text: string, bit: number): string => {
  const bytes = Buffer.from(text, 'latin1');
  bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return bytes.toString('latin1');
};

describe(`a cursor (SEED=${seed})`, () => {
  it('is the position of the row that it was written for', () => {
    expect(readCursor(own, key, cursor)).toEqual({ ok: true, value: position });
    const turned = { list: 'orders', filters: { status: ['PENDING'], search: undefined, customer: '1' } };
    expect(readCursor(own, turned, cursor)).toEqual({ ok: true, value: position });
  });

  it('is refused after each of 10,000 flips of its bits', () => {
    const luck = chance(seed);
    const bits = cursor.length * 8;
    const altered = Array.from({ length: 10_000 }, (_, turn) => {
      // Each bit alone first, then one of them with another one.
      const once = flipped(cursor, turn % bits);
      return turn < bits ? once : flipped(once, (turn + luck.between(1, bits - 1)) % bits);
    });
    expect(altered).not.toContain(cursor);
    for (const one of altered) expect(readCursor(own, key, one)).toEqual(refused);
  });

  it.each([
    '',
    '.',
    'a.b',
    cursor.slice(0, -1),
    `${cursor}A`,
    `${cursor}.`,
    cursor.replace('.', ''),
    cursor.split('.').toReversed().join('.'),
    `${cursor}.${cursor}`,
    `=${cursor}`,
    `${cursor}=`,
    'é'.repeat(50),
  ])('is refused when it reads %j', (altered) => {
    expect(readCursor(own, key, altered)).toEqual(refused);
  });

  it.each<readonly [string, Signing, ListKey]>([
    ['another tenant', signing('shop-2'), key],
    ['another server', signing('shop-1', 'another key for tests, long enough'), key],
    ['another list', own, { ...key, list: 'placed-orders' }],
    ['another filter', own, { ...key, filters: { ...key.filters, customer: '2' } }],
    ['a list without filter', own, { ...key, filters: {} }],
  ])('of %s is refused', (_, other, otherKey) => {
    expect(readCursor(own, key, writeCursor(other, otherKey, position))).toEqual(refused);
  });
});
