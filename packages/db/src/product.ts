import { defineEntity, p } from '@mikro-orm/core';
import { MinorType, ofTenant } from './row.ts';

const ProductSchema = defineEntity({
  name: 'ProductRow',
  tableName: 'products',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    ref: p.integer(),
    sku: p.text(),
    name: p.text(),
    storeId: p.uuid(),
    priceMinor: p.type(MinorType),
    currency: p.text(),
    taxClass: p.text(),
    trackStock: p.boolean(),
    active: p.boolean(),
    version: p.integer().version(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
  },
});
export class ProductRow extends ProductSchema.class {}
ProductSchema.setClass(ProductRow);

/** Position 0 is the default; without a price of its own a variant costs what the product costs. */
const VariantSchema = defineEntity({
  name: 'VariantRow',
  tableName: 'variants',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    productId: p.uuid(),
    sku: p.text(),
    name: p.text(),
    options: p.json<Record<string, string>>(),
    priceMinor: p.type(MinorType).nullable(),
    position: p.integer(),
    version: p.integer().version(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
  },
});
export class VariantRow extends VariantSchema.class {}
VariantSchema.setClass(VariantRow);
