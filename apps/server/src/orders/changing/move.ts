import type { MoveOrder, WithdrawOrder } from '@orderloom/core/inputs';
import type { Actor } from '../../trpc.ts';
import type { Command, Where } from './command.ts';

/** Takes every step to a status in one version, with all that each step brings about (S3-13). */
export const moveTo = (
  { id, expectedVersion, status, reason, ...where }: MoveOrder & Where,
  ctx: Actor,
): Command => ({ ctx, id, expectedVersion, command: { type: 'moveOrder', to: status, reason }, ...where });

/** Cancels what has not left the house; nothing is recorded when it is cancelled already. */
export const withdrawal = ({ id, expectedVersion, reason }: WithdrawOrder, ctx: Actor): Command => ({
  ctx,
  id,
  expectedVersion,
  command: { type: 'withdrawOrder', reason },
});
