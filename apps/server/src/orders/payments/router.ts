import {
  CapturePayment,
  CreatePayment,
  DescribePayment,
  OpenPayment,
  PaymentNamed,
  ProcessPayment,
  RefundPayment,
} from '@orderloom/core/inputs';
import { changePaid, newPayment, paidFor, processPayment, refundPayment } from './payments.ts';
import {
  capturePayment,
  describePayment,
  findPayment,
  holdPayment,
  openPayment,
  pageOfPayments,
  removePayment,
  returnPayment,
  takePayment,
  voidPayment,
} from './records.ts';
import { PaymentRecord } from './views.ts';
import { OrderView } from '../views.ts';
import { z } from 'zod';
import { ListAsked, PageOf } from '../../list.ts';
import { procedure, router } from '../../trpc.ts';

const readers = { all: 'orders:read_all', own: 'orders:read_own' } as const;

/** Payments belong to their order: the console is answered the order, the api family the payment. */
export const payments = router({
  page: procedure(readers)
    .input(ListAsked)
    .output(PageOf(PaymentRecord))
    .query(({ ctx, input }) => pageOfPayments(ctx, input)),

  get: procedure(readers)
    .input(PaymentNamed.omit({ expectedVersion: true }))
    .output(PaymentRecord)
    .query(({ ctx, input }) => findPayment(ctx, input.id)),

  open: procedure({ all: 'payments:process_all', own: 'payments:process_own' })
    .input(OpenPayment)
    .output(PaymentRecord)
    .mutation(({ ctx, input }) => openPayment(ctx, input)),

  take: procedure({ all: 'payments:process_all', own: 'payments:process_own' })
    .input(PaymentNamed)
    .output(PaymentRecord)
    .mutation(({ ctx, input }) => takePayment(ctx, input)),

  hold: procedure({ all: 'payments:process_all' })
    .input(PaymentNamed)
    .output(PaymentRecord)
    .mutation(({ ctx, input }) => holdPayment(ctx, input)),

  capture: procedure({ all: 'payments:process_all' })
    .input(CapturePayment)
    .output(PaymentRecord)
    .mutation(({ ctx, input }) => capturePayment(ctx, input)),

  letGo: procedure({ all: 'payments:process_all' })
    .input(PaymentNamed)
    .output(PaymentRecord)
    .mutation(({ ctx, input }) => voidPayment(ctx, input)),

  giveBack: procedure({ all: 'payments:refund' })
    .input(CapturePayment)
    .output(PaymentRecord)
    .mutation(({ ctx, input }) => returnPayment(ctx, input)),

  describe: procedure({ all: 'payments:process_all', own: 'payments:process_own' })
    .input(DescribePayment)
    .output(PaymentRecord)
    .mutation(({ ctx, input }) => describePayment(ctx, input)),

  remove: procedure({ all: 'payments:delete' })
    .input(PaymentNamed)
    .output(z.null())
    .mutation(({ ctx, input }) => removePayment(ctx, input)),

  create: procedure({ all: 'payments:process_all', own: 'payments:process_own' })
    .input(CreatePayment)
    .output(OrderView)
    .mutation(({ ctx, input }) => changePaid(ctx, newPayment(input, ctx))),

  process: procedure({ all: 'payments:process_all', own: 'payments:process_own' })
    .input(ProcessPayment)
    .output(OrderView)
    .mutation(({ ctx, input }) => paidFor(ctx, (em) => processPayment(em, input, ctx))),

  refund: procedure({ all: 'payments:refund' })
    .input(RefundPayment)
    .output(OrderView)
    .mutation(({ ctx, input }) => paidFor(ctx, (em) => refundPayment(em, input, ctx))),
});
