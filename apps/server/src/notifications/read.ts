import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '@orderloom/core';
import {
  type EntityManager,
  lastFeedSeq,
  type NoticeLine,
  type NoticeReader,
  noticesAfter,
  noticesList,
  readNotice,
} from '@orderloom/db';
import type { Refusal } from '../errors.ts';
import { type ListAsked, listPage } from '../list.ts';
import type { Acting, Actor } from '../trpc.ts';

const nobody = '00000000-0000-0000-0000-000000000000';

/** A customer reads what its customer was told; whoever works here, what was told to them. */
const readerOf = ({ caller }: Pick<Actor, 'caller'>): NoticeReader =>
  caller.role === 'customer'
    ? { 'n.customer_id': caller.customerId ?? nobody }
    : { 'n.principal_id': caller.principalId ?? nobody };

export const pageOfNotices = (ctx: Acting, asked: ListAsked) =>
  listPage<NoticeLine>(ctx, noticesList, { asked, only: readerOf(ctx) });

/** Marks one as read; a second time changes nothing. */
export async function markRead(
  em: EntityManager,
  id: string,
  actor: Actor,
): Promise<Result<NoticeLine, Refusal>> {
  const reader = readerOf(actor);
  const notice = await readNotice(em, actor.caller.tenantId, { reader, id, at: actor.at });
  return notice ? ok(notice) : err({ code: 'NOTIFICATION_NOT_FOUND', id });
}

const eventsAtOnce = 500;
const lookAgainMs = 200;

export type LiveNotice = { readonly feedSeq: number; readonly notice: NoticeLine };

/**
 * What the caller is told from now on, or all that came after event `after` of the feed; none is missed and
 * none comes twice. It ends when the caller goes.
 */
export async function* liveNotices(
  ctx: Acting,
  after: number | undefined,
  left: AbortSignal,
): AsyncGenerator<LiveNotice> {
  const { tenantId } = ctx.caller;
  const reader = readerOf(ctx);
  const watch = ctx.parts.live.watch(tenantId, left);
  try {
    let last = after ?? (await ctx.read((em) => lastFeedSeq(em, tenantId)));
    for (;;) {
      const told = { reader, after: last, limit: eventsAtOnce };
      const { steps, waiting } = await ctx.read((em) => noticesAfter(em, tenantId, told));
      for (const { feedSeq, notice } of steps) if (notice) yield { feedSeq, notice };
      last = steps.at(-1)?.feedSeq ?? last;
      if (steps.length === eventsAtOnce) continue;
      // What has been published is told a moment later, which no bell says.
      if (waiting) await sleep(lookAgainMs, undefined, { signal: left });
      else await watch.next();
    }
  } finally {
    watch.stop();
  }
}
