import { err, ok, type Result } from './result.ts';

/** An amount in the smallest unit of its currency (cents for USD, yen for JPY): always a safe integer. */
export type Minor = number;

/** Why a text is no amount of money. */
export type MoneyError = {
  readonly code: 'MONEY_MALFORMED' | 'MONEY_TOO_PRECISE' | 'MONEY_TOO_LARGE';
  readonly text: string;
};

// ISO 4217: the currencies whose smallest unit is not a hundredth, by their digits.
const codes = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};
const exponents: ReadonlyMap<string, number> = new Map(
  Object.entries(codes).flatMap(([digits, all]) =>
    all.split(' ').map((code) => [code, Number(digits)] as const),
  ),
);

/** How many digits the currency writes after the point: JPY 0, USD 2, KWD 3 (ISO 4217). */
export const exponentOf = (currency: string): number => exponents.get(currency) ?? 2;

/** Says that `amount` is a whole number of minor units within ±(2^53 − 1). Throws RangeError otherwise. */
export function minor(amount: number): Minor {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`not a safe amount of minor units: ${amount}`);
  return amount === 0 ? 0 : amount;
}

/** Adds amounts of one currency; the empty sum is 0. Throws RangeError beyond ±(2^53 − 1). */
export const sum = (amounts: Iterable<Minor>): Minor => {
  let total = 0;
  for (const amount of amounts) total = minor(total + amount);
  return total;
};

/** A unit price times a whole quantity. Throws RangeError beyond ±(2^53 − 1). */
export const times = (price: Minor, quantity: number): Minor => minor(price * quantity);

/** The share of `amount` that `basisPoints` (1/100 of a percent) make, rounded half to even. */
export function shareOf(amount: Minor, basisPoints: number): Minor {
  const product = BigInt(minor(amount)) * BigInt(minor(basisPoints));
  const floor = product / 10_000n - (product % 10_000n < 0n ? 1n : 0n);
  const rest = product - floor * 10_000n;
  const up = rest > 5_000n || (rest === 5_000n && floor % 2n !== 0n);
  return minor(Number(up ? floor + 1n : floor));
}

/**
 * Splits `total` (≥ 0) by `weights` (≥ 0) with the largest-remainder method: the shares always add up to
 * `total`, and ties go to the earlier weight. Throws RangeError below zero, and when all weights are 0.
 */
export function allocate(total: Minor, weights: readonly Minor[]): Minor[] {
  if (total < 0 || weights.some((weight) => weight < 0))
    throw new RangeError('allocate: neither the total nor a weight may be negative');
  const whole = weights.reduce((added, weight) => added + BigInt(weight), 0n);
  if (whole <= 0n) throw new RangeError('allocate: the weights must add up to more than zero');

  const exact = weights.map((weight) => BigInt(minor(total)) * BigInt(weight));
  const floors = exact.map((product) => product / whole);
  const left = BigInt(total) - floors.reduce((added, share) => added + share, 0n);
  const byRemainder = exact
    .map((product, at) => ({ at, rest: product % whole }))
    .sort((a, b) => Number(b.rest > a.rest) - Number(b.rest < a.rest) || a.at - b.at);
  const lucky = new Set(byRemainder.slice(0, Number(left)).map(({ at }) => at));
  return floors.map((share, at) => minor(Number(share + (lucky.has(at) ? 1n : 0n))));
}

/** Reads a decimal text such as `"29.99"`; digits beyond those of the currency are refused, never rounded. */
export function parseMoney(text: string, currency: string): Result<Minor, MoneyError> {
  const match = /^(-?)(\d{1,18})(?:\.(\d{1,18}))?$/.exec(text);
  if (!match) return err({ code: 'MONEY_MALFORMED', text });
  const [, sign = '', whole = '', fraction = ''] = match;
  const exponent = exponentOf(currency);
  if (fraction.length > exponent) return err({ code: 'MONEY_TOO_PRECISE', text });
  const units = BigInt(`${sign}${whole}${fraction.padEnd(exponent, '0')}`);
  if (units > BigInt(Number.MAX_SAFE_INTEGER) || units < BigInt(Number.MIN_SAFE_INTEGER))
    return err({ code: 'MONEY_TOO_LARGE', text });
  return ok(minor(Number(units)));
}

/**
 * Writes an amount as a decimal text with exactly the currency's digits: `2999` USD is `"29.99"`. A sum that
 * no number holds is given as a bigint.
 */
export function formatMoney(amount: Minor | bigint, currency: string): string {
  const exponent = exponentOf(currency);
  const sign = amount < 0 ? '-' : '';
  const whole = typeof amount === 'bigint' ? amount : BigInt(minor(amount));
  const digits = String(whole < 0n ? -whole : whole).padStart(exponent + 1, '0');
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
