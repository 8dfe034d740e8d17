import type { Search } from '@orderloom/core/inputs';
import {
  catalogueRow,
  type CatalogueRow,
  catalogueRows,
  productByName,
  productList,
  productsList,
  type ProductStock,
} from '@orderloom/db';
import { refuse } from '../errors.ts';
import { type ListAsked, listPage } from '../list.ts';
import { pageOf } from '../page.ts';
import type { Acting } from '../trpc.ts';

/** A page of products by name. */
export const listProducts = (ctx: Acting, { limit, cursor, search }: Search) =>
  ctx.read((em) =>
    pageOf(ctx, {
      key: { list: 'products', filters: { search } },
      limit,
      cursor,
      fetch: (slice) => productList(em, ctx.caller.tenantId, { ...slice, search }),
      position: ({ name, id }) => ({ at: name, id }),
    }),
  );

/** A page of products as the api family lists them. */
export const pageOfProducts = (ctx: Acting, asked: ListAsked) =>
  listPage<ProductStock>(ctx, productsList, { asked });

/** The product that a ref, UUID or sku names. */
export async function findProduct(ctx: Acting, name: string) {
  const product = await ctx.read((em) => productByName(em, ctx.caller.tenantId, name));
  if (!product) throw refuse({ code: 'PRODUCT_NOT_FOUND', id: name });
  return product;
}

/** Every active product, by ref. */
export const catalogue = (ctx: Acting): Promise<CatalogueRow[]> =>
  ctx.read((em) => catalogueRows(em, ctx.caller.tenantId));

/** The product for sale that a ref, UUID or sku names. */
export async function findOnSale(ctx: Acting, name: string): Promise<CatalogueRow> {
  const product = await ctx.read((em) => catalogueRow(em, ctx.caller.tenantId, name));
  if (!product) throw refuse({ code: 'PRODUCT_NOT_FOUND', id: name });
  return product;
}
