import { paymentMethods, paymentStatuses } from '@orderloom/core';
import { z } from 'zod';

const MaybeTime = z.string().nullable();

/** A payment alone, with its order or its group of orders. Amounts are minor units of `currency`. */
export const PaymentRecord = z.object({
  id: z.string(),
  order: z.object({ id: z.string(), number: z.string().nullable() }).nullable(),
  groupId: z.string().nullable(),
  version: z.int(),
  method: z.enum(paymentMethods),
  reference: z.string().nullable(),
  amount: z.int(),
  currency: z.string(),
  status: z.enum(paymentStatuses),
  captured: z.int(),
  refunded: z.int(),
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  processedAt: MaybeTime,
  refundedAt: MaybeTime,
});
export type PaymentRecord = z.output<typeof PaymentRecord>;
