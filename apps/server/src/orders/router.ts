import { ChangeOrder, ListOrders, Named, PlaceOrder } from '@orderloom/core/inputs';
import { z } from 'zod';
import { orThrow } from '../errors.ts';
import { procedure, router } from '../trpc.ts';
import { changeOrder } from './change.ts';
import { findOrder, listOrders, orderOptions, orderTimeline, pageOrders } from './read.ts';
import { EventView, FullOrderPage, OrderOptions, OrderPage, OrderView, orderView } from './views.ts';

export const orders = router({
  list: procedure({ all: 'orders:read_all', own: 'orders:read_own' })
    .input(ListOrders)
    .output(OrderPage)
    .query(({ ctx, input }) => listOrders(ctx, input)),

  /** Whole orders, drafts only when asked for, with how many there are. */
  page: procedure({ all: 'orders:read_all', own: 'orders:read_own' })
    .input(ListOrders)
    .output(FullOrderPage)
    .query(({ ctx, input }) => pageOrders(ctx, input)),

  get: procedure({ all: 'orders:read_all', own: 'orders:read_own' })
    .input(Named)
    .output(OrderView)
    .query(async ({ ctx, input }) => orderView(await findOrder(ctx, input.id))),

  /** What happened to an order, newest first, with who did it. */
  timeline: procedure({ all: 'orders:read_all', own: 'orders:read_own' })
    .input(Named)
    .output(z.array(EventView))
    .query(({ ctx, input }) => orderTimeline(ctx, input.id)),

  /** What an order may choose from: the tenant's shipping methods and their prices. */
  options: procedure({ all: 'orders:create_for_any', own: 'orders:create' })
    .output(OrderOptions)
    .query(({ ctx }) => orderOptions(ctx)),

  place: procedure({ all: 'orders:create_for_any', own: 'orders:create' })
    .input(PlaceOrder)
    .output(OrderView)
    .mutation(async ({ ctx, input }) => orderView(orThrow(await ctx.parts.placing.place(ctx, input)))),

  /** Confirm, ship, deliver, cancel …: the command is data, so one procedure serves them all. */
  change: procedure({ all: 'orders:update_all', own: 'orders:update_own' })
    .input(ChangeOrder)
    .output(OrderView)
    .mutation(async ({ ctx, input }) => orderView(await ctx.commit((em) => changeOrder(em, input, ctx)))),
});
