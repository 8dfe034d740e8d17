import type { RateOrder } from '@orderloom/core/inputs';
import { z } from 'zod';
import type { Actor } from '../../trpc.ts';
import type { OrderFacts } from '../views.ts';
import type { Command } from './command.ts';

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
export function ratingFor({ id, expectedVersion, score, comment }: RateOrder, ctx: Actor): Command {
  const command = { type: 'rateOrder', score, comment, by: ctx.caller.customerId } as const;
  return { ctx, id, expectedVersion, command };
}

export function feedbackView({ order: { id, version, feedback } }: OrderFacts): FeedbackView {
  if (!feedback) throw new RangeError(`nobody has rated order ${id}`);
  return { orderId: id, version, ...feedback };
}
