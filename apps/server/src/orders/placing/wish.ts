import { type Address, err, may, ok, type PlaceRequest, type Result } from '@orderloom/core';
import { type PlaceCart, type PlaceOrder, quantityMax } from '@orderloom/core/inputs';
import type { Cart, Directory, ProductName, Wanted } from '@orderloom/db';
import type { Refusal } from '../../errors.ts';
import type { Haul } from '../../remote.ts';
import type { Actor } from '../../trpc.ts';

/** What somebody wants to order; without items it is what lies in the customer's cart. */
export type Wished = Omit<PlaceOrder, 'items'> & { readonly items: PlaceOrder['items'] | 'cart' };

/** Wishes for what lies in a customer's cart. */
export const cartWish = ({ customer }: PlaceCart): Wished => ({
  customer,
  items: 'cart',
  onShortage: 'reject',
  settle: 'later',
});

/** One caller's wish, and what was taken for it in a catalogue of somebody else. */
export type Wish = { readonly ctx: Actor; readonly asked: Wished; readonly haul?: Haul };

/** Everything that the wishes of a batch name, and the carts they order from. */
export type Around = { readonly directory: Directory; readonly carts: ReadonlyMap<string, Cart> };

/** The names in a wish, to be looked up together with those of its neighbours. */
export const wantedBy = ({ asked, ctx }: Wish): Wanted => ({
  products: itemsOf(asked).flatMap(({ product, variant }) =>
    variant === undefined ? [product] : [product, variant],
  ),
  customers: [asked.customer ?? ctx.caller.customerId ?? []].flat(),
  stores: [asked.store ?? []].flat(),
  addresses: [asked.shippingAddress ?? [], asked.billingAddress ?? []].flat(),
});

const itemsOf = ({ items }: Wished): PlaceOrder['items'] => (items === 'cart' ? [] : items);

/** A wish in core's words, and the cart it empties. */
export type Asked = { readonly ctx: Actor; readonly request: PlaceRequest; readonly cartId: string | null };

/** The wish in core's words, or what it names that is not there or not the caller's. */
export function requestOf({ ctx, asked }: Wish, around: Around): Result<Asked, Refusal> {
  const { directory } = around;
  const customerId = customerOf({ ctx, asked }, directory);
  if (!customerId.ok) return customerId;
  const storeId = asked.store === undefined ? null : (directory.store(asked.store)?.id ?? undefined);
  if (storeId === undefined) return err({ code: 'REFERENCE_UNKNOWN', field: 'store', what: 'Store' });
  const shippingAddress = addressOf(asked.shippingAddress, customerId.value, directory);
  if (shippingAddress === undefined) return unknownAddress('shippingAddress');
  const billingAddress = addressOf(asked.billingAddress, customerId.value, directory);
  if (billingAddress === undefined) return unknownAddress('billingAddress');
  const source = linesOf(asked, customerId.value, around);
  if (!source.ok) return source;

  const { origin } = ctx;
  const { lines } = source.value;
  const excess = origin === 'service' ? excessIn(lines) : null;
  if (excess) return err(excess);
  const payFromBalance = asked.settle === 'balance';
  const request: PlaceRequest = {
    id: ctx.newId(),
    at: ctx.at,
    origin,
    customerId: customerId.value,
    userId: ctx.caller.principalId,
    storeId,
    // In the service family lines of one product are one line from then on.
    lines: origin === 'service' ? addedUp(lines) : lines,
    onShortage: asked.onShortage,
    overridePrice: may(ctx.caller, 'orders:override_price'),
    discount: 0,
    charged: origin !== 'balance' && origin !== 'service',
    payFromBalance,
    paymentMethod: asked.paymentMethod ?? null,
    shippingMethod: asked.shippingMethod ?? null,
    shippingAddress,
    billingAddress,
    notes: asked.notes ?? null,
  };
  return ok({ ctx, request, cartId: source.value.cartId });
}

/** A customer orders for itself and for nobody else; staff for whom they name, or for nobody. */
export function customerOf(
  { ctx, asked }: { readonly ctx: Actor; readonly asked: Pick<Wished, 'customer'> },
  directory: Directory,
): Result<string | null, Refusal> {
  if (asked.customer === undefined) return ok(ctx.caller.customerId);
  const id = directory.customer(asked.customer)?.id;
  return id !== undefined && (ctx.reach === 'all' || id === ctx.caller.customerId)
    ? ok(id)
    : err({ code: 'REFERENCE_UNKNOWN', field: 'customer', what: 'Customer' });
}

/** A copy of the address, `null` when none is named, `undefined` when it is not this customer's. */
function addressOf(
  id: string | undefined,
  customerId: string | null,
  directory: Directory,
): Address | null | undefined {
  if (id === undefined) return null;
  const found = directory.address(id);
  if (!found || found.customerId !== customerId) return undefined;
  const { customerId: _, ...address } = found;
  return address;
}

const unknownAddress = (field: string) => err({ code: 'REFERENCE_UNKNOWN' as const, field, what: 'Address' });

type Source = { readonly lines: PlaceRequest['lines']; readonly cartId: string | null };

/** The lines as they were asked for, or those of the cart, which must not be empty (S3-24). */
function linesOf(
  { items }: Wished,
  customerId: string | null,
  { directory, carts }: Around,
): Result<Source, Refusal> {
  if (items !== 'cart') {
    const lines = items.map((item) => ({ ...lineOf(item, directory), unitPrice: item.unitPrice ?? null }));
    return ok({ lines, cartId: null });
  }
  const cart = customerId === null ? undefined : carts.get(customerId);
  if (!cart || cart.status !== 'Active' || cart.items.length === 0) return err({ code: 'CART_EMPTY' });
  const lines = cart.items.map(({ variantId, productRef, quantity }) => ({
    variantId,
    ref: String(productRef),
    quantity,
    unitPrice: null,
  }));
  return ok({ lines, cartId: cart.id });
}

type Counted = { readonly variantId: string; readonly ref: string; readonly quantity: number };

const meant = ({ variantId, ref }: Counted): string => (variantId === nowhere ? ref : variantId);

/** Lines of one variant that are more together than one line may be: the one that is too many. */
export function excessIn(lines: readonly Counted[]): Refusal | null {
  const sums = new Map<string, number>();
  for (const [line, one] of lines.entries()) {
    const sum = one.quantity + (sums.get(meant(one)) ?? 0);
    if (sum > quantityMax) return excessAt(line);
    sums.set(meant(one), sum);
  }
  return null;
}

export const excessAt = (line: number): Refusal => ({
  code: 'INVALID_INPUT',
  issues: [
    { path: `items.${line}.quantity`, message: `must be at most ${quantityMax} of a product together` },
  ],
});

/** Lines of one variant, added up where the first of them stands. */
function addedUp(lines: PlaceRequest['lines']): PlaceRequest['lines'] {
  const groups = Map.groupBy(lines, meant);
  return [...groups.values()].flatMap((all) => {
    const quantity = all.reduce((pieces, line) => pieces + line.quantity, 0);
    return all.slice(0, 1).map((line) => ({ ...line, quantity }));
  });
}

/** Core refuses a variant that the shelf does not know: `nowhere` is never on it. */
export const nowhere = 'no such variant';

type Item = Pick<PlaceOrder['items'][number], 'product' | 'variant' | 'quantity'>;

/** The variant that an item names: its own, or the product's default one. */
export function lineOf({ product: name, variant, quantity }: Item, directory: Directory) {
  const product = directory.product(name);
  return { variantId: variantOf(product, name, variant) ?? nowhere, ref: name, quantity };
}

function variantOf(
  product: ProductName | undefined,
  name: string,
  variant: string | undefined,
): string | undefined {
  const wanted = variant?.toLowerCase() ?? name.toLowerCase();
  const named = product?.variants.find(({ id, sku }) => id === wanted || sku.toLowerCase() === wanted);
  return (named ?? (variant === undefined ? product?.variants[0] : undefined))?.id;
}
