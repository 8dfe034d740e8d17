import {
  CreateCustomer,
  EditCustomer,
  HistoryOf,
  Named,
  Ref,
  Search,
  TopUpBalance,
} from '@orderloom/core/inputs';
import { z } from 'zod';
import { ListAsked, PageOf } from '../list.ts';
import { procedure, router } from '../trpc.ts';
import { createCustomer } from './create.ts';
import { editCustomer } from './edit.ts';
import {
  allCustomers,
  customerAddresses,
  customerLedger,
  findCustomer,
  listCustomers,
  pageOfCustomers,
  pageOfLedger,
} from './read.ts';
import { topUpBalance } from './top-up.ts';
import { AddressView, CustomerPage, CustomerView, LedgerPage, LedgerRow } from './views.ts';

const readers = { all: 'customers:read', own: 'orders:read_own' } as const;

export const customers = router({
  list: procedure(readers)
    .input(Search)
    .output(CustomerPage)
    .query(({ ctx, input }) => listCustomers(ctx, input)),

  /** The same, with how many there are, by every order of the api family. */
  page: procedure(readers)
    .input(ListAsked)
    .output(PageOf(CustomerView))
    .query(({ ctx, input }) => pageOfCustomers(ctx, input)),

  ledgerPage: procedure(readers)
    .input(ListAsked.extend({ id: Ref }))
    .output(PageOf(LedgerRow))
    .query(({ ctx, input }) => pageOfLedger(ctx, input)),

  /** Every customer, by number, as S0-15 lists them; a customer sees only itself. */
  all: procedure(readers)
    .output(z.array(CustomerView))
    .query(({ ctx }) => allCustomers(ctx)),

  get: procedure(readers)
    .input(Named)
    .output(CustomerView)
    .query(({ ctx, input }) => findCustomer(ctx, input.id)),

  addresses: procedure(readers)
    .input(Named)
    .output(z.array(AddressView))
    .query(({ ctx, input }) => customerAddresses(ctx, input.id)),

  /** The movements of the balance, newest first. */
  ledger: procedure(readers)
    .input(HistoryOf)
    .output(LedgerPage)
    .query(({ ctx, input }) => customerLedger(ctx, input)),

  create: procedure({ all: 'customers:write' })
    .input(CreateCustomer)
    .output(CustomerView)
    .mutation(({ ctx, input }) => ctx.commit((em) => createCustomer(em, input, ctx))),

  edit: procedure({ all: 'customers:write' })
    .input(EditCustomer)
    .output(CustomerView)
    .mutation(({ ctx, input }) => ctx.commit((em) => editCustomer(em, input, ctx))),

  topUp: procedure({ all: 'balance:write' })
    .input(TopUpBalance)
    .output(CustomerView)
    .mutation(({ ctx, input }) => ctx.commit((em) => topUpBalance(em, input, ctx))),
});
