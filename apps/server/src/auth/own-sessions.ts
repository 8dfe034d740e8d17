import { err, ok, type Result } from '@orderloom/core';
import { type EntityManager, endSessionOf, sessionsOf } from '@orderloom/db';
import type { Refusal } from '../errors.ts';
import type { Acting } from '../trpc.ts';
import { sessionIdOf } from './sessions.ts';

/** The caller's own sessions, newest first, and which of them is this one. */
export async function ownSessions(ctx: Acting) {
  const token = ctx.cookie?.token ?? null;
  const current = token === null ? null : sessionIdOf(token);
  const found = await ctx.read((em) => sessionsOf(em, ctx.caller.tenantId, ctx.caller.principalId ?? ''));
  return found.map(({ id, createdAt, expiresAt }) => ({ id, createdAt, expiresAt, current: id === current }));
}

/** Ends one of the caller's own sessions, wherever it is signed in. */
export async function endOwnSession(
  em: EntityManager,
  id: string,
  { caller }: Acting,
): Promise<Result<null, Refusal>> {
  const ended = await endSessionOf(em, caller.tenantId, { principalId: caller.principalId ?? '', id });
  return ended ? ok(null) : err({ code: 'SESSION_NOT_FOUND', id });
}
