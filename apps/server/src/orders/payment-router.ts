import { CreatePayment, ProcessPayment, RefundPayment } from '@orderloom/core/inputs';
import { createPayment, paidFor, processPayment, refundPayment } from './payments.ts';
import { OrderView } from './views.ts';
import { procedure, router } from '../trpc.ts';

/** Payments belong to their order: each command answers the order as it is afterwards. */
export const payments = router({
  create: procedure({ all: 'payments:process_all', own: 'payments:process_own' })
    .input(CreatePayment)
    .output(OrderView)
    .mutation(({ ctx, input }) => paidFor(ctx, (em) => createPayment(em, input, ctx))),

  process: procedure({ all: 'payments:process_all', own: 'payments:process_own' })
    .input(ProcessPayment)
    .output(OrderView)
    .mutation(({ ctx, input }) => paidFor(ctx, (em) => processPayment(em, input, ctx))),

  refund: procedure({ all: 'payments:refund' })
    .input(RefundPayment)
    .output(OrderView)
    .mutation(({ ctx, input }) => paidFor(ctx, (em) => refundPayment(em, input, ctx))),
});
