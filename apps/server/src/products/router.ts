import { CreateProduct, Named, Search } from '@orderloom/core/inputs';
import { z } from 'zod';
import { procedure, router } from '../trpc.ts';
import { createProduct } from './create.ts';
import { catalogue, findProduct, listProducts } from './read.ts';
import { CatalogueEntry, ProductPage, ProductView } from './views.ts';

export const products = router({
  list: procedure('signed-in')
    .input(Search)
    .output(ProductPage)
    .query(({ ctx, input }) => listProducts(ctx, input)),

  get: procedure('signed-in')
    .input(Named)
    .output(ProductView)
    .query(({ ctx, input }) => findProduct(ctx, input.id)),

  /** Every product that is for sale, by number, as S0-17 lists them. */
  catalogue: procedure('signed-in')
    .output(z.array(CatalogueEntry))
    .query(({ ctx }) => catalogue(ctx)),

  create: procedure({ all: 'products:write' })
    .input(CreateProduct)
    .output(ProductView)
    .mutation(({ ctx, input }) => ctx.commit((em) => createProduct(em, input, ctx))),
});
