import { Id } from '@orderloom/core/inputs';
import { z } from 'zod';
import { procedure, router } from '../trpc.ts';
import { liveFeed } from './feed.ts';
import { relayState, retry } from './relay.ts';
import { RelayView } from './views.ts';

const FeedSeq = z.int().min(0);
const Live = z
  .strictObject({
    after: FeedSeq.optional(),
    /** What the browser got last, sent by itself when it comes again. */
    lastEventId: z.string().regex(/^\d+$/).transform(Number).pipe(FeedSeq).optional(),
  })
  .optional();
const Retry = z.strictObject({ consumer: z.string().max(100), event: Id.optional() });

export const events = router({
  live: procedure({ all: 'orders:read_all' })
    .input(Live)
    .subscription(({ ctx, input, signal = new AbortController().signal }) =>
      liveFeed(ctx, input?.lastEventId ?? input?.after, signal),
    ),

  relay: procedure({ all: 'audit:read' })
    .output(RelayView)
    .query(({ ctx }) => relayState(ctx)),

  /** Sends dead letters again: all of a consumer, or those of one event. */
  retry: procedure({ all: 'users:admin' })
    .input(Retry)
    .output(z.object({ revived: z.number() }))
    .mutation(async ({ ctx, input }) => ({ revived: await ctx.commit((em) => retry(em, input, ctx)) })),
});
