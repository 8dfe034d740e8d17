import { err } from '@orderloom/core';
import { Id, Named } from '@orderloom/core/inputs';
import { everyCustomer, loadOrders } from '@orderloom/db';
import { initTRPC } from '@trpc/server';
import { z } from 'zod';
import { orThrow } from '../../errors.ts';
import { open, procedure, router } from '../../trpc.ts';

const ofOrders = { all: 'orders:read_all', own: 'orders:read_own' } as const;
const bare = initTRPC.create();

/** Procedures with one mistake each, and what the matrix must say of it. */
export const plants = {
  'nobody said who may call it': {
    router: bare.router({ orders: bare.router({ get: bare.procedure.query(() => 'gone') }) }),
    says: 'orders.get: has no rule',
  },
  'it is open although its rule is strict': {
    router: router({
      orders: router({
        get: open
          .meta({ rule: ofOrders })
          .input(Named)
          .query(() => null),
      }),
    }),
    says: 'orders.get as nobody: must be 401',
  },
  'it asks for less than its rule says': {
    router: router({
      orders: router({
        get: procedure(ofOrders)
          .meta({ rule: { all: 'orders:delete' } })
          .input(Named)
          .query(() => null),
      }),
    }),
    says: 'orders.get as staff: must be 403',
  },
  'it does not ask whose it is': {
    router: router({
      orders: router({
        get: procedure(ofOrders)
          .input(Named)
          .query(({ ctx, input: { id } }) =>
            ctx.read(async (em) => {
              const found = (await loadOrders(em, ctx.caller.tenantId, [id])).get(id);
              return found ?? orThrow(err({ code: 'ORDER_NOT_FOUND', id }));
            }),
          ),
      }),
    }),
    says: 'orders.get as customer: with id other: must look like nothing',
  },
  'it looks before it asks': {
    router: router({
      orders: router({
        get: open
          .meta({ rule: { all: 'orders:delete' } })
          .input(Named)
          .query(async ({ ctx, input: { id } }) => {
            if (!ctx.caller) return orThrow(err({ code: 'UNAUTHENTICATED' }));
            const all = await ctx.parts.db.pool.query('select from orders where id = $1', [id]);
            const [code, scope] = [all.rowCount === 0 ? 'ORDER_NOT_FOUND' : 'FORBIDDEN', null] as const;
            return orThrow(err(code === 'FORBIDDEN' ? { code, scope } : { code, id }));
          }),
      }),
    }),
    says: 'orders.get as staff: tells what is there from what is not',
  },
  'it shows everybody to everybody': {
    router: router({
      customers: router({
        all: procedure(ofOrders).query(({ ctx }) =>
          ctx.read((em) => everyCustomer(em, ctx.caller.tenantId, null)),
        ),
      }),
    }),
    says: 'customers.all as customer: with all names own: shows ',
  },
  'it names what nobody knows': {
    router: router({
      parcels: router({ get: open.input(z.strictObject({ parcel: Id })).query(() => null) }),
    }),
    says: 'parcels.get: nobody says what parcel names',
  },
  'it takes what nobody has a sample of': {
    router: router({
      parcels: router({
        find: open.input(z.strictObject({ code: z.string().regex(/^P/) })).query(() => null),
      }),
    }),
    says: 'parcels.find: the sample is not accepted: Error: no sample of code is known',
  },
} as const;
