import { allocate, minor, shareOf, sum, type Minor } from '../money.ts';
import type { Line } from './order.ts';

/** The five amounts of an order: `total = subtotal − discount + shipping + tax` (I-10). */
export type Totals = {
  readonly subtotal: Minor;
  readonly discount: Minor;
  readonly shipping: Minor;
  readonly tax: Minor;
  readonly total: Minor;
};

/** Adds up an order from its lines and what is charged for shipping. */
export function totalsOf(lines: readonly Line[], shipping: Minor): Totals {
  const subtotal = sum(lines.map((line) => line.total));
  const discount = sum(lines.map((line) => line.discount));
  const tax = sum(lines.map((line) => line.tax));
  return { subtotal, discount, shipping, tax, total: minor(subtotal - discount + shipping + tax) };
}

/**
 * Freezes an order's discount into its lines by the largest remainder of their totals, then taxes each line
 * once on what is left of it (`taxBasisPoints`, half to even). A discount above the subtotal takes it all.
 */
export function priceLines(
  lines: readonly Line[],
  discount: Minor,
  taxBasisPoints: (line: Line) => number,
): readonly Line[] {
  const subtotal = sum(lines.map((line) => line.total));
  const given = Math.min(discount, subtotal);
  const shares =
    given > 0
      ? allocate(
          given,
          lines.map((line) => line.total),
        )
      : lines.map(() => 0);
  return lines.map((line, at) => {
    const share = shares[at] ?? 0;
    return { ...line, discount: share, tax: shareOf(minor(line.total - share), taxBasisPoints(line)) };
  });
}
