import { z } from 'zod';

/** A customer with what is on the balance, in minor units. */
export const CustomerView = z.object({
  id: z.string(),
  ref: z.int(),
  code: z.string(),
  name: z.string(),
  email: z.string(),
  balance: z.int(),
  held: z.int(),
  currency: z.string(),
  version: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type CustomerView = z.output<typeof CustomerView>;
export const CustomerPage = z.object({ items: z.array(CustomerView), nextCursor: z.string().nullable() });

/** One movement of a customer's balance. */
export const LedgerRow = z.object({
  id: z.string(),
  at: z.string(),
  memo: z.string(),
  amount: z.int(),
  currency: z.string(),
  orderId: z.string().nullable(),
  orderNumber: z.string().nullable(),
});
export type LedgerRow = z.output<typeof LedgerRow>;

/** One movement of a customer's balance, and what was there afterwards. */
export const LedgerLine = z.object({
  id: z.string(),
  at: z.string(),
  memo: z.string(),
  amount: z.int(),
  balance: z.int(),
  currency: z.string(),
  orderId: z.string().nullable(),
  orderNumber: z.string().nullable(),
  actor: z.string(),
});
export const LedgerPage = z.object({ items: z.array(LedgerLine), nextCursor: z.string().nullable() });

export const AddressView = z.object({
  id: z.string(),
  name: z.string(),
  line1: z.string(),
  line2: z.string().nullable(),
  city: z.string(),
  region: z.string().nullable(),
  postcode: z.string(),
  country: z.string(),
  phone: z.string().nullable(),
});
