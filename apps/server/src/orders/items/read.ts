import { err, ok, type Result } from '@orderloom/core';
import {
  type EntityManager,
  findOrders,
  itemById,
  itemCustomer,
  type ItemRecord,
  itemsList,
} from '@orderloom/db';
import { orThrow, type Refusal } from '../../errors.ts';
import { type ListAsked, listPage } from '../../list.ts';
import type { Acting, Actor } from '../../trpc.ts';
import { reaches } from '../policy.ts';

const nobody = '00000000-0000-0000-0000-000000000000';

/** A page of items; a caller with only its own reach sees those of its own orders. */
export const pageOfItems = (ctx: Acting, asked: ListAsked) =>
  listPage<ItemRecord>(ctx, itemsList, {
    asked,
    only: ctx.reach === 'all' ? {} : { [itemCustomer]: ctx.caller.customerId ?? nobody },
  });

/** The items of the order that a UUID or number names, if the caller may see it. */
export async function itemsOfOrder(ctx: Acting, { order: name, ...asked }: ListAsked & { order: string }) {
  const id = orThrow(
    await ctx.read(async (em): Promise<Result<string, Refusal>> => {
      const { tenantId } = ctx.caller;
      const order = (await findOrders(em, tenantId, [name])).get(name);
      return order && reaches(ctx, order) ? ok(order.id) : err({ code: 'ORDER_NOT_FOUND', id: name });
    }),
  );
  return listPage<ItemRecord>(ctx, itemsList, { asked, only: { 'i.order_id': id } });
}

/** One item, if the caller may see it. */
export const findItem = async (ctx: Acting, id: string) =>
  orThrow(await ctx.read((em) => itemFor(em, ctx, id)));

const isUuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The item that a line belongs to, if the caller may reach its order. */
export async function itemFor(
  em: EntityManager,
  ctx: Pick<Actor, 'caller' | 'reach'>,
  id: string,
): Promise<Result<ItemRecord, Refusal>> {
  const found = isUuid.test(id) ? await itemById(em, ctx.caller.tenantId, id) : undefined;
  return found && reaches(ctx, found.order) ? ok(found) : err({ code: 'LINE_NOT_FOUND', id });
}
