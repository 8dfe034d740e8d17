import { z } from 'zod';
import {
  Amount,
  ExpectedVersion,
  Id,
  Miscount,
  Quantity,
  Reason,
  Ref,
  Stock,
  Text,
  Word,
} from './word-inputs.ts';

/** A variant of a product; without a price of its own it costs what the product costs. */
export const NewVariant = z.strictObject({
  sku: Word(60).optional(),
  name: Text(200).min(1).optional(),
  options: z.record(Text(50).min(1), Text(100)).optional(),
  price: Amount.nullish(),
});
export type NewVariant = z.output<typeof NewVariant>;

const Variants = z.array(NewVariant).min(1).max(100);

/** A new product with its variants, the default one first; `price` is in minor units. */
export const CreateProduct = z.strictObject({
  name: Text(200).min(1),
  sku: Word(60).optional(),
  price: Amount,
  store: Ref.optional(),
  active: z.boolean().default(true),
  taxClass: Text(50).min(1).default('standard'),
  /** What there is of the default variant. */
  quantity: Stock.default(0),
  variants: Variants.optional(),
});
export type CreateProduct = z.output<typeof CreateProduct>;

/** A variant as it shall be; one that has neither the id nor the sku of another is new. */
const Variant = NewVariant.extend({
  id: Id.optional(),
  /** What the caller believes can be sold of it: it cannot be changed here. */
  available: z.int().optional(),
});

/** What changes of a product; `null` gives back what a new one would have. */
export const EditProduct = z.strictObject({
  id: Ref,
  expectedVersion: ExpectedVersion,
  name: Text(200).min(1).optional(),
  sku: Word(60).nullish(),
  price: Amount.optional(),
  store: Ref.nullish(),
  active: z.boolean().optional(),
  variants: z.array(Variant).min(1).max(100).optional(),
});
export type EditProduct = z.output<typeof EditProduct>;

/** What is counted or received of a product; without `variant` the default one is meant. */
export const ReceiveProduct = z.strictObject({ id: Ref, variant: Ref.optional(), quantity: Quantity });
export type ReceiveProduct = z.output<typeof ReceiveProduct>;

/** What changes of a customer; a `code` of `null` is `CUST` and the number again. */
export const EditCustomer = z.strictObject({
  id: Ref,
  expectedVersion: ExpectedVersion,
  name: Text(200).min(1).optional(),
  email: z.email().max(254).optional(),
  code: Word(50).nullish(),
});
export type EditCustomer = z.output<typeof EditCustomer>;

const where = {
  name: Text(200).min(1),
  line1: Text(200).min(1),
  line2: Text(200).nullable(),
  city: Text(100).min(1),
  region: Text(100).nullable(),
  postcode: Text(20).min(1),
  country: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{2}$/, 'must be the two letters of a country (ISO 3166), such as US')
    .meta({ examples: ['US'] }),
  phone: Text(50).nullable(),
};

/** A new address: of a customer, of the caller, or of nobody yet. */
export const CreateAddress = z.strictObject({ ...where, customer: Ref.optional() });
export type CreateAddress = z.output<typeof CreateAddress>;

/** What changes of an address. */
export const EditAddress = z
  .strictObject(where)
  .partial()
  .extend({ id: z.string(), expectedVersion: ExpectedVersion });
export type EditAddress = z.output<typeof EditAddress>;

/** A new store; `slug` is `store-` and the store's number unless it is given. */
export const CreateStore = z.strictObject({
  name: Text(200).min(1),
  slug: Word(60).optional(),
  active: z.boolean().default(true),
});
export type CreateStore = z.output<typeof CreateStore>;

/** What changes of a store; while it is not active, nothing of it is sold. */
export const EditStore = z.strictObject({
  id: Ref,
  expectedVersion: ExpectedVersion,
  name: Text(200).min(1).optional(),
  slug: Word(60).optional(),
  active: z.boolean().optional(),
});
export type EditStore = z.output<typeof EditStore>;

/** Pieces that were counted, signed, with the reason. */
export const AdjustProduct = ReceiveProduct.extend({ quantity: Miscount, reason: Reason });
export type AdjustProduct = z.output<typeof AdjustProduct>;
