import { err, ok, type Result } from '@orderloom/core';
import type { EditProduct } from '@orderloom/core/inputs';
import {
  changeRow,
  type EntityManager,
  firstStore,
  openDirectory,
  productByName,
  type ProductStock,
  writeDeeds,
} from '@orderloom/db';
import { actOf } from '../act.ts';
import type { Refusal } from '../errors.ts';
import { hold } from '../hold.ts';
import type { Actor } from '../trpc.ts';
import { nobody } from './create.ts';
import { variantsOf } from './edit-variants.ts';
import { openVariants } from './variants.ts';

type Answer = Promise<Result<ProductStock, Refusal>>;

/** Changes what is asked for of a product and its variants; stock is counted elsewhere. */
export async function editProduct(em: EntityManager, input: EditProduct, actor: Actor): Answer {
  const { tenantId } = actor.caller;
  const { id, expectedVersion } = input;
  const missing = { code: 'PRODUCT_NOT_FOUND', id } as const;
  const find = () => productByName(em, tenantId, id);
  const held = await hold(em, actor, { table: 'products', find, missing, expectedVersion });
  if (!held.ok) return held;
  const columns = await columnsOf(em, { product: held.value, input }, actor);
  if (!columns.ok) return columns;
  const { name = held.value.name, sku = held.value.sku } = columns.value;
  const variants = variantsOf(held.value, input, { name, sku });
  if (!variants.ok) return variants;
  const { added, changed } = variants.value;

  const of = { tenantId, productId: held.value.id, at: actor.at };
  for (const one of changed) await changeRow(em, 'variants', { ...of, ...one });
  await openVariants(
    em,
    of,
    added.map((one) => ({ ...one, id: actor.newId() })),
  );
  const all =
    changed.length + added.length > 0 ? { active: held.value.active, ...columns.value } : columns.value;
  await write(em, { id: of.productId, columns: all }, actor);
  const stored = await productByName(em, tenantId, of.productId);
  return stored ? ok(stored) : err(missing);
}

type Editing = { readonly product: ProductStock; readonly input: EditProduct };
type Columns = {
  readonly name?: string;
  readonly sku?: string;
  readonly price_minor?: number;
  readonly store_id?: string;
  readonly active?: boolean;
};

/** The columns that become something else; what is given as it is already is left out. */
async function columnsOf(
  em: EntityManager,
  { product, input }: Editing,
  { caller }: Actor,
): Promise<Result<Columns, Refusal>> {
  const { tenantId } = caller;
  const sku = input.sku === null ? `P-${product.ref}` : (input.sku ?? product.sku);
  const own = (input.variants ?? []).map((one) => one.sku).filter((word) => word !== undefined);
  const names = { ...nobody, products: [sku, ...own], stores: [input.store ?? []].flat() };
  const directory = await openDirectory(em, tenantId, [names]);
  const isTaken = (word: string) => (directory.product(word)?.id ?? product.id) !== product.id;
  if ([sku, ...own].some(isTaken)) return err({ code: 'ALREADY_EXISTS', field: 'sku' });
  const store = input.store === null ? await firstStore(em, tenantId) : directory.store(input.store ?? '');
  if (typeof input.store === 'string' && !store)
    return err({ code: 'REFERENCE_UNKNOWN', field: 'store', what: 'Store' });
  const wanted = {
    name: input.name ?? product.name,
    sku,
    price_minor: input.price ?? product.price,
    store_id: store?.id ?? product.store.id,
    active: input.active ?? product.active,
  };
  return ok({
    ...(wanted.name === product.name ? {} : { name: wanted.name }),
    ...(sku === product.sku ? {} : { sku }),
    ...(wanted.price_minor === product.price ? {} : { price_minor: wanted.price_minor }),
    ...(wanted.store_id === product.store.id ? {} : { store_id: wanted.store_id }),
    ...(wanted.active === product.active ? {} : { active: wanted.active }),
  });
}

type Writing = { readonly id: string; readonly columns: Columns };

/** The new row, and what history keeps of it. */
async function write(em: EntityManager, { id, columns }: Writing, actor: Actor): Promise<void> {
  const { tenantId } = actor.caller;
  if (Object.keys(columns).length === 0) return;
  await changeRow(em, 'products', { tenantId, id, at: actor.at, columns });
  const events = [{ id: actor.newId(), type: 'product.updated', data: { productId: id, ...columns } }];
  await writeDeeds(em, tenantId, [{ ...actOf(actor, null), moves: [], entries: [], events }]);
}
