import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { law } from '../test/law.ts';
import { allocate, formatMoney, parseMoney, shareOf, sum } from './money.ts';
import { anyAmount, anyMoney } from './testing.ts';

const weights = fc
  .array(anyAmount, { minLength: 1, maxLength: 12 })
  .filter((all) => all.some((one) => one > 0));
const currency = fc.constantFrom('JPY', 'USD', 'KWD', 'CLF');

describe('money', () => {
  it(
    'an allocation sums exactly, each share within one unit of fair',
    law(fc.tuple(anyAmount, weights), (given) => {
      const [total, weights] = given;
      const shares = allocate(total, weights);
      expect(shares.reduce((all, share) => all + BigInt(share), 0n)).toBe(BigInt(total));
      const whole = weights.reduce((all, weight) => all + BigInt(weight), 0n);
      for (const [at, share] of shares.entries()) {
        const error = BigInt(share) * whole - BigInt(total) * BigInt(weights[at] ?? 0);
        expect(error > -whole && error < whole).toBe(true);
      }
    }),
  );

  it(
    'a share never exceeds its weight when the whole is split',
    law(
      weights.map((all) => all.map((one) => one % 10_000)),
      (all) => {
        const whole = sum(all);
        if (whole === 0) return;
        for (const total of [whole, whole - 1, Math.floor(whole / 2)])
          for (const [at, share] of allocate(total, all).entries())
            expect(share).toBeLessThanOrEqual(all[at] ?? 0);
      },
    ),
  );

  it(
    'what was written is read back',
    law(fc.tuple(anyMoney, currency), ([amount, currency]) => {
      expect(parseMoney(formatMoney(amount, currency), currency)).toEqual({ ok: true, value: amount });
    }),
  );

  it(
    'a share is within half a unit, and odd in its amount',
    law(fc.tuple(anyMoney, fc.nat(10_000)), ([amount, points]) => {
      const share = shareOf(amount, points);
      const error = BigInt(share) * 10_000n - BigInt(amount) * BigInt(points);
      expect(error >= -5_000n && error <= 5_000n).toBe(true);
      expect(shareOf(0 - amount, points)).toBe(0 - share);
    }),
  );
});
