import { moveKinds } from '@orderloom/core';
import { z } from 'zod';

/** What lies where of one variant; `available` is on hand − reserved. */
export const LevelView = z.object({
  variantId: z.string(),
  locationId: z.string(),
  locationName: z.string(),
  onHand: z.int(),
  reserved: z.int(),
  available: z.int(),
  backorderLimit: z.int(),
});

/** One movement of stock, with its cause. */
export const MovementView = z.object({
  id: z.string(),
  at: z.string(),
  kind: z.enum(moveKinds),
  locationName: z.string(),
  onHand: z.int(),
  reserved: z.int(),
  orderId: z.string().nullable(),
  orderNumber: z.string().nullable(),
  reason: z.string().nullable(),
  actor: z.string(),
});
export const MovementPage = z.object({ items: z.array(MovementView), nextCursor: z.string().nullable() });
