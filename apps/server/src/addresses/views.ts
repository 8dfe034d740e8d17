import { z } from 'zod';
import { AddressView } from '../customers/views.ts';

/** An address in the address book, and whose it is. */
export const BookAddressView = AddressView.extend({
  customer: z.object({ id: z.string(), code: z.string() }).nullable(),
  version: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type BookAddressView = z.output<typeof BookAddressView>;
