import type { Act } from '@orderloom/db';
import type { Actor } from './trpc.ts';

/** What history keeps of a command: who gave it, by which request, when and why. */
export const actOf = ({ caller, at, newId, requestId }: Actor, reason: string | null): Act => ({
  commandId: newId(),
  actorId: caller.principalId,
  tokenId: caller.tokenId,
  requestId,
  reason,
  at,
});
