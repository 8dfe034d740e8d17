import type { Result } from '@orderloom/core';
import type { RateOrder } from '@orderloom/core/inputs';
import type { EntityManager } from '@orderloom/db';
import { z } from 'zod';
import type { Refusal } from '../../errors.ts';
import type { Actor } from '../../trpc.ts';
import type { OrderFacts } from '../views.ts';
import { changeOne } from './change.ts';

/** What the customer thought of an order, with the version that says so. */
export const FeedbackView = z.object({
  orderId: z.string(),
  version: z.int(),
  score: z.int(),
  comment: z.string().nullable(),
  at: z.string(),
});
export type FeedbackView = z.output<typeof FeedbackView>;

/** Keeps what the caller, its customer, thought of an order. */
export const rateOrder = (
  em: EntityManager,
  { id, expectedVersion, score, comment }: RateOrder,
  ctx: Actor,
): Promise<Result<OrderFacts, Refusal>> => {
  const command = { type: 'rateOrder', score, comment, by: ctx.caller.customerId } as const;
  return changeOne(em, { ctx, id, expectedVersion, command });
};

export function feedbackView({ order: { id, version, feedback } }: OrderFacts): FeedbackView {
  if (!feedback) throw new RangeError(`nobody has rated order ${id}`);
  return { orderId: id, version, ...feedback };
}
