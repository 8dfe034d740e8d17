import {
  formatMoney,
  fulfillmentFacets,
  itemsOf,
  paymentFacets,
  paymentMethods,
  paymentWordOf,
  paymentWords,
  statusWordOf,
  statusWords,
} from '@orderloom/core';
import { z } from 'zod';
import type { OrderView } from '../../orders/views.ts';

const Uuid = z.string().meta({ format: 'uuid' });
const Money = z.string().meta({ description: 'A decimal text in `currency`.', examples: ['29.99'] });
const Time = z.string().meta({ format: 'date-time', examples: ['2026-01-15T10:00:00.000Z'] });

/** A line of an order, in the words of the api family. */
export const OrderItem = z
  .strictObject({
    id: Uuid,
    product: Uuid,
    variant: Uuid,
    sku: z.string(),
    name: z.string(),
    quantity: z.int(),
    unit_price: Money,
    discount: Money,
    tax: Money,
    total_price: Money,
    shipped_quantity: z.int(),
  })
  .meta({ id: 'OrderItem', description: 'A line of an order, priced as it was when the order was placed.' });

/** An order, in the words of the api family and their order. */
export const OrderObject = z
  .strictObject({
    id: Uuid,
    order_number: z.string().nullable(),
    version: z.int(),
    status: z.enum(statusWords),
    payment_status: z.enum(paymentWords),
    payment_status_detail: z.enum(paymentFacets),
    fulfillment_status: z.enum(fulfillmentFacets),
    store: Uuid.nullable(),
    group: z.strictObject({ id: Uuid, order_ids: z.array(Uuid), total_amount: Money }).nullable(),
    customer_id: z.string().nullable(),
    customer: z.strictObject({ id: Uuid, name: z.string(), email: z.string() }).nullable(),
    payment_method: z.enum(paymentMethods).nullable(),
    payment_reference: z.string().nullable(),
    shipping_method: z.string().nullable(),
    tracking_number: z.string().nullable(),
    shipping_address: Uuid.nullable(),
    billing_address: Uuid.nullable(),
    notes: z.string().nullable(),
    currency: z.string(),
    subtotal: Money,
    discount: Money,
    shipping: Money,
    tax: Money,
    total_amount: Money,
    paid_amount: Money,
    refunded_amount: Money,
    items: z.array(OrderItem),
    created_at: Time,
    updated_at: Time,
    confirmed_at: Time.nullable(),
    shipped_at: Time.nullable(),
    delivered_at: Time.nullable(),
    cancelled_at: Time.nullable(),
    refunded_at: Time.nullable(),
  })
  .meta({ id: 'Order', description: 'An order. Money is a decimal text, times are RFC 3339 in UTC.' });
export type OrderObject = z.output<typeof OrderObject>;

/** The fields that an answer has and a request may not: they are named as read-only. */
export const readOnlyFields = [...Object.keys(OrderObject.shape), ...Object.keys(OrderItem.shape)];

export function orderObject(order: OrderView): OrderObject {
  const { customer, currency, group } = order;
  const money = (amount: number) => formatMoney(amount, currency);
  return {
    id: order.id,
    order_number: order.number,
    version: order.version,
    status: statusWordOf(order.status),
    payment_status: paymentWordOf(order.paymentStatus),
    payment_status_detail: order.paymentStatus,
    fulfillment_status: order.fulfillmentStatus,
    store: order.store?.id ?? null,
    group: group && { id: group.id, order_ids: group.orderIds, total_amount: money(group.total) },
    customer_id: customer?.code ?? null,
    customer: customer && { id: customer.id, name: customer.name, email: customer.email },
    payment_method: order.paymentMethod,
    payment_reference: order.paymentReference,
    shipping_method: order.shippingMethod,
    tracking_number: order.trackingNumber,
    shipping_address: order.shippingAddress?.id ?? null,
    billing_address: order.billingAddress?.id ?? null,
    notes: order.notes,
    currency,
    ...amountsOf(order, money),
    items: itemObjects(order, money),
    created_at: order.createdAt,
    updated_at: order.updatedAt,
    confirmed_at: order.confirmedAt,
    shipped_at: order.shippedAt,
    delivered_at: order.deliveredAt,
    cancelled_at: order.cancelledAt,
    refunded_at: order.refundedAt,
  };
}

type Write = (amount: number) => string;

const amountsOf = (order: OrderView, money: Write) => ({
  subtotal: money(order.subtotal),
  discount: money(order.discount),
  shipping: money(order.shipping),
  tax: money(order.tax),
  total_amount: money(order.total),
  paid_amount: money(order.paid),
  refunded_amount: money(order.refunded),
});

/** A line that is served from several locations is one item. */
function itemObjects(order: OrderView, money: Write): OrderObject['items'] {
  return itemsOf(order.lines).flatMap((lines) => {
    const [first] = lines;
    if (!first) return [];
    const total = (of: 'quantity' | 'discount' | 'tax' | 'total' | 'shippedQuantity') =>
      lines.reduce((sum, line) => sum + line[of], 0);
    return {
      id: first.id,
      product: first.productId,
      variant: first.variantId,
      sku: first.sku,
      name: first.name,
      quantity: total('quantity'),
      unit_price: money(first.unitPrice),
      discount: money(total('discount')),
      tax: money(total('tax')),
      total_price: money(total('total')),
      shipped_quantity: total('shippedQuantity'),
    };
  });
}
