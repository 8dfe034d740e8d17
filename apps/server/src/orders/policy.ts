import type { Order, OrderPolicy, PlaceRules } from '@orderloom/core';
import type { Tenant } from '@orderloom/db';
import type { Actor } from '../trpc.ts';

/** Whether the caller may reach this order; an order of nobody is not that of a caller without a customer. */
export const reaches = (
  { reach, caller }: Pick<Actor, 'reach' | 'caller'>,
  { customerId }: Pick<Order, 'customerId'>,
): boolean => reach === 'all' || (customerId !== null && customerId === caller.customerId);

/** The guards of the order machine for this tenant and caller: only staff cancels what has left the house. */
export const policyOf = (tenant: Tenant, { reach }: Pick<Actor, 'reach'>): OrderPolicy => ({
  requirePaidBefore: tenant.policies.requirePaidBefore,
  cancelShipped: reach === 'all',
});

/** The tenant's currency, taxes and shipping prices, whether cards are taken, and where new ids come from. */
export const rulesOf = (
  { currency, policies }: Tenant,
  { newId, cards = false }: Pick<Actor, 'newId' | 'cards'>,
): PlaceRules => ({
  currency,
  taxRates: policies.taxRates,
  shippingMethods: policies.shippingMethods,
  gateway: cards,
  newId,
});
