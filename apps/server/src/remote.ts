import type { Directory, EntityManager, Mirrored } from '@orderloom/db';
import type { Instant, Result } from '@orderloom/core';
import type { Refusal } from './errors.ts';

/** On whose behalf services of somebody else are asked, and until when they may take. */
export type Errand = {
  readonly tenantId: string;
  readonly requestId: string;
  readonly at: Instant;
  /** In which prices are. */
  readonly currency: string;
  readonly signal: AbortSignal;
};

/** A product as a catalogue of somebody else offers it now. */
export type Offer = {
  /** Its own name over there. */
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  /** In minor units. */
  readonly price: number;
  readonly quantity: number;
  readonly etag: string | null;
};

/** So many pieces of an offer, and how many of them were taken: all, or none when there are fewer. */
export type Portion = { readonly offer: Offer; readonly wanted: number; readonly taken: number };

/** What was taken for one order, before it is known whether the order will be. */
export type Haul = {
  readonly portions: readonly Portion[];
  /** Our products for the offers, by their names over there. */
  readonly products: ReadonlyMap<string, Mirrored>;
  readonly locationId: string;
  /** Says in the order's transaction that the pieces are ours; not when they were given back meanwhile. */
  readonly keep: (em: EntityManager) => Promise<boolean>;
  /** Gives back what was not kept. Says nothing when it fails: it is recorded and done later. */
  readonly giveBack: () => Promise<void>;
};

/** The catalogue of somebody else, as a source of pieces. */
export type Goods = {
  /** What the catalogue offers under each name; `null` where it knows nothing. */
  readonly find: (errand: Errand, names: readonly string[]) => Promise<Result<(Offer | null)[], Refusal>>;
  /** Takes every portion that can be; `all`: either every one or none. */
  readonly take: (errand: Errand, asked: Taking) => Promise<Result<Haul, Refusal>>;
};
export type Taking = {
  readonly wishes: readonly { readonly offer: Offer; readonly quantity: number }[];
  readonly onShortage: 'reject' | 'partial';
};

/** What lies in a customer's cart over there. */
export type Basket = {
  readonly items: readonly { readonly product: string; readonly quantity: number }[];
  /** Records in the order's transaction that the cart is to be closed; not when another order did. */
  readonly meanToClose: (em: EntityManager) => Promise<boolean>;
  /** Closes the cart, now or later. */
  readonly close: () => Promise<void>;
};

/** The carts of somebody else. */
export type Baskets = {
  /** `null` when there is none to order from. */
  readonly find: (errand: Errand, customer: string) => Promise<Result<Basket | null, Refusal>>;
};

/** The services of somebody else that the settings name; `null` for those that are our own. */
export type Remote = {
  readonly goods: Goods | null;
  readonly baskets: Baskets | null;
  readonly errand: (of: Omit<Errand, 'signal'>) => Errand;
  /** Does what is left to do outside: gives back, closes, sees whether what was broken works again. */
  readonly sweep: (at: Instant) => Promise<void>;
};

/** A product's name outside: our ids mean nothing there. */
export function nameOutside(name: string, directory: Directory): string {
  const product = name.length === 36 ? directory.product(name) : undefined;
  return product?.id === name.toLowerCase() ? product.sku : name;
}
