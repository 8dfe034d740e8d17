import { failureText } from '../../refusal.ts';
import { failureOf, type Outputs, queryClient, trpc } from '../../trpc.ts';
import { complain } from '../../ui/toast.tsx';

/** An order as the page shows it. */
export type Order = Outputs['orders']['get'];

/** An order, and what to do when somebody else was faster. */
export type OrderProps = { readonly order: Order; readonly onConflict: () => void };

/**
 * Takes over an order as the server answered it, and forgets what has changed with it. Nobody waits for what
 * is read again: the next step must not be ignored because a list elsewhere is still on its way.
 */
export function accept(order: Order): void {
  for (const id of [order.id, order.number])
    if (id !== null) queryClient.setQueryData(trpc.orders.get.queryKey({ id }), order);
  for (const filter of [trpc.orders.timeline.pathFilter(), trpc.orders.list.pathFilter()])
    void queryClient.invalidateQueries(filter);
  for (const { pathFilter } of [trpc.products, trpc.stock, trpc.customers])
    void queryClient.invalidateQueries({ ...pathFilter(), refetchType: 'none' });
}

/**
 * What a refused change does. A page that was out of date is read again and says so: what the user asked was
 * meant for an order that is no longer there. A form shows every other refusal itself; a lone button, which
 * says with `what` that nothing was done, uses a toast.
 */
export function refused({ order, onConflict }: OrderProps, what: string | null) {
  return (error: unknown) => {
    const failure = failureOf(error);
    if (failure.refusal?.code === 'VERSION_CONFLICT') {
      onConflict();
      void queryClient.invalidateQueries(trpc.orders.pathFilter());
    } else if (what !== null) complain(what, failureText(failure, order.currency));
  };
}
