import { createRoute, createRouter, redirect } from '@tanstack/react-router';
import { frame } from './frame.tsx';
import { customerRoute } from './pages/customer.tsx';
import { customersRoute } from './pages/customers.tsx';
import { newOrderRoute } from './pages/order-new.tsx';
import { orderRoute } from './pages/order.tsx';
import { ordersRoute } from './pages/orders.tsx';
import { productRoute } from './pages/product.tsx';
import { productsRoute } from './pages/products.tsx';
import { signInRoute } from './pages/sign-in.tsx';
import { root } from './root.tsx';
import { Waiting } from './ui/state.tsx';

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => redirect({ to: '/orders', throw: true }),
});

const routeTree = root.addChildren([
  home,
  signInRoute,
  frame.addChildren([
    ordersRoute,
    newOrderRoute,
    orderRoute,
    productsRoute,
    productRoute,
    customersRoute,
    customerRoute,
  ]),
]);

/** Every address of the console, below `/admin`. */
export const router = createRouter({
  routeTree,
  basepath: '/admin',
  defaultPreload: 'intent',
  defaultPreloadDelay: 80,
  defaultPreloadStaleTime: 0,
  defaultPendingComponent: Waiting,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    readonly router: typeof router;
  }
}
