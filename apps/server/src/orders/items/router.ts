import { AddItem, ChangeItem, ItemNamed, Ref } from '@orderloom/core/inputs';
import { z } from 'zod';
import { ListAsked, PageOf } from '../../list.ts';
import { procedure, router } from '../../trpc.ts';
import { addItem, changeItem, removeItem } from './change.ts';
import { findItem, itemsOfOrder, pageOfItems } from './read.ts';
import { ItemRecord } from './views.ts';

const readers = { all: 'orders:read_all', own: 'orders:read_own' } as const;
const writers = { all: 'orders:update_all', own: 'orders:update_own' } as const;

/** The items of orders, each by itself; whatever changes one is an edit of its order. */
export const items = router({
  page: procedure(readers)
    .input(ListAsked)
    .output(PageOf(ItemRecord))
    .query(({ ctx, input }) => pageOfItems(ctx, input)),

  ofOrder: procedure(readers)
    .input(ListAsked.extend({ order: Ref }))
    .output(PageOf(ItemRecord))
    .query(({ ctx, input }) => itemsOfOrder(ctx, input)),

  get: procedure(readers)
    .input(ItemNamed.omit({ expectedVersion: true }))
    .output(ItemRecord)
    .query(({ ctx, input }) => findItem(ctx, input.id)),

  add: procedure(writers)
    .input(AddItem)
    .output(ItemRecord)
    .mutation(({ ctx, input }) => ctx.commit((em) => addItem(em, input, ctx))),

  change: procedure(writers)
    .input(ChangeItem)
    .output(ItemRecord)
    .mutation(({ ctx, input }) => ctx.commit((em) => changeItem(em, input, ctx))),

  remove: procedure(writers)
    .input(ItemNamed)
    .output(z.null())
    .mutation(({ ctx, input }) => ctx.commit((em) => removeItem(em, input, ctx))),
});
