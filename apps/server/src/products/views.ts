import { z } from 'zod';

/** A variant with its stock over all locations; prices are minor units. */
export const VariantView = z.object({
  id: z.string(),
  sku: z.string(),
  name: z.string(),
  options: z.record(z.string(), z.string()),
  price: z.int(),
  onHand: z.int(),
  reserved: z.int(),
  /** What can still be sold: on hand − reserved. */
  available: z.int(),
});

/** A product; the first variant is the default one, `available` the sum over all variants. */
export const ProductView = z.object({
  id: z.string(),
  ref: z.int(),
  sku: z.string(),
  name: z.string(),
  store: z.object({ id: z.string(), ref: z.int(), name: z.string() }),
  price: z.int(),
  currency: z.string(),
  active: z.boolean(),
  available: z.int(),
  variants: z.array(VariantView),
  version: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type ProductView = z.output<typeof ProductView>;
export const ProductPage = z.object({ items: z.array(ProductView), nextCursor: z.string().nullable() });

/** A product that is for sale, as the shop without variants knows it. */
export const CatalogueEntry = z.object({
  id: z.string(),
  ref: z.int(),
  sku: z.string(),
  name: z.string(),
  price: z.int(),
  currency: z.string(),
  /** What can still be sold of the default variant. */
  available: z.int(),
  /** Grows with every change of the product, its price or its stock. */
  version: z.int(),
});
export type CatalogueEntry = z.output<typeof CatalogueEntry>;
