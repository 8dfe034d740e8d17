import { AdjustStock, HistoryOf, Named, ReceiveStock } from '@orderloom/core/inputs';
import { z } from 'zod';
import { procedure, router } from '../trpc.ts';
import { adjustStock, receiveStock } from './change.ts';
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

  adjust: procedure({ all: 'stock:write' })
    .input(AdjustStock)
    .output(LevelView)
    .mutation(({ ctx, input }) => ctx.commit((em) => adjustStock(em, input, ctx))),
});
