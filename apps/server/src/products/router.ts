import {
  CreateProduct,
  EditProduct,
  Named,
  RemoveProduct,
  Search,
  UpdateProduct,
} from '@orderloom/core/inputs';
import { z } from 'zod';
import { ListAsked, PageOf } from '../list.ts';
import { procedure, router } from '../trpc.ts';
import { removeProduct, updateProduct } from './change.ts';
import { createProduct } from './create.ts';
import { editProduct } from './edit.ts';
import { catalogue, findOnSale, findProduct, listProducts, pageOfProducts } from './read.ts';
import { CatalogueEntry, ProductPage, ProductView } from './views.ts';

export const products = router({
  list: procedure('signed-in')
    .input(Search)
    .output(ProductPage)
    .query(({ ctx, input }) => listProducts(ctx, input)),

  /** The same, with how many there are, by every filter and order of the api family. */
  page: procedure('signed-in')
    .input(ListAsked)
    .output(PageOf(ProductView))
    .query(({ ctx, input }) => pageOfProducts(ctx, input)),

  get: procedure('signed-in')
    .input(Named)
    .output(ProductView)
    .query(({ ctx, input }) => findProduct(ctx, input.id)),

  /** Every product that is for sale, by number, as S0-17 lists them. */
  catalogue: procedure('signed-in')
    .output(z.array(CatalogueEntry))
    .query(({ ctx }) => catalogue(ctx)),

  /** One of these, by its number, UUID or sku. */
  onSale: procedure('signed-in')
    .input(Named)
    .output(CatalogueEntry)
    .query(({ ctx, input }) => findOnSale(ctx, input.id)),

  create: procedure({ all: 'products:write' })
    .input(CreateProduct)
    .output(ProductView)
    .mutation(({ ctx, input }) => ctx.commit((em) => createProduct(em, input, ctx))),

  edit: procedure({ all: 'products:write' })
    .input(EditProduct)
    .output(ProductView)
    .mutation(({ ctx, input }) => ctx.commit((em) => editProduct(em, input, ctx))),

  update: procedure({ all: 'products:write' })
    .input(UpdateProduct)
    .output(CatalogueEntry)
    .mutation(({ ctx, input }) => ctx.commit((em) => updateProduct(em, input, ctx))),

  /** Takes a product off sale; orders that hold it stay as they are. */
  remove: procedure({ all: 'products:write' })
    .input(RemoveProduct)
    .output(z.null())
    .mutation(({ ctx, input }) => ctx.commit((em) => removeProduct(em, input, ctx))),
});
