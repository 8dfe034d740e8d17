import { addressById, addressesList, type BookAddress, type EntityManager } from '@orderloom/db';
import { refuse } from '../errors.ts';
import { type ListAsked, listPage } from '../list.ts';
import type { Acting, Actor } from '../trpc.ts';

const nobody = '00000000-0000-0000-0000-000000000000';

/** A page of the address book; a customer sees its own addresses. */
export const pageOfAddresses = (ctx: Acting, asked: ListAsked) =>
  listPage<BookAddress>(ctx, addressesList, {
    asked,
    only: ctx.reach === 'all' ? {} : { 'a.customer_id': ctx.caller.customerId ?? nobody },
  });

/** The address that a UUID names, if it is the caller's to see. */
export async function ownAddress(
  em: EntityManager,
  { caller, reach }: Pick<Actor, 'caller' | 'reach'>,
  id: string,
): Promise<BookAddress | undefined> {
  const address = await addressById(em, caller.tenantId, id);
  const isOwn = reach === 'all' || (address?.customer && address.customer.id === caller.customerId);
  return isOwn ? address : undefined;
}

export async function findAddress(ctx: Acting, id: string): Promise<BookAddress> {
  const address = await ctx.read((em) => ownAddress(em, ctx, id));
  if (!address) throw refuse({ code: 'ADDRESS_NOT_FOUND', id });
  return address;
}
