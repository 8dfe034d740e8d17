import type { Shortage } from '../order/shelf.ts';
import { err, ok, type Result } from '../result.ts';

/** The two states of a cart: it takes goods, and then it was ordered. */
export const cartStatuses = ['Active', 'Ordered'] as const;
/** One state. */
export type CartStatus = (typeof cartStatuses)[number];

/** What a cart shall hold of a variant, and what the client called it. */
export type CartWish = { readonly variantId: string; readonly ref: string; readonly quantity: number };

/** A cart promises nothing, but it takes no more than can be sold now. */
export function hold(
  { variantId, ref, quantity }: CartWish,
  sellable: number,
): Result<number, { readonly code: 'INSUFFICIENT_STOCK'; readonly shortages: readonly Shortage[] }> {
  if (quantity <= sellable) return ok(quantity);
  const shortage = { line: 0, variantId, ref, requested: quantity, available: sellable };
  return err({ code: 'INSUFFICIENT_STOCK', shortages: [shortage] });
}
