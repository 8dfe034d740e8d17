import { err, ok, type Result } from '@orderloom/core';
import type { CreateProduct } from '@orderloom/core/inputs';
import {
  type EntityManager,
  firstStore,
  locationIds,
  openDirectory,
  openLevels,
  ProductRow,
  type ProductStock,
  takeSerials,
  VariantRow,
} from '@orderloom/db';
import type { Refusal } from '../errors.ts';
import type { Actor } from '../trpc.ts';

/** A new product with its default variant and an empty shelf at every location. */
export async function createProduct(
  em: EntityManager,
  input: CreateProduct,
  { caller, newId, at }: Actor,
): Promise<Result<ProductStock, Refusal>> {
  const { tenantId } = caller;
  const names = {
    products: [input.sku ?? []].flat(),
    customers: [],
    stores: [input.store ?? []].flat(),
    addresses: [],
  };
  const directory = await openDirectory(em, tenantId, [names]);
  if (input.sku !== undefined && directory.product(input.sku))
    return err({ code: 'ALREADY_EXISTS', field: 'sku' });
  const store = input.store === undefined ? await firstStore(em, tenantId) : directory.store(input.store);
  if (!store) return err({ code: 'REFERENCE_UNKNOWN', field: 'store', what: 'Store' });

  const ref = (await takeSerials(em, tenantId, new Map([['product', 1]]))).get('product') ?? 1;
  const { name, price, taxClass } = input;
  const { currency } = directory.tenant;
  const now = new Date(at);
  const times = { createdAt: now, updatedAt: now };
  const sku = input.sku ?? `P-${ref}`;
  const id = newId();
  const variant = { id: newId(), sku, name, options: {} };
  const priced = { priceMinor: price, currency, taxClass, trackStock: true, active: true };
  em.create(ProductRow, { tenantId, id, ref, sku, name, storeId: store.id, ...priced, ...times });
  await em.flush();
  em.create(VariantRow, { tenantId, ...variant, productId: id, position: 0, priceMinor: null, ...times });
  await em.flush();
  const keys = (await locationIds(em, tenantId)).map((locationId) => ({ variantId: variant.id, locationId }));
  await openLevels(em, tenantId, { keys, at });
  const empty = { onHand: 0, reserved: 0, available: 0 };
  const variants = [{ ...variant, price, ...empty }];
  const kept = { id, ref, sku, name, store, price, currency, active: true, available: 0 };
  return ok({ ...kept, variants, createdAt: at, updatedAt: at });
}
