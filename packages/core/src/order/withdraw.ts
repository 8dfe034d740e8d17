import { ok, type Result } from '../result.ts';
import { decide, type DecideContext, type OrderRefusal } from './decide.ts';
import type { OrderEvent } from './events.ts';
import { transitionOf } from './lifecycle.ts';
import type { Order } from './order.ts';

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
  const type = transitionOf(order.status, 'discardDraft') ? 'discardDraft' : 'cancelOrder';
  return decide(order, { type, reason }, { ...context, policy: { ...context.policy, cancelShipped: false } });
}
