import { feedAfter, type FeedEvent, lastFeedSeq } from '@orderloom/db';
import { tracked } from '@trpc/server';
import type { Acting } from '../trpc.ts';
import type { LiveEvent } from './views.ts';

const pageSize = 200;

/**
 * What happens in the caller's tenant from now on, or all that came after `after`. It ends when the caller
 * goes, and comes again with the number of the last event it got.
 */
export async function* liveFeed(ctx: Acting, after: number | undefined, left: AbortSignal) {
  const { tenantId } = ctx.caller;
  const watch = ctx.parts.live.watch(tenantId, left);
  try {
    let last = after ?? (await ctx.read((em) => lastFeedSeq(em, tenantId)));
    for (;;) {
      const page = await ctx.read((em) => feedAfter(em, tenantId, { after: last, limit: pageSize }));
      for (const event of page) yield tracked(String(event.feedSeq), liveEvent(event));
      last = page.at(-1)?.feedSeq ?? last;
      if (page.length < pageSize) await watch.next();
    }
  } finally {
    watch.stop();
  }
}

function liveEvent({ feedSeq, id, type, orderId, version, from, to, at }: FeedEvent): LiveEvent {
  return { feedSeq, id, type, orderId, version, from, to, at };
}
