import { CreateStore, EditStore, Named } from '@orderloom/core/inputs';
import { storeByName, type StoreLine, storesList } from '@orderloom/db';
import { refuse } from '../errors.ts';
import { ListAsked, listPage, PageOf } from '../list.ts';
import { procedure, router } from '../trpc.ts';
import { createStore, editStore } from './change.ts';
import { StoreView } from './views.ts';

export const stores = router({
  page: procedure('signed-in')
    .input(ListAsked)
    .output(PageOf(StoreView))
    .query(({ ctx, input }) => listPage<StoreLine>(ctx, storesList, { asked: input })),

  get: procedure('signed-in')
    .input(Named)
    .output(StoreView)
    .query(async ({ ctx, input: { id } }) => {
      const store = await ctx.read((em) => storeByName(em, ctx.caller.tenantId, id));
      if (!store) throw refuse({ code: 'STORE_NOT_FOUND', id });
      return store;
    }),

  create: procedure({ all: 'stores:write' })
    .input(CreateStore)
    .output(StoreView)
    .mutation(({ ctx, input }) => ctx.commit((em) => createStore(em, input, ctx))),

  edit: procedure({ all: 'stores:write' })
    .input(EditStore)
    .output(StoreView)
    .mutation(({ ctx, input }) => ctx.commit((em) => editStore(em, input, ctx))),
});
