import {
  AdjustProduct,
  AdjustStock,
  HistoryOf,
  Named,
  ReceiveProduct,
  ReceiveStock,
} from '@orderloom/core/inputs';
import { z } from 'zod';
import { ProductView } from '../products/views.ts';
import { procedure, router } from '../trpc.ts';
import { adjustStock, receiveStock } from './change.ts';
import { countProduct } from './product.ts';
import { stockLevels, stockMovements } from './read.ts';
import { LevelView, MovementPage } from './views.ts';

export const stock = router({
  /** What lies where, for every variant of a product. */
  levels: procedure({ all: 'stock:read' })
    .input(Named)
    .output(z.array(LevelView))
    .query(({ ctx, input }) => stockLevels(ctx, input.id)),

  /** Every movement of a product's variants, newest first. */
  movements: procedure({ all: 'stock:read' })
    .input(HistoryOf)
    .output(MovementPage)
    .query(({ ctx, input }) => stockMovements(ctx, input)),

  receive: procedure({ all: 'stock:write' })
    .input(ReceiveStock)
    .output(LevelView)
    .mutation(({ ctx, input }) => ctx.commit((em) => receiveStock(em, input, ctx))),

  receiveProduct: procedure({ all: 'stock:write' })
    .input(ReceiveProduct)
    .output(ProductView)
    .mutation(({ ctx, input }) => ctx.commit((em) => countProduct(em, input, ctx))),

  adjustProduct: procedure({ all: 'stock:write' })
    .input(AdjustProduct)
    .output(ProductView)
    .mutation(({ ctx, input }) => ctx.commit((em) => countProduct(em, input, ctx))),

  adjust: procedure({ all: 'stock:write' })
    .input(AdjustStock)
    .output(LevelView)
    .mutation(({ ctx, input }) => ctx.commit((em) => adjustStock(em, input, ctx))),
});
