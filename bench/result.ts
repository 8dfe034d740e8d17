/** The smallest, the middle and the largest of what several turns found. */
export type Spread = { readonly min: number; readonly median: number; readonly max: number };

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  return { min: at(0), median: at(Math.floor(sorted.length / 2)), max: at(sorted.length - 1) };
}

/** What must hold, in the words of the budget, and whether it does. */
export type Budget = { readonly wants: string; readonly met: boolean };

export type Result = {
  readonly name: string;
  readonly orders: number | null;
  readonly value: Spread;
  readonly unit: string;
  readonly yardstick: { readonly name: string; readonly value: Spread; readonly ratio: Spread } | null;
  readonly more: string;
  readonly first: Budget | null;
  readonly aim: Budget | null;
};

export function lineOf({ name, orders, value, unit, yardstick, more, first, aim }: Result): string {
  const budget = (word: string, of: Budget | null) =>
    of && `${of.met ? 'meets' : 'MISSES'} ${word} (${of.wants})`;
  const parts = [
    `${spoken(value)} ${unit}`,
    yardstick && `${yardstick.name} ${spoken(yardstick.value)}, ratio ${spoken(yardstick.ratio)}`,
    more,
    budget('first', first),
    budget('aim', aim),
  ];
  const where = orders === null ? '' : `, ${orders.toLocaleString('en')} orders`;
  return `${name}${where}: ${parts.filter(Boolean).join('; ')}`;
}

export const spoken = ({ min, median, max }: Spread): string =>
  min === max ? short(median) : `${short(median)} (${short(min)} to ${short(max)})`;

export const short = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(2)));
