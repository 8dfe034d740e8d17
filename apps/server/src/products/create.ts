import { err, may, ok, type Result } from '@orderloom/core';
import type { CreateProduct } from '@orderloom/core/inputs';
import {
  type EntityManager,
  firstStore,
  locationIds,
  openDirectory,
  productByName,
  ProductRow,
  type ProductStock,
  writeDeeds,
} from '@orderloom/db';
import { actOf } from '../act.ts';
import type { Refusal } from '../errors.ts';
import { nextRef } from '../next-ref.ts';
import type { Actor } from '../trpc.ts';
import { newVariant, openVariants } from './variants.ts';

/** Nobody and nothing is named. */
export const nobody = { products: [], customers: [], stores: [], addresses: [] };

/** A new product with its default variant and a shelf at every location; what there is lies at the first. */
export async function createProduct(
  em: EntityManager,
  input: CreateProduct,
  actor: Actor,
): Promise<Result<ProductStock, Refusal>> {
  const { caller } = actor;
  if (input.quantity > 0 && !may(caller, 'stock:write'))
    return err({ code: 'FORBIDDEN', scope: 'stock:write' });
  const created = await openProduct(em, input, actor);
  return created.ok && input.quantity > 0
    ? stockUp(em, { product: created.value, quantity: input.quantity }, actor)
    : created;
}

async function openProduct(
  em: EntityManager,
  input: CreateProduct,
  { caller, newId, at }: Actor,
): Promise<Result<ProductStock, Refusal>> {
  const { tenantId } = caller;
  const { sku, variants: asked = [{ sku: input.sku }] } = input;
  const skus = [...new Set([sku, ...asked.map((one) => one.sku)])].filter((word) => word !== undefined);
  const names = { ...nobody, products: skus, stores: [input.store ?? []].flat() };
  const directory = await openDirectory(em, tenantId, [names]);
  if (skus.some((word) => directory.product(word))) return err({ code: 'ALREADY_EXISTS', field: 'sku' });
  const store = input.store === undefined ? await firstStore(em, tenantId) : directory.store(input.store);
  if (!store)
    return input.store === undefined
      ? err({ code: 'INVALID_INPUT', issues: [{ path: 'store', message: storeless }] })
      : err({ code: 'REFERENCE_UNKNOWN', field: 'store', what: 'Store' });

  const isTaken = async (number: number) => {
    if (sku !== undefined) return false;
    const word = `P-${number}`;
    return (await openDirectory(em, tenantId, [{ ...nobody, products: [word] }])).product(word) !== undefined;
  };
  const ref = await nextRef(em, tenantId, { kind: 'product', isTaken });
  const id = newId();
  const row = { tenantId, createdAt: new Date(at), updatedAt: new Date(at) };
  const { name, price: priceMinor, taxClass, active } = input;
  const { currency } = directory.tenant;
  const own = { id, ref, sku: sku ?? `P-${ref}`, name, priceMinor, currency, taxClass, active };
  await em.insert(ProductRow, { ...row, ...own, storeId: store.id, trackStock: true });
  const variants = asked.map((one, position) => newVariant(one, { ...own, position }));
  await openVariants(
    em,
    { tenantId, productId: id, at },
    variants.map((one) => ({ ...one, id: newId() })),
  );
  const stored = await productByName(em, tenantId, id);
  return stored ? ok(stored) : err({ code: 'PRODUCT_NOT_FOUND', id });
}

type Stocking = { readonly product: ProductStock; readonly quantity: number };

/** The first pieces of a new product arrive. */
async function stockUp(
  em: EntityManager,
  { product, quantity }: Stocking,
  actor: Actor,
): Promise<Result<ProductStock, Refusal>> {
  const [first, ...others] = product.variants;
  const [locationId] = await locationIds(em, actor.caller.tenantId);
  if (!first || locationId === undefined)
    return err({ code: 'INVALID_INPUT', issues: [{ path: 'quantity', message: nowhere }] });
  const where = { variantId: first.id, locationId, onHand: quantity };
  await writeDeeds(em, actor.caller.tenantId, [
    {
      ...actOf(actor, 'Opening stock'),
      moves: [{ ...where, kind: 'RECEIVE', lineId: null, reserved: 0 }],
      entries: [],
      events: [{ id: actor.newId(), type: 'stock.received', data: where }],
    },
  ]);
  const stocked = { ...first, onHand: quantity, available: quantity };
  return ok({ ...product, available: quantity, variants: [stocked, ...others] });
}

const nowhere = 'has no place: the shop has no location';
const storeless = 'is needed: the shop has no store';
