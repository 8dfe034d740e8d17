import { CreateAddress, EditAddress, Named } from '@orderloom/core/inputs';
import { z } from 'zod';
import { ListAsked, PageOf } from '../list.ts';
import { procedure, router } from '../trpc.ts';
import { createAddress, deleteAddress, editAddress } from './change.ts';
import { findAddress, pageOfAddresses } from './read.ts';
import { BookAddressView } from './views.ts';

const readers = { all: 'customers:read', own: 'orders:read_own' } as const;
/** Whoever may order says where to; only what is their own. */
const writers = { all: 'customers:write', own: 'orders:create' } as const;

export const addresses = router({
  page: procedure(readers)
    .input(ListAsked)
    .output(PageOf(BookAddressView))
    .query(({ ctx, input }) => pageOfAddresses(ctx, input)),

  get: procedure(readers)
    .input(Named)
    .output(BookAddressView)
    .query(({ ctx, input }) => findAddress(ctx, input.id)),

  create: procedure(writers)
    .input(CreateAddress)
    .output(BookAddressView)
    .mutation(({ ctx, input }) => ctx.commit((em) => createAddress(em, input, ctx))),

  edit: procedure(writers)
    .input(EditAddress)
    .output(BookAddressView)
    .mutation(({ ctx, input }) => ctx.commit((em) => editAddress(em, input, ctx))),

  remove: procedure(writers)
    .input(EditAddress.pick({ id: true, expectedVersion: true }))
    .output(z.null())
    .mutation(({ ctx, input }) => ctx.commit((em) => deleteAddress(em, input, ctx))),
});
