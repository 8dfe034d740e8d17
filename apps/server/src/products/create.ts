import { err, may, ok, type Result } from '@orderloom/core';
import type { CreateProduct } from '@orderloom/core/inputs';
import {
  type EntityManager,
  firstStore,
  locationIds,
  openDirectory,
  openLevels,
  ProductRow,
  type ProductStock,
  VariantRow,
  writeDeeds,
} from '@orderloom/db';
import { actOf } from '../act.ts';
import type { Refusal } from '../errors.ts';
import { nextRef } from '../next-ref.ts';
import type { Actor } from '../trpc.ts';

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
  const nobody = { products: [], customers: [], stores: [], addresses: [] };
  const names = { ...nobody, products: [input.sku ?? []].flat(), stores: [input.store ?? []].flat() };
  const directory = await openDirectory(em, tenantId, [names]);
  if (input.sku !== undefined && directory.product(input.sku))
    return err({ code: 'ALREADY_EXISTS', field: 'sku' });
  const store = input.store === undefined ? await firstStore(em, tenantId) : directory.store(input.store);
  if (!store)
    return input.store === undefined
      ? err({ code: 'INVALID_INPUT', issues: [{ path: 'store', message: storeless }] })
      : err({ code: 'REFERENCE_UNKNOWN', field: 'store', what: 'Store' });

  const { name, price, taxClass, sku } = input;
  const product = { id: newId(), name, price, taxClass, sku, store, currency: directory.tenant.currency };
  const isTaken = async (number: number) => {
    if (sku !== undefined) return false;
    const word = `P-${number}`;
    return (await openDirectory(em, tenantId, [{ ...nobody, products: [word] }])).product(word) !== undefined;
  };
  const ref = await nextRef(em, tenantId, { kind: 'product', isTaken });
  return ok(await storeProduct(em, product, { tenantId, at, ref, variantId: newId() }));
}

type NewProduct = Pick<CreateProduct, 'name' | 'price' | 'taxClass' | 'sku'> &
  Pick<ProductStock, 'id' | 'store' | 'currency'>;
type Around = {
  readonly tenantId: string;
  readonly at: string;
  readonly ref: number;
  readonly variantId: string;
};

async function storeProduct(
  em: EntityManager,
  { id, name, price, taxClass, store, currency, sku: given }: NewProduct,
  { tenantId, at, ref, variantId }: Around,
): Promise<ProductStock> {
  const sku = given ?? `P-${ref}`;
  const row = { tenantId, sku, name, createdAt: new Date(at), updatedAt: new Date(at) };
  const priced = { priceMinor: price, currency, taxClass, trackStock: true, active: true };
  await em.insert(ProductRow, { ...row, ...priced, id, ref, storeId: store.id });
  const first = { id: variantId, productId: id, options: {}, priceMinor: null, position: 0 };
  await em.insert(VariantRow, { ...row, ...first });
  const keys = (await locationIds(em, tenantId)).map((locationId) => ({ variantId, locationId }));
  await openLevels(em, tenantId, { keys, at });
  const variants = [{ id: variantId, sku, name, options: {}, price, onHand: 0, reserved: 0, available: 0 }];
  const active = true;
  return {
    id,
    ref,
    sku,
    name,
    store,
    price,
    currency,
    active,
    available: 0,
    variants,
    createdAt: at,
    updatedAt: at,
  };
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
