import { serviceStatusOf, statusWordOf } from '@orderloom/core';
import type { OrderOutline } from '@orderloom/db';
import { z } from 'zod';

const Product = z.strictObject({
  product_id: z.string().meta({ description: 'The product’s SKU, or that of its variant.' }),
  item_count: z.int(),
});
const Item = z.strictObject({
  product_id: z.int().meta({ description: 'The product’s number.' }),
  quantity: z.int(),
});

/** The one body of an order in this family: every client finds the keys of its own document. */
export const orderKeys = {
  order_id: z.string(),
  order_status: z.string().meta({ description: 'The status in lower case.' }),
  products: z.array(Product),
  id: z.string(),
  tenantId: z.string(),
  status: z.string().meta({ description: 'The status in lower case; a new order is `Ordered`.' }),
  version: z.int(),
  totalCents: z.int().meta({ description: 'The total in minor units.' }),
  createdAt: z.string(),
  updatedAt: z.string(),
  customer_id: z.int().nullable(),
  items: z.array(Item),
};
export const ServiceOrder = z
  .strictObject(orderKeys)
  .meta({ id: 'ServiceOrder', description: 'An order, its products by SKU and by number.' });
export type ServiceOrder = z.output<typeof ServiceOrder>;

/** An order as this family shows it. What lies at several places is one product. */
export function serviceOrder(order: OrderOutline): ServiceOrder {
  const counted = Map.groupBy(order.lines, ({ variantId }) => variantId);
  const lines = [...counted.values()].map((all) => ({
    sku: all[0]?.productSku ?? '',
    ref: all[0]?.productRef ?? 0,
    count: all.reduce((pieces, { quantity }) => pieces + quantity, 0),
  }));
  return {
    order_id: order.id,
    order_status: statusWordOf(order.status),
    products: lines.map(({ sku, count }) => ({ product_id: sku, item_count: count })),
    id: order.id,
    tenantId: order.tenantId,
    status: serviceStatusOf(order.status),
    version: order.version,
    totalCents: order.total,
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
    customer_id: order.customer?.ref ?? null,
    items: lines.map(({ ref, count }) => ({ product_id: ref, quantity: count })),
  };
}

const uuid = '0199aa00-0000-7000-8000-000000000001';

/** An order to show in the documentation. */
export const serviceExample: ServiceOrder = {
  order_id: uuid,
  order_status: 'pending',
  products: [{ product_id: 'P-1', item_count: 2 }],
  id: uuid,
  tenantId: 'shop-1',
  status: 'Ordered',
  version: 1,
  totalCents: 5000,
  createdAt: '2026-01-15T10:00:00.000Z',
  updatedAt: '2026-01-15T10:00:00.000Z',
  customer_id: 1,
  items: [{ product_id: 1, quantity: 2 }],
};

/** A draft to show in the documentation. */
export const draftExample: ServiceOrder = {
  ...serviceExample,
  order_status: 'draft',
  status: 'draft',
  products: [],
  items: [],
  totalCents: 0,
  customer_id: null,
};
