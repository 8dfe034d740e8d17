import { err, may, ok, type Result } from '@orderloom/core';
import type { AddItem, ChangeItem, ItemNamed } from '@orderloom/core/inputs';
import { type EntityManager, type ItemRecord, openDirectory } from '@orderloom/db';
import type { Refusal } from '../../errors.ts';
import type { Actor } from '../../trpc.ts';
import { type ChangedFacts, changeOne } from '../changing/change.ts';
import { lineOf, nowhere } from '../placing/wish.ts';
import type { OrderFacts } from '../views.ts';
import { itemFor } from './read.ts';

type Answer = Promise<Result<ItemRecord, Refusal>>;

/** Adds pieces of a product to an order; those of an item that is there already are added to it. */
export async function addItem(em: EntityManager, input: AddItem, ctx: Actor): Answer {
  const { order: id, expectedVersion, product, variant, unitPrice = null, ...rest } = input;
  const products = [product, variant ?? []].flat();
  const wanted = { products, customers: [], stores: [], addresses: [] };
  const directory = await openDirectory(em, ctx.caller.tenantId, [wanted]);
  const command = {
    type: 'addItem',
    ...lineOf({ product, variant, ...rest }, directory),
    storeId: directory.product(product)?.store.id,
    unitPrice,
    overridePrice: may(ctx.caller, 'orders:override_price'),
  } as const;
  const done = await changeOne(em, { ctx, id, expectedVersion, command });
  if (!done.ok)
    return err(inBody(done.error, directory.product(product) !== undefined && command.variantId === nowhere));
  return itemFor(em, ctx, lineAdded(done.value));
}

/** What the body names and is not there is a fault of the body. */
function inBody(refusal: Refusal, isVariant = false): Refusal {
  if (refusal.code === 'ORDER_NOT_FOUND') return { code: 'REFERENCE_UNKNOWN', field: 'order', what: 'Order' };
  if (refusal.code !== 'PRODUCT_UNKNOWN') return refusal;
  return isVariant
    ? { code: 'REFERENCE_UNKNOWN', field: 'variant', what: 'Variant' }
    : { code: 'REFERENCE_UNKNOWN', field: 'product', what: 'Product' };
}

/** A line of the item that an edit has made larger. */
function lineAdded({ order: { lines }, events }: ChangedFacts): string {
  const [change] = events.flatMap((event) => (event.type === 'order.edited' ? event.changes : []));
  const line = lines.find(({ variantId, quantity }) => variantId === change?.variantId && quantity > 0);
  return change?.lineId ?? line?.id ?? '';
}

/** Changes how many pieces an item is, or what one of them costs. */
export async function changeItem(em: EntityManager, input: ChangeItem, ctx: Actor): Answer {
  const { quantity = null, unitPrice = null } = input;
  const done = await changed(em, { ...input, quantity, unitPrice }, ctx);
  return done.ok ? itemFor(em, ctx, input.id) : done;
}

/** Takes an item out of its order; the last one stays, as an order has at least one. */
export async function removeItem(
  em: EntityManager,
  named: ItemNamed,
  ctx: Actor,
): Promise<Result<null, Refusal>> {
  const done = await changed(em, { ...named, quantity: 0, unitPrice: null }, ctx);
  return done.ok ? ok(null) : done;
}

type Change = ItemNamed & Record<'quantity' | 'unitPrice', number | null>;

async function changed(em: EntityManager, change: Change, ctx: Actor): Promise<Result<OrderFacts, Refusal>> {
  const { id, expectedVersion, quantity, unitPrice } = change;
  const item = await itemFor(em, ctx, id);
  if (!item.ok) return item;
  const command = {
    type: 'changeItem',
    lineId: item.value.id,
    quantity,
    unitPrice,
    overridePrice: may(ctx.caller, 'orders:override_price'),
  } as const;
  return changeOne(em, { ctx, id: item.value.order.id, expectedVersion, command });
}
