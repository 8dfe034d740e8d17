import { ok, type Result } from '@orderloom/core';
import { cartOf, type Directory, type EntityManager, openDirectory, remoteNames } from '@orderloom/db';
import type { Refusal } from '../../errors.ts';
import { nameOutside } from '../../remote.ts';
import { customerOf, type Wish } from '../placing/wish.ts';

/** Who wishes, in the words that services outside understand. */
export type Shopper = {
  readonly currency: string;
  /** The customer's number. */
  readonly customer: string | null;
  /** What lies in our own cart. */
  readonly cart: readonly { readonly product: string; readonly quantity: number }[];
  /** A product's name outside: our ids mean nothing there. */
  readonly nameOutside: (product: string) => string;
};

/** Whoever is not there, or not the caller's, is refused before anything is taken. */
export async function shopperOf(
  em: EntityManager,
  wish: Wish,
  directory: Directory,
): Promise<Result<Shopper, Refusal>> {
  const { tenant } = directory;
  const customerId = customerOf(wish, directory);
  if (!customerId.ok) return customerId;
  const id = customerId.value;
  return ok({
    currency: tenant.currency,
    customer: id === null ? null : String(directory.customers.get(id)?.ref),
    cart: wish.asked.items === 'cart' && id !== null ? await ownCart(em, tenant.id, id) : [],
    nameOutside: (name) => nameOutside(name, directory),
  });
}

/** What lies in our own cart, by its names outside. */
async function ownCart(em: EntityManager, tenantId: string, customerId: string): Promise<Shopper['cart']> {
  const cart = await cartOf(em, tenantId, customerId);
  if (cart?.status !== 'Active') return [];
  const products = cart.items.map(({ productId }) => productId);
  const named = await openDirectory(em, tenantId, [{ products, customers: [], stores: [], addresses: [] }]);
  const outside = await remoteNames(em, tenantId, products);
  return cart.items.map(({ productId, quantity }) => ({
    product: outside.get(productId) ?? named.product(productId)?.sku ?? productId,
    quantity,
  }));
}
