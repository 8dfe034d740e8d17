import { ok, type Result } from '../result.ts';
import { decide, type DecideContext, type OrderRefusal } from './decide.ts';
import type { OrderEvent } from './events.ts';
import { transitionOf } from './lifecycle.ts';
import type { Order, OrderStatus } from './order.ts';

/** What calling off is for an order in this status: a draft is discarded, an order cancelled (S2-29). */
export const cancellationOf = (status: OrderStatus): 'discardDraft' | 'cancelOrder' =>
  transitionOf(status, 'discardDraft') ? 'discardDraft' : 'cancelOrder';

/**
 * Calls an order off, however often it is asked for (S1-19, S1-24): a draft is discarded, an order cancelled,
 * and what is cancelled stays as it is. What has left the house is not called off.
 */
export function withdraw(
  order: Order,
  reason: string,
  context: DecideContext,
): Result<readonly OrderEvent[], OrderRefusal> {
  if (order.cancelledAt !== null) return ok([]);
  const command = { type: cancellationOf(order.status), reason };
  return decide(order, command, { ...context, policy: { ...context.policy, cancelShipped: false } });
}
