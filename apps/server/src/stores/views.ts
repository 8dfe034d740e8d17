import { z } from 'zod';

/** A store, and whether anything of it is sold. */
export const StoreView = z.object({
  id: z.string(),
  ref: z.int(),
  slug: z.string(),
  name: z.string(),
  active: z.boolean(),
  version: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type StoreView = z.output<typeof StoreView>;
