import { commandScopes, err, may, ok, type OrderStatus, type Result, transitions } from '@orderloom/core';
import type { MoveOrder, WithdrawOrder } from '@orderloom/core/inputs';
import type { Refusal } from '../../errors.ts';
import type { Actor } from '../../trpc.ts';
import type { Command, Where } from './command.ts';

/** Takes every step to a status in one version, with all that each step brings about (S3-13). */
export function moveTo(
  { id, expectedVersion, status, reason, ...where }: MoveOrder & Where,
  ctx: Actor,
): Result<Command, Refusal> {
  const command = { type: 'moveOrder', to: status, reason } as const;
  const last = lastSteps(status);
  // Known before the order is: nobody learns whether it is there.
  return last[0] && !last.some((scope) => may(ctx.caller, scope))
    ? err({ code: 'FORBIDDEN', scope: last[0] })
    : ok({ ctx, id, expectedVersion, command, ...where });
}

/** The rights of which every way to a status asks one in the end; an order that begins there goes no way. */
const lastSteps = (status: OrderStatus) =>
  transitions.flatMap(({ from, to, command }) =>
    from !== null && to === status ? [commandScopes[command].all] : [],
  );

/** Cancels what has not left the house; nothing is recorded when it is cancelled already. */
export const withdrawal = ({ id, expectedVersion, reason }: WithdrawOrder, ctx: Actor): Command => ({
  ctx,
  id,
  expectedVersion,
  command: { type: 'withdrawOrder', reason },
});
