import { z } from 'zod';

/** What happened, for whoever looks on; the rest is asked for where it is shown. */
export type LiveEvent = {
  readonly feedSeq: number;
  readonly id: string;
  readonly type: string;
  readonly orderId: string | null;
  readonly version: number | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly at: string;
};

/** What waits for a consumer of events, and what it did not take. */
export const QueueView = z.object({
  consumer: z.string(),
  waiting: z.number(),
  failing: z.number(),
  dead: z.number(),
  oldestAt: z.string().nullable(),
  lastError: z.string().nullable(),
});

/** An event that a consumer did not take however often it was asked. */
export const DeadLetterView = z.object({
  consumer: z.string(),
  eventId: z.string(),
  feedSeq: z.number(),
  type: z.string(),
  orderId: z.string().nullable(),
  attempts: z.number(),
  lastError: z.string(),
  diedAt: z.string(),
});

/** How far the events of a tenant have got on their way out. */
export const RelayView = z.object({
  published: z.number(),
  unpublished: z.object({ count: z.number(), oldestAt: z.string().nullable() }),
  queues: z.array(QueueView),
  /** The newest hundred. */
  deadLetters: z.array(DeadLetterView),
});
