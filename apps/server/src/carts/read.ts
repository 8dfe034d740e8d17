import { err, ok, type Result } from '@orderloom/core';
import { cartOf, customerByName, type EntityManager } from '@orderloom/db';
import { orThrow, type Refusal, refuse } from '../errors.ts';
import type { Acting, Actor } from '../trpc.ts';
import type { CartView } from './views.ts';

/** The newest cart of a customer, if the caller may see it. */
export const findCart = (ctx: Acting, name: string): Promise<CartView> =>
  ctx.read(async (em) => {
    const customer = orThrow(await customerFor(em, ctx, name));
    const cart = await cartOf(em, ctx.caller.tenantId, customer.id);
    if (!cart) throw refuse({ code: 'CART_NOT_FOUND', id: name });
    return cart;
  });

/** The customer that a ref, UUID or code names; whoever may reach only their own finds nobody else. */
export async function customerFor(
  em: EntityManager,
  { caller, reach }: Pick<Actor, 'caller' | 'reach'>,
  name: string,
): Promise<Result<{ readonly id: string; readonly ref: number }, Refusal>> {
  const customer = await customerByName(em, caller.tenantId, name);
  return customer && (reach === 'all' || customer.id === caller.customerId)
    ? ok(customer)
    : err({ code: 'CUSTOMER_NOT_FOUND', id: name });
}
