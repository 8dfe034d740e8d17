import { Statistics } from '@orderloom/core/inputs';
import { procedure, router } from '../trpc.ts';
import { statsOfOrders, statsOfPayments } from './read.ts';
import { OrderStatsView, PaymentStatsView } from './views.ts';

const readers = { all: 'analytics:all', own: 'analytics:own' } as const;

export const stats = router({
  orders: procedure(readers)
    .input(Statistics)
    .output(OrderStatsView)
    .query(({ ctx, input }) => statsOfOrders(ctx, input)),

  payments: procedure(readers)
    .input(Statistics)
    .output(PaymentStatsView)
    .query(({ ctx, input }) => statsOfPayments(ctx, input)),
});
