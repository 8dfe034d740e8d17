import { err, type Result } from '@orderloom/core';
import type { EditOrder } from '@orderloom/core/inputs';
import { type EntityManager, openDirectory } from '@orderloom/db';
import type { Refusal } from '../../errors.ts';
import type { Actor } from '../../trpc.ts';
import { type ChangedFacts, changeOne } from './change.ts';
import type { Where } from './command.ts';
import { excessIn, lineOf } from '../placing/wish.ts';

/** Sets how many pieces of these products an order has: 0 takes one out, what is not named stays. */
export async function editOrder(
  em: EntityManager,
  { id, expectedVersion, items, ...where }: EditOrder & Where,
  ctx: Actor,
): Promise<Result<ChangedFacts, Refusal>> {
  const products = items.flatMap(({ product, variant }) =>
    variant === undefined ? [product] : [product, variant],
  );
  const wanted = { products, customers: [], stores: [], addresses: [] };
  const directory = await openDirectory(em, ctx.caller.tenantId, [wanted]);
  const lines = items.map((item) => lineOf(item, directory));
  const excess = excessIn(lines);
  if (excess) return err(excess);
  return changeOne(em, { ctx, id, expectedVersion, command: { type: 'editOrder', lines }, ...where });
}
