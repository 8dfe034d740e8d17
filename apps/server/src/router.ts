import { addresses } from './addresses/router.ts';
import { auth } from './auth/router.ts';
import { carts } from './carts/router.ts';
import { customers } from './customers/router.ts';
import { events } from './events/router.ts';
import { items } from './orders/items/router.ts';
import { notifications } from './notifications/router.ts';
import { orders } from './orders/router.ts';
import { payments } from './orders/payments/router.ts';
import { products } from './products/router.ts';
import { stats } from './stats/router.ts';
import { stock } from './stock/router.ts';
import { stores } from './stores/router.ts';
import { router } from './trpc.ts';
import { tokens } from './users/token-router.ts';
import { users } from './users/router.ts';

export const appRouter = router({
  auth,
  orders,
  carts,
  products,
  customers,
  addresses,
  stores,
  stock,
  payments,
  items,
  stats,
  notifications,
  events,
  users,
  tokens,
});

/** All that the console ever sees of the server. */
export type AppRouter = typeof appRouter;
