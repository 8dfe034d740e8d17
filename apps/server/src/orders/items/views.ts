import { z } from 'zod';

/** An item of an order alone: what its lines come to together. Amounts are minor units of `currency`. */
export const ItemRecord = z.object({
  id: z.string(),
  order: z.object({ id: z.string() }),
  /** The order's: whatever changes an item is an edit of its order. */
  version: z.int(),
  productId: z.string(),
  variantId: z.string(),
  sku: z.string(),
  name: z.string(),
  currency: z.string(),
  quantity: z.int(),
  unitPrice: z.int(),
  discount: z.int(),
  tax: z.int(),
  total: z.int(),
  shippedQuantity: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type ItemRecord = z.output<typeof ItemRecord>;
