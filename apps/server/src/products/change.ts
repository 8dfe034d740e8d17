import { err, may, ok, type Result, spread } from '@orderloom/core';
import type { RemoveProduct, UpdateProduct } from '@orderloom/core/inputs';
import {
  catalogueRow,
  type CatalogueRow,
  type EntityManager,
  levelsOfVariant,
  lockOnSale,
  writeDeeds,
  writeProduct,
} from '@orderloom/db';
import { actOf } from '../act.ts';
import type { Refusal } from '../errors.ts';
import type { Actor } from '../trpc.ts';
import type { CatalogueEntry } from './views.ts';

/** Changes the name, the price and what can be sold; what is as wanted already is not touched. */
export async function updateProduct(
  em: EntityManager,
  input: UpdateProduct,
  actor: Actor,
): Promise<Result<CatalogueEntry, Refusal>> {
  const { tenantId } = actor.caller;
  if (input.quantity !== undefined && !may(actor.caller, 'stock:write'))
    return err({ code: 'FORBIDDEN', scope: 'stock:write' });
  const locked = await findLocked(em, input, actor);
  if (!locked.ok) return locked;
  const product = locked.value;
  await rename(em, { product, input }, actor);
  const counted = await count(em, { product, quantity: input.quantity ?? product.available }, actor);
  if (!counted.ok) return counted;
  return ok((await catalogueRow(em, tenantId, product.id)) ?? product);
}

/** Takes a product off sale. */
export async function removeProduct(
  em: EntityManager,
  input: RemoveProduct,
  actor: Actor,
): Promise<Result<null, Refusal>> {
  const locked = await findLocked(em, input, actor);
  if (!locked.ok) return locked;
  const { id } = locked.value;
  await write(em, { id, name: null, price: null, active: false }, actor);
  return ok(null);
}

/** The product, locked with its stock, if it is the version that the caller believes it to be. */
async function findLocked(
  em: EntityManager,
  { id, expectedVersion }: RemoveProduct,
  { caller }: Actor,
): Promise<Result<CatalogueRow, Refusal>> {
  const product = await lockOnSale(em, caller.tenantId, id);
  if (!product) return err({ code: 'PRODUCT_NOT_FOUND', id });
  return expectedVersion !== undefined && expectedVersion !== product.version
    ? err({ code: 'VERSION_CONFLICT', currentVersion: product.version })
    : ok(product);
}

type Renaming = { readonly product: CatalogueRow; readonly input: UpdateProduct };

async function rename(em: EntityManager, { product, input }: Renaming, actor: Actor): Promise<void> {
  const name = input.name === undefined || input.name === product.name ? null : input.name;
  const price = input.price === undefined || input.price === product.price ? null : input.price;
  if (name !== null || price !== null) await write(em, { id: product.id, name, price, active: true }, actor);
}

type Change = Omit<Parameters<typeof writeProduct>[2], 'at'>;

/** A change of a product and what history keeps of it. */
async function write(em: EntityManager, change: Change, actor: Actor): Promise<void> {
  const { tenantId } = actor.caller;
  await writeProduct(em, tenantId, { ...change, at: actor.at });
  const { id: productId, name, price, active } = change;
  const type = active ? 'product.updated' : 'product.removed';
  const data = { productId, ...(name === null ? {} : { name }), ...(price === null ? {} : { price }) };
  const events = [{ id: actor.newId(), type, data }];
  await writeDeeds(em, tenantId, [{ ...actOf(actor, null), moves: [], entries: [], events }]);
}

type Counting = { readonly product: CatalogueRow; readonly quantity: number };

/** Adjusts the stock until `quantity` can be sold: nothing that is promised to orders is touched. */
async function count(
  em: EntityManager,
  { product: { variantId, available }, quantity }: Counting,
  actor: Actor,
): Promise<Result<null, Refusal>> {
  const { tenantId } = actor.caller;
  if (quantity === available) return ok(null);
  const levels = await levelsOfVariant(em, tenantId, variantId);
  const [first] = levels;
  const most = first ? onHandMax - first.onHand : 0;
  if (quantity - available > most)
    return err({ code: 'INVALID_INPUT', issues: [{ path: 'quantity', message: tooMuch }] });
  const changes = spread(levels, quantity - available).map((one) => ({ ...one, variantId }));
  await writeDeeds(em, tenantId, [
    {
      ...actOf(actor, `Set to ${quantity} for sale`),
      moves: changes.map((one) => ({ ...one, kind: 'ADJUST', lineId: null, reserved: 0 })),
      entries: [],
      events: changes.map((data) => ({ id: actor.newId(), type: 'stock.adjusted', data })),
    },
  ]);
  return ok(null);
}

/** What the column holds. */
const onHandMax = 2_147_483_647;
const tooMuch = `makes more than the ${onHandMax} pieces that one place can hold`;
