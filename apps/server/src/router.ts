import { auth } from './auth/router.ts';
import { carts } from './carts/router.ts';
import { customers } from './customers/router.ts';
import { events } from './events/router.ts';
import { orders } from './orders/router.ts';
import { payments } from './orders/payment-router.ts';
import { products } from './products/router.ts';
import { stock } from './stock/router.ts';
import { router } from './trpc.ts';
import { users } from './users/router.ts';

export const appRouter = router({ auth, orders, carts, products, customers, stock, payments, events, users });

/** All that the console ever sees of the server. */
export type AppRouter = typeof appRouter;
