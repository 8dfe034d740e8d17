import { err, ok, type Result } from '../result.ts';
import type { RateOrder } from './commands.ts';
import type { OrderHappening } from './events.ts';
import type { Order, OrderStatus } from './order.ts';

/** Why somebody may not say what they thought of an order. */
export type RateRefusal =
  | { readonly code: 'ORDER_NOT_DELIVERED'; readonly from: OrderStatus }
  | { readonly code: 'NOT_ITS_CUSTOMER' };

/** The scores, from the worst to the best. */
export const scoreRange = { min: 1, max: 5 } as const;

/**
 * Keeps what the customer of an order thought of it once it has arrived; said again, the last word counts.
 * Throws RangeError for a score that there is not.
 */
export function rate(
  { customerId, deliveredAt, feedback, status }: Order,
  { score, comment, by }: RateOrder,
): Result<readonly OrderHappening[], RateRefusal> {
  if (!Number.isInteger(score) || score < scoreRange.min || score > scoreRange.max)
    throw new RangeError(`rate: ${score} is no score`);
  if (deliveredAt === null) return err({ code: 'ORDER_NOT_DELIVERED', from: status });
  if (by === null || by !== customerId) return err({ code: 'NOT_ITS_CUSTOMER' });
  const isSame = feedback?.score === score && feedback.comment === comment;
  return ok(isSame ? [] : [{ type: 'order.rated', score, comment }]);
}
