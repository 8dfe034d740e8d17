import { describe, expect, it } from 'vitest';
import { allocate, exponentOf, formatMoney, minor, parseMoney, shareOf, sum, times } from './money.ts';

describe('an amount in minor units', () => {
  it.each([0.5, Number.NaN, Infinity, 2 ** 53, -(2 ** 53)])('is never %d', (amount) => {
    expect(() => minor(amount)).toThrow(RangeError);
  });

  it('has no negative zero', () => {
    expect(Object.is(minor(-0), 0)).toBe(true);
  });

  it('is added up only within the safe integers', () => {
    expect(sum([1, 2, 3])).toBe(6);
    expect(sum([])).toBe(0);
    expect(() => sum([Number.MAX_SAFE_INTEGER, 1])).toThrow(RangeError);
    expect(() => times(Number.MAX_SAFE_INTEGER, 2)).toThrow(RangeError);
  });
});

describe('the digits of a currency', () => {
  it.each([
    ['JPY', 0],
    ['USD', 2],
    ['KWD', 3],
    ['CLF', 4],
    ['constructor', 2],
  ])('%s has %d', (currency, digits) => {
    expect(exponentOf(currency)).toBe(digits);
  });
});

describe('a share in basis points', () => {
  it.each([
    { amount: 1_000, basisPoints: 825, share: 82 }, // 82.5 goes to the even 82
    { amount: 1_000, basisPoints: 835, share: 84 }, // 83.5 goes to the even 84
    { amount: 999, basisPoints: 2_000, share: 200 },
    { amount: -1_000, basisPoints: 825, share: -82 },
    { amount: 2_500, basisPoints: 0, share: 0 },
    { amount: Number.MAX_SAFE_INTEGER, basisPoints: 10_000, share: Number.MAX_SAFE_INTEGER },
  ])('$basisPoints of $amount is $share', ({ amount, basisPoints, share }) => {
    expect(shareOf(amount, basisPoints)).toBe(share);
  });
});

describe('splitting an amount', () => {
  it('gives what is left over to the largest remainders, the earlier one of equals', () => {
    expect(allocate(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(allocate(10, [1, 2, 3])).toEqual([2, 3, 5]);
  });

  it('loses nothing of the largest amount', () => {
    const shares = allocate(Number.MAX_SAFE_INTEGER, [1, 1, 5]);
    expect(sum(shares)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('is refused where no split adds up', () => {
    expect(() => allocate(1, [])).toThrow(RangeError);
    expect(() => allocate(1, [0, 0])).toThrow(RangeError);
    expect(() => allocate(-1, [1])).toThrow(RangeError);
    expect(() => allocate(1, [3, -1])).toThrow(RangeError);
  });
});

describe('money as text', () => {
  it.each([
    ['29.99', 'USD', 2_999],
    ['29.9', 'USD', 2_990],
    ['100', 'USD', 10_000],
    ['-0.05', 'USD', -5],
    ['15000', 'JPY', 15_000],
    ['1.234', 'KWD', 1_234],
  ])('%s %s is read as %d', (text, currency, value) => {
    expect(parseMoney(text, currency)).toEqual({ ok: true, value });
  });

  it.each([
    ['1.999', 'USD', 'MONEY_TOO_PRECISE'],
    ['0.5', 'JPY', 'MONEY_TOO_PRECISE'],
    ['90071992547409.92', 'USD', 'MONEY_TOO_LARGE'],
    ['', 'USD', 'MONEY_MALFORMED'],
    ['1,00', 'USD', 'MONEY_MALFORMED'],
    ['1e3', 'USD', 'MONEY_MALFORMED'],
    ['.5', 'USD', 'MONEY_MALFORMED'],
    [' 1', 'USD', 'MONEY_MALFORMED'],
    ['1\n', 'USD', 'MONEY_MALFORMED'],
  ])('%j %s is refused as %s', (text, currency, code) => {
    expect(parseMoney(text, currency)).toEqual({ ok: false, error: { code, text } });
  });

  it.each([
    [2_999, 'USD', '29.99'],
    [5, 'USD', '0.05'],
    [-5, 'USD', '-0.05'],
    [15_000, 'JPY', '15000'],
    [1_234, 'KWD', '1.234'],
    [0, 'USD', '0.00'],
  ])('%d %s is written as %s', (amount, currency, text) => {
    expect(formatMoney(amount, currency)).toBe(text);
  });
});
