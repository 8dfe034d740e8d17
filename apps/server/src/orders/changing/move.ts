import type { Result } from '@orderloom/core';
import type { MoveOrder, WithdrawOrder } from '@orderloom/core/inputs';
import type { EntityManager } from '@orderloom/db';
import type { Refusal } from '../../errors.ts';
import type { Actor } from '../../trpc.ts';
import { changeOne } from './change.ts';
import type { Where } from './command.ts';
import type { OrderFacts } from '../views.ts';

/** Takes every step to a status in one version, with all that each step brings about (S3-13). */
export const moveOrder = (
  em: EntityManager,
  { id, expectedVersion, status, reason, ...where }: MoveOrder & Where,
  ctx: Actor,
): Promise<Result<OrderFacts, Refusal>> => {
  const command = { type: 'moveOrder', to: status, reason } as const;
  return changeOne(em, { ctx, id, expectedVersion, command, ...where });
};

/** Cancels what has not left the house; nothing is recorded when it is cancelled already. */
export const withdrawOrder = (
  em: EntityManager,
  { id, expectedVersion, reason }: WithdrawOrder,
  ctx: Actor,
): Promise<Result<OrderFacts, Refusal>> =>
  changeOne(em, { ctx, id, expectedVersion, command: { type: 'withdrawOrder', reason } });
