import { draft, ok, type Result } from '@orderloom/core';
import type { CreateDraft } from '@orderloom/core/inputs';
import { type EntityManager, openDirectory } from '@orderloom/db';
import type { Refusal } from '../../errors.ts';
import type { Actor } from '../../trpc.ts';
import { policyOf } from '../policy.ts';
import { record } from '../record.ts';
import type { OrderFacts } from '../views.ts';
import { customerOf } from './wish.ts';

/** T1: an order that is only begun. */
export async function createDraft(
  em: EntityManager,
  asked: CreateDraft,
  ctx: Actor,
): Promise<Result<OrderFacts, Refusal>> {
  const { caller, origin, at } = ctx;
  const customers = [asked.customer ?? caller.customerId ?? []].flat();
  const wanted = { products: [], customers, stores: [], addresses: [] };
  const names = await openDirectory(em, caller.tenantId, [wanted]);
  const customerId = customerOf({ ctx, asked }, names);
  if (!customerId.ok) return customerId;
  const request = { id: ctx.newId(), at, origin, customerId: customerId.value, userId: caller.principalId };
  const begun = draft(request, names.tenant.currency);
  const [order] = await record(em, [{ ctx, before: null, events: [begun], reason: null }]);
  if (!order) throw new RangeError('a draft that is recorded is there');
  return order.ok ? ok({ order: order.value, names, policy: policyOf(names.tenant, ctx) }) : order;
}
