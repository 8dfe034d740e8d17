import {
  AllOrders,
  BulkUpdate,
  ChangeOrder,
  CreateDraft,
  EditOrder,
  ListOrders,
  MoveOrder,
  Named,
  type OrderAction,
  PlaceCart,
  PlaceOrder,
  RateOrder,
  RefundOrder,
  RemoveOrder,
  UpdateOrder,
  WithdrawOrder,
} from '@orderloom/core/inputs';
import { ok } from '@orderloom/core';
import type { EntityManager } from '@orderloom/db';
import { z } from 'zod';
import { ListAsked } from '../list.ts';
import { outcome } from '../once.ts';
import { procedure, router } from '../trpc.ts';
import { bulkUpdate, BulkView } from './changing/bulk.ts';
import { commandFor } from './changing/change.ts';
import { change, changeAs } from './changing/changing.ts';
import { changePaid, paidFor } from './payments/payments.ts';
import { createDraft } from './placing/draft.ts';
import { changeAnywhere, editAnywhere, moveAnywhere } from './remotely/edit.ts';
import { withdrawal } from './changing/move.ts';
import { FeedbackView, feedbackView, ratingFor } from './changing/rate.ts';
import { refundFor, removeOrder, updateOrder } from './changing/rewrite.ts';
import {
  allOrders,
  findOrder,
  listOrders,
  myOrders,
  orderOptions,
  orderTimeline,
  pageOfOrders,
  pendingOrders,
  recentOrders,
  sliceOfOrders,
} from './read.ts';
import { EventView } from './timeline.ts';
import {
  EditedView,
  FullOrderPage,
  OrderOptions,
  OrderPage,
  OrderSlice,
  OrderView,
  orderView,
  PlacedView,
  placedView,
} from './views.ts';
import { cartWish } from './placing/wish.ts';

/** What money goes back by; of a card's it is known only when the gateway has answered. */
const givesBack = ({ type }: OrderAction): boolean => type === 'cancelOrder' || type === 'refundOrder';

const wholePages = procedure({ all: 'orders:read_all', own: 'orders:read_own' })
  .input(ListAsked)
  .output(FullOrderPage);

export const orders = router({
  list: procedure({ all: 'orders:read_all', own: 'orders:read_own' })
    .input(ListOrders)
    .output(OrderPage)
    .query(({ ctx, input }) => listOrders(ctx, input)),

  /** Whole orders, drafts only when asked for, with how many there are. */
  page: wholePages.query(({ ctx, input }) => pageOfOrders(ctx, input)),

  /** The caller's own. */
  mine: wholePages.query(({ ctx, input }) => myOrders(ctx, input)),

  /** Those of the last thirty days. */
  recent: wholePages.query(({ ctx, input }) => recentOrders(ctx, input)),

  /** Those that nobody has confirmed yet. */
  pending: wholePages.query(({ ctx, input }) => pendingOrders(ctx, input)),

  /** Whole orders, drafts too, without counting them. */
  slice: procedure({ all: 'orders:read_all', own: 'orders:read_own' })
    .input(ListOrders)
    .output(OrderSlice)
    .query(({ ctx, input }) => sliceOfOrders(ctx, input)),

  /** Every order, newest first, one after the other: read in pages, so that memory stays small. */
  all: procedure({ all: 'orders:read_all', own: 'orders:read_own' })
    .input(AllOrders)
    .query(({ ctx, input }) => allOrders(ctx, input)),

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
    .output(PlacedView)
    .mutation(async ({ ctx, input }) => placedView(outcome(await ctx.parts.placing.place(ctx, input)))),

  /** Places what lies in the customer's cart, and closes the cart. */
  placeCart: procedure({ all: 'orders:create_for_any', own: 'orders:create' })
    .input(PlaceCart)
    .output(PlacedView)
    .mutation(async ({ ctx, input }) =>
      placedView(outcome(await ctx.parts.placing.place(ctx, cartWish(input)))),
    ),

  /** An order without lines: it holds no stock and has no number until it is confirmed. */
  draft: procedure({ all: 'orders:create_for_any', own: 'orders:create' })
    .input(CreateDraft)
    .output(OrderView)
    .mutation(({ ctx, input }) => ctx.commitAs((em) => createDraft(em, input, ctx), orderView)),

  /** Confirm, ship, deliver, cancel …: the command is data, so one procedure serves them all. */
  change: procedure({ all: 'orders:update_all', own: 'orders:update_own' })
    .input(ChangeOrder)
    .output(OrderView)
    .mutation(({ ctx, input }) =>
      givesBack(input.command) ? changePaid(ctx, commandFor(input, ctx)) : changeAnywhere(ctx, input),
    ),

  /** Sets how many pieces of the named products an order has. */
  edit: procedure({ all: 'orders:update_all', own: 'orders:update_own' })
    .input(EditOrder)
    .output(EditedView)
    .mutation(({ ctx, input }) => editAnywhere(ctx, input)),

  /** Writes the lines, the details and the status of an order, all in one version. */
  update: procedure({ all: 'orders:update_all', own: 'orders:update_own' })
    .input(UpdateOrder)
    .output(OrderView)
    .mutation(({ ctx, input }) => {
      const work = (em: EntityManager) => updateOrder(em, input, ctx);
      const isOver = input.status === 'CANCELLED' || input.status === 'REFUNDED';
      return isOver ? paidFor(ctx, work) : ctx.commitAs(work, orderView);
    }),

  /** Gives back pieces of lines, shipping, or a free amount. */
  refund: procedure({ all: 'orders:refund' })
    .input(RefundOrder)
    .output(OrderView)
    .mutation(({ ctx, input }) => changePaid(ctx, ok(refundFor(input, ctx)))),

  /** What the customer thought of an order that has arrived. */
  rate: procedure({ all: 'orders:update_all', own: 'orders:update_own' })
    .input(RateOrder)
    .output(FeedbackView)
    .mutation(({ ctx, input }) => changeAs(ctx, ok(ratingFor(input, ctx)), feedbackView)),

  /** Takes many orders one step further, each for itself. */
  bulkUpdate: procedure({ all: 'bulk:run' })
    .input(BulkUpdate)
    .output(BulkView)
    .mutation(({ ctx, input }) => bulkUpdate(ctx, input)),

  /** Hides an order from every read. */
  remove: procedure({ all: 'orders:delete' })
    .input(RemoveOrder)
    .output(z.null())
    .mutation(({ ctx, input }) => ctx.commit((em) => removeOrder(em, input, ctx))),

  /** Calls an order off before anything has left the house; the same again does nothing. */
  withdraw: procedure({ all: 'orders:update_all', own: 'orders:update_own' })
    .input(WithdrawOrder)
    .output(OrderView)
    .mutation(({ ctx, input }) => change(ctx, ok(withdrawal(input, ctx)))),

  /** Brings an order to a status along the shortest way, all steps at once or none. */
  move: procedure({ all: 'orders:update_all' })
    .input(MoveOrder)
    .output(OrderView)
    .mutation(({ ctx, input }) => moveAnywhere(ctx, input)),
});
