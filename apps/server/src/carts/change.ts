import { err, hold, ok, type Result } from '@orderloom/core';
import {
  type AddToCart,
  type CloseCart,
  type PutInCart,
  Quantity,
  type RemoveFromCart,
} from '@orderloom/core/inputs';
import {
  type Cart,
  type CartItem,
  closeCarts,
  type EntityManager,
  lockCarts,
  openDirectory,
  queueForCart,
  sellableOf,
  writeCart,
} from '@orderloom/db';
import type { Refusal } from '../errors.ts';
import type { Actor } from '../trpc.ts';
import type { Filling as Filled } from './offered.ts';
import { customerFor } from './read.ts';
import type { CartView } from './views.ts';

type Answer = Promise<Result<CartView, Refusal>>;
type Available = Pick<Filled, 'available'>;

/** Adds to what the cart holds of a product; a new cart when the last one was ordered. */
export const addToCart = (em: EntityManager, input: AddToCart & Available, actor: Actor): Answer =>
  fill(em, { ...input, among: (there) => there + input.quantity }, actor);

/** Says how much of a product the cart holds from now on. */
export const putInCart = (em: EntityManager, input: PutInCart & Available, actor: Actor): Answer =>
  fill(em, { ...input, among: () => input.quantity }, actor);

/** Takes a product out of the cart. */
export async function removeFromCart(em: EntityManager, input: RemoveFromCart, actor: Actor): Answer {
  const opened = await openCart(em, input, actor);
  if (!opened.ok) return opened;
  const wanted = await variantOf(em, input.product, actor);
  if (!wanted.ok) return wanted;
  const { cart } = opened.value;
  const there = cart?.status === 'Active' && heldOf(cart, wanted.value.variantId);
  if (!there) return err({ code: 'CART_ITEM_NOT_FOUND', id: input.product });
  return ok(await store(em, { ...opened.value, item: { ...wanted.value, quantity: 0 } }, actor));
}

/** Marks the newest cart as ordered; one that was is answered as it is. */
export async function closeCart(em: EntityManager, input: CloseCart, actor: Actor): Answer {
  const opened = await openCart(em, input, actor);
  if (!opened.ok) return opened;
  const { cart } = opened.value;
  if (!cart) return err({ code: 'CART_NOT_FOUND', id: input.customer });
  if (cart.status === input.status) return ok(cart);
  await closeCarts(em, actor.caller.tenantId, { cartIds: [cart.id], at: actor.at });
  return ok({ ...cart, status: input.status, version: cart.version + 1 });
}

type Filling = PutInCart & Available & { readonly among: (there: number) => number };

async function fill(em: EntityManager, { among, ...input }: Filling, actor: Actor): Answer {
  const opened = await openCart(em, input, actor);
  if (!opened.ok) return opened;
  const wanted = await variantOf(em, input.product, actor);
  if (!wanted.ok) return wanted;
  const { variantId } = wanted.value;
  const sellable = input.available ?? (await sellableOf(em, actor.caller.tenantId, variantId));
  if (sellable === undefined) return err({ code: 'PRODUCT_NOT_FOUND', id: input.product });

  const { cart } = opened.value;
  const quantity = among(cart?.status === 'Active' ? (heldOf(cart, variantId)?.quantity ?? 0) : 0);
  const held = hold({ variantId, ref: input.product, quantity }, sellable);
  if (!held.ok) return held;
  if (!Quantity.safeParse(quantity).success)
    return err({ code: 'INVALID_INPUT', issues: [{ path: 'quantity', message: tooMany }] });
  if (isFull(cart, variantId))
    return err({ code: 'INVALID_INPUT', issues: [{ path: 'product', message: full }] });
  return ok(await store(em, { ...opened.value, item: { ...wanted.value, quantity } }, actor));
}

/** An order has no more lines. */
const itemsMax = 200;
const full = `must be one of the ${itemsMax} products that a cart can hold`;
const isFull = (cart: Cart | null, variantId: string): boolean =>
  cart?.status === 'Active' && cart.items.length >= itemsMax && !heldOf(cart, variantId);
const tooMany = 'makes more than the 1,000,000 pieces that one line can have';
const heldOf = (cart: Cart, variantId: string): CartItem | undefined =>
  cart.items.find((item) => item.variantId === variantId);

type Opened = {
  readonly customer: { readonly id: string; readonly ref: number };
  readonly cart: Cart | null;
};
type Of = { readonly customer: string; readonly expectedVersion?: number | undefined };

/** The customer and their newest cart, locked, if it is the version that the caller believes it to be. */
async function openCart(em: EntityManager, of: Of, actor: Actor): Promise<Result<Opened, Refusal>> {
  const { tenantId } = actor.caller;
  const customer = await customerFor(em, actor, of.customer);
  if (!customer.ok) return customer;
  await queueForCart(em, tenantId, customer.value.id);
  const cart = (await lockCarts(em, tenantId, [customer.value.id])).get(customer.value.id) ?? null;
  if (of.expectedVersion !== undefined && of.expectedVersion !== cart?.version)
    return err({ code: 'VERSION_CONFLICT', currentVersion: cart?.version ?? null });
  return ok({ customer: customer.value, cart });
}

type Named = Pick<CartItem, 'productId' | 'productRef' | 'variantId'>;

/** The variant whose own sku is named, otherwise the default one of the product that is. */
async function variantOf(
  em: EntityManager,
  name: string,
  { caller }: Actor,
): Promise<Result<Named, Refusal>> {
  const nobody = { customers: [], stores: [], addresses: [] };
  const product = (await openDirectory(em, caller.tenantId, [{ ...nobody, products: [name] }])).product(name);
  const variant = product?.variants.find(({ sku }) => sku === name) ?? product?.variants[0];
  if (!product || !variant) return err({ code: 'PRODUCT_NOT_FOUND', id: name });
  return ok({ productId: product.id, productRef: product.ref, variantId: variant.id });
}

/** Writes one item into the active cart, or into a new one, and gives the cart as it is now. */
async function store(
  em: EntityManager,
  { customer, cart, item }: Opened & { readonly item: CartItem },
  { caller, newId, at }: Actor,
): Promise<CartView> {
  const active = cart?.status === 'Active' ? cart : null;
  const head = {
    id: active?.id ?? newId(),
    customerId: customer.id,
    status: 'Active',
    version: (cart?.version ?? 0) + 1,
  } as const;
  await writeCart(em, caller.tenantId, { cart: head, item, at });
  const isSame = (one: CartItem) => one.variantId === item.variantId;
  const before = active?.items ?? [];
  const after = before.some(isSame) ? before.map((one) => (isSame(one) ? item : one)) : [...before, item];
  return { ...head, customerRef: customer.ref, items: after.filter(({ quantity }) => quantity > 0) };
}
