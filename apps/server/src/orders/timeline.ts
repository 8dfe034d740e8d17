import { statuses } from '@orderloom/core';
import type { TimelineEvent } from '@orderloom/db';
import { z } from 'zod';

/** One thing that happened to an order, with who did it and why. */
export const EventView = z.object({
  id: z.string(),
  type: z.string(),
  version: z.int(),
  from: z.enum(statuses).nullable(),
  to: z.enum(statuses).nullable(),
  at: z.string(),
  actor: z.string(),
  reason: z.string().nullable(),
  requestId: z.string().nullable(),
  /** What the event says, without the copy of the order. */
  data: z.record(z.string(), z.unknown()),
});

export function eventView(event: TimelineEvent): z.output<typeof EventView> {
  const { order: _, ...data } = event.data;
  return { ...event, data };
}
