import { AddToCart, CartOf, CloseCart, PutInCart, RemoveFromCart } from '@orderloom/core/inputs';
import { procedure, router } from '../trpc.ts';
import { addToCart, closeCart, putInCart, removeFromCart } from './change.ts';
import { offered } from './offered.ts';
import { findCart } from './read.ts';
import { CartView } from './views.ts';

const rule = { all: 'orders:create_for_any', own: 'orders:create' } as const;

export const carts = router({
  /** The newest cart of a customer, whatever its status. */
  get: procedure(rule)
    .input(CartOf)
    .output(CartView)
    .query(({ ctx, input }) => findCart(ctx, input.customer)),

  add: procedure(rule)
    .input(AddToCart)
    .output(CartView)
    .mutation(async ({ ctx, input }) => {
      const filling = await offered(ctx, input);
      return ctx.commit((em) => addToCart(em, filling, ctx));
    }),

  put: procedure(rule)
    .input(PutInCart)
    .output(CartView)
    .mutation(async ({ ctx, input }) => {
      const filling = await offered(ctx, input);
      return ctx.commit((em) => putInCart(em, filling, ctx));
    }),

  remove: procedure(rule)
    .input(RemoveFromCart)
    .output(CartView)
    .mutation(({ ctx, input }) => ctx.commit((em) => removeFromCart(em, input, ctx))),

  setStatus: procedure(rule)
    .input(CloseCart)
    .output(CartView)
    .mutation(({ ctx, input }) => ctx.commit((em) => closeCart(em, input, ctx))),
});
