import { describe, expect, it } from 'vitest';
import { amountOf, given } from './form.ts';

describe('an amount as people write it', () => {
  it.each([
    ['25', 2_500],
    ['25.5', 2_550],
    [' 1,234.50 ', 123_450],
    ['1.234,50', 123_450],
    ['1 234,50', 123_450],
    ["1'234'567.89", 123_456_789],
    ['1,234,567', 123_456_700],
    ['-3.20', -320],
    ['0.5', 50],
  ])('%s is read', (text, minor) => {
    expect(amountOf(text, 'USD')).toBe(minor);
  });

  it.each(['', 'ten', '1.2.3', '12.345.6', '0.505', '--5', '$5'])('%s is refused, not guessed', (text) => {
    expect(amountOf(text, 'USD')).toBeNaN();
  });

  it('has the digits of its currency', () => {
    expect(amountOf('1250', 'JPY')).toBe(1_250);
    expect(amountOf('12.5', 'JPY')).toBeNaN();
    expect(amountOf('1.250', 'KWD')).toBe(1_250);
  });
});

it('leaves out a text that is empty', () => {
  expect(['', '  ', ' a '].map(given)).toEqual([undefined, undefined, 'a']);
});
