import { cartStatuses } from '@orderloom/core';
import { z } from 'zod';

/** What a customer means to order, in the order in which it came. */
export const CartView = z.object({
  id: z.string(),
  customerId: z.string(),
  customerRef: z.int(),
  status: z.enum(cartStatuses),
  version: z.int(),
  items: z.array(
    z.object({ productId: z.string(), productRef: z.int(), variantId: z.string(), quantity: z.int() }),
  ),
});
export type CartView = z.output<typeof CartView>;
