import { z } from 'zod';

/** An address in the address book, and whose it is. */
export const BookAddressView = z.object({
  id: z.string(),
  customer: z.object({ id: z.string(), code: z.string() }).nullable(),
  name: z.string(),
  line1: z.string(),
  line2: z.string().nullable(),
  city: z.string(),
  region: z.string().nullable(),
  postcode: z.string(),
  country: z.string(),
  phone: z.string().nullable(),
  version: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type BookAddressView = z.output<typeof BookAddressView>;
