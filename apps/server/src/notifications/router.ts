import { Named } from '@orderloom/core/inputs';
import { z } from 'zod';
import { ListAsked, PageOf } from '../list.ts';
import { procedure, router } from '../trpc.ts';
import { liveNotices, markRead, pageOfNotices } from './read.ts';
import { NoticeView } from './views.ts';

const rule = { all: 'notifications:read_own' } as const;

export const notifications = router({
  page: procedure(rule)
    .input(ListAsked)
    .output(PageOf(NoticeView))
    .query(({ ctx, input }) => pageOfNotices(ctx, input)),

  read: procedure(rule)
    .input(Named)
    .output(NoticeView)
    .mutation(({ ctx, input }) => ctx.commit((em) => markRead(em, input.id, ctx))),

  /** What the caller is told, as it happens. */
  live: procedure(rule)
    .input(z.strictObject({ after: z.int().min(0).optional() }))
    .query(({ ctx, input, signal = new AbortController().signal }) => liveNotices(ctx, input.after, signal)),
});
