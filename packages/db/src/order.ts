import { defineEntity, p } from '@mikro-orm/core';
import {
  type Address,
  type Feedback,
  fulfillmentFacets,
  origins,
  paymentFacets,
  paymentMethods,
  statuses,
} from '@orderloom/core';
import { MinorType, ofTenant } from './row.ts';

/** Orders are read in lists and counted as rows; as aggregates they are loaded and written set-based. */
const OrderSchema = defineEntity({
  name: 'OrderRow',
  tableName: 'orders',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    number: p.text().nullable(),
    version: p.integer(),
    status: p.enum(statuses),
    paymentStatus: p.enum(paymentFacets),
    fulfillmentStatus: p.enum(fulfillmentFacets),
    origin: p.enum(origins),
    groupId: p.uuid().nullable(),
    storeId: p.uuid().nullable(),
    customerId: p.uuid().nullable(),
    userId: p.uuid().nullable(),
    currency: p.text(),
    subtotalMinor: p.type(MinorType),
    discountMinor: p.type(MinorType),
    shippingMinor: p.type(MinorType),
    taxMinor: p.type(MinorType),
    totalMinor: p.type(MinorType),
    declaredTotalMinor: p.type(MinorType).nullable(),
    paidMinor: p.type(MinorType),
    refundedMinor: p.type(MinorType),
    paymentMethod: p.enum(paymentMethods).nullable(),
    paymentReference: p.text().nullable(),
    shippingMethod: p.text().nullable(),
    trackingNumber: p.text().nullable(),
    shippingAddress: p.json<Address>().nullable(),
    billingAddress: p.json<Address>().nullable(),
    notes: p.text().nullable(),
    feedback: p.json<Feedback>().nullable(),
    /** The feedback's, for the average. */
    score: p.integer().nullable(),
    placedAt: p.datetime(3).nullable(),
    confirmedAt: p.datetime(3).nullable(),
    processingAt: p.datetime(3).nullable(),
    shippedAt: p.datetime(3).nullable(),
    outForDeliveryAt: p.datetime(3).nullable(),
    deliveredAt: p.datetime(3).nullable(),
    cancelledAt: p.datetime(3).nullable(),
    refundedAt: p.datetime(3).nullable(),
    closedAt: p.datetime(3).nullable(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    deletedAt: p.datetime(3).nullable(),
  },
});
export class OrderRow extends OrderSchema.class {}
OrderSchema.setClass(OrderRow);

const OrderItemSchema = defineEntity({
  name: 'OrderItemRow',
  tableName: 'order_items',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    orderId: p.uuid(),
    position: p.integer(),
    productId: p.uuid(),
    variantId: p.uuid(),
    storeId: p.uuid(),
    locationId: p.uuid(),
    sku: p.text(),
    name: p.text(),
    requestedRef: p.text(),
    unitPriceMinor: p.type(MinorType),
    priceSource: p.enum(['catalog', 'override'] as const),
    quantity: p.integer(),
    cancelledQuantity: p.integer(),
    shippedQuantity: p.integer(),
    deliveredQuantity: p.integer(),
    returnedQuantity: p.integer(),
    refundedQuantity: p.integer(),
    discountMinor: p.type(MinorType),
    taxMinor: p.type(MinorType),
    totalMinor: p.type(MinorType),
    /** What its item comes to, at the first line of it. */
    itemQuantity: p.integer().nullable(),
    itemTotalMinor: p.type(MinorType).nullable(),
  },
});
export class OrderItemRow extends OrderItemSchema.class {}
OrderItemSchema.setClass(OrderItemRow);

const OrderChargeSchema = defineEntity({
  name: 'OrderChargeRow',
  tableName: 'order_charges',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    orderId: p.uuid(),
    position: p.integer(),
    kind: p.enum(['SHIPPING', 'DISCOUNT'] as const),
    label: p.text(),
    amountMinor: p.type(MinorType),
  },
});
export class OrderChargeRow extends OrderChargeSchema.class {}
OrderChargeSchema.setClass(OrderChargeRow);

const OrderGroupSchema = defineEntity({
  name: 'OrderGroupRow',
  tableName: 'order_groups',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    customerId: p.uuid().nullable(),
    currency: p.text(),
    createdAt: p.datetime(3),
  },
});
export class OrderGroupRow extends OrderGroupSchema.class {}
OrderGroupSchema.setClass(OrderGroupRow);
