import {
  fulfillmentFacets,
  heldOf,
  nextActions,
  openAmountOf,
  orderCommands,
  origins,
  paymentFacets,
  paymentMethods,
  paymentStatuses,
  paymentStatusOf,
  refundableOf,
  refundableOfOrder,
  statuses,
  linesOf,
  type Order,
  type OrderEvent,
  type OrderPolicy,
  type Payment,
  type Shortage,
  sum,
  shownOf,
} from '@orderloom/core';
import type { OrderNames, OrderSummary as Summary } from '@orderloom/db';
import { z } from 'zod';
import { AddressView } from '../customers/views.ts';
import { PageOf } from '../list.ts';

const Amount = z.int();
const Time = z.string();
const MaybeTime = Time.nullable();

/** A copy; its `id` is that of the address it was taken from. */
const CopiedAddress = AddressView.extend({ id: z.string().nullable() });

const CustomerName = z.object({
  id: z.string(),
  ref: z.int(),
  code: z.string(),
  name: z.string(),
  email: z.string(),
});
const StoreName = z.object({ id: z.string(), ref: z.int(), name: z.string() });

const PaymentView = z.object({
  id: z.string(),
  method: z.enum(paymentMethods),
  reference: z.string().nullable(),
  status: z.enum(paymentStatuses),
  amount: Amount,
  captured: Amount,
  refunded: Amount,
  held: Amount,
  refundable: Amount,
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
  createdAt: Time,
  processedAt: MaybeTime,
  refundedAt: MaybeTime,
});

const LineView = z.object({
  id: z.string(),
  productId: z.string(),
  variantId: z.string(),
  /** The product's number, and what the shop calls what was ordered: the product or one of its variants. */
  productRef: z.int(),
  productSku: z.string(),
  requestedRef: z.string(),
  sku: z.string(),
  name: z.string(),
  quantity: z.int(),
  cancelledQuantity: z.int(),
  shippedQuantity: z.int(),
  deliveredQuantity: z.int(),
  unitPrice: Amount,
  discount: Amount,
  tax: Amount,
  total: Amount,
});

const ActionView = z.object({
  command: z.enum(orderCommands),
  to: z.enum(statuses),
  /** Why the command is refused now, or `null`. */
  refusal: z.looseObject({ code: z.string() }).nullable(),
});

/** One order with all that belongs to it. Amounts are minor units of `currency`, times RFC 3339 in UTC. */
export const OrderView = z.object({
  tenantId: z.string(),
  id: z.string(),
  number: z.string().nullable(),
  version: z.int(),
  status: z.enum(statuses),
  paymentStatus: z.enum(paymentFacets),
  fulfillmentStatus: z.enum(fulfillmentFacets),
  origin: z.enum(origins),
  groupId: z.string().nullable(),
  /** The orders that were one request with this one, the first one first, and what they come to together. */
  group: z.object({ id: z.string(), orderIds: z.array(z.string()), total: Amount }).nullable(),
  store: StoreName.nullable(),
  customer: CustomerName.nullable(),
  currency: z.string(),
  subtotal: Amount,
  discount: Amount,
  shipping: Amount,
  tax: Amount,
  total: Amount,
  paid: Amount,
  refunded: Amount,
  /** What is neither paid nor promised by a payment. */
  openAmount: Amount,
  paymentMethod: z.enum(paymentMethods).nullable(),
  paymentReference: z.string().nullable(),
  shippingMethod: z.string().nullable(),
  trackingNumber: z.string().nullable(),
  shippingAddress: CopiedAddress.nullable(),
  billingAddress: CopiedAddress.nullable(),
  notes: z.string().nullable(),
  lines: z.array(LineView),
  payments: z.array(PaymentView),
  fulfillments: z.array(
    z.object({
      id: z.string(),
      status: z.enum(['SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED']),
      trackingNumber: z.string().nullable(),
      lines: z.array(z.object({ lineId: z.string(), quantity: z.int() })),
    }),
  ),
  createdAt: Time,
  updatedAt: Time,
  placedAt: MaybeTime,
  confirmedAt: MaybeTime,
  processingAt: MaybeTime,
  shippedAt: MaybeTime,
  outForDeliveryAt: MaybeTime,
  deliveredAt: MaybeTime,
  cancelledAt: MaybeTime,
  refundedAt: MaybeTime,
  closedAt: MaybeTime,
  /** What may still be given back: never more in all than `total`, whatever the lines have cost. */
  refundable: z.object({
    lines: z.array(z.object({ lineId: z.string(), quantity: z.int(), amount: Amount, tax: Amount })),
    shipping: Amount,
    total: Amount,
  }),
  /** What could come next, in the order of the state machine. */
  actions: z.array(ActionView),
});
export type OrderView = z.output<typeof OrderView>;

/** An order that was placed, and the lines that were left out because too little was there. */
export const PlacedView = OrderView.extend({
  shortages: z.array(
    z.object({
      productSku: z.string(),
      requestedRef: z.string(),
      requested: z.int(),
      available: z.int(),
    }),
  ),
});
export type PlacedView = z.output<typeof PlacedView>;

/** An order that was edited, and the counts that became others, in the order in which they were asked for. */
export const EditedView = OrderView.extend({
  changes: z.array(z.object({ productSku: z.string(), quantity: z.int() })),
});

/** A row of the order list. */
export const OrderSummary = z.object({
  id: z.string(),
  number: z.string().nullable(),
  version: z.int(),
  status: z.enum(statuses),
  paymentStatus: z.enum(paymentFacets),
  fulfillmentStatus: z.enum(fulfillmentFacets),
  customerName: z.string().nullable(),
  storeName: z.string().nullable(),
  currency: z.string(),
  total: Amount,
  /** Pieces over all lines. */
  pieces: z.int(),
  createdAt: Time,
});
export const OrderPage = z.object({ items: z.array(OrderSummary), nextCursor: z.string().nullable() });

/** Whole orders, without their number. */
export const OrderSlice = z.object({ items: z.array(OrderView), nextCursor: z.string().nullable() });

/** Whole orders, with how many there are. */
export const FullOrderPage = PageOf(OrderView);

/** What an order may choose from; prices are minor units of `currency`. */
export const OrderOptions = z.object({
  currency: z.string(),
  shippingMethods: z.array(z.object({ code: z.string(), price: Amount })),
});

/** An order, with the names of those it concerns, and what may be done with it. */
export type OrderFacts = { readonly order: Order; readonly names: OrderNames; readonly policy: OrderPolicy };

/** The same of an order that was just placed. */
export type PlacedFacts = OrderFacts & { readonly shortages: readonly Shortage[] };

export const placedView = ({ shortages, ...facts }: PlacedFacts): PlacedView => ({
  ...orderView(facts),
  shortages: shortages.map(({ variantId, ref, requested, available }) => ({
    productSku: skuOf(facts.names, variantId),
    requestedRef: ref,
    requested,
    available,
  })),
});

/** The same of an order that was just edited. */
export const editedView = ({ events, ...facts }: EditedFacts): z.output<typeof EditedView> => ({
  ...orderView(facts),
  changes: events.flatMap((event) =>
    event.type === 'order.edited'
      ? event.changes.map(({ variantId, after }) => ({
          productSku: skuOf(facts.names, variantId),
          quantity: after,
        }))
      : [],
  ),
});
type EditedFacts = OrderFacts & { readonly events: readonly OrderEvent[] };

/** The product's sku; the variant's own for another than the default one. */
function skuOf({ products }: OrderNames, variantId: string): string {
  for (const { sku, variants } of products.values()) {
    const at = variants.findIndex(({ id }) => id === variantId);
    if (at >= 0) return at === 0 ? sku : (variants[at]?.sku ?? sku);
  }
  return '';
}

export function orderView({ order, names, policy }: OrderFacts): OrderView {
  const {
    customerId,
    storeId,
    lines,
    payments: _,
    returns,
    refunds,
    charges,
    userId,
    declaredTotal,
    ...rest
  } = order;
  return {
    tenantId: names.tenant.id,
    ...rest,
    group: groupOf(order, names),
    store: (storeId !== null && names.stores.get(storeId)) || null,
    customer: (customerId !== null && names.customers.get(customerId)) || null,
    openAmount: openAmountOf(order),
    lines: linesOf(order).map((line) => ({
      ...line,
      productRef: names.products.get(line.productId)?.ref ?? 0,
      productSku: skuOf(names, line.variantId),
    })),
    payments: shownOf(order).map(paymentView),
    fulfillments: order.fulfillments.map((parcel) => ({ ...parcel, lines: [...parcel.lines] })),
    refundable: refundableView(order),
    actions: nextActions(order, policy),
  };
}

const refundableView = (order: Order): OrderView['refundable'] => {
  const { lines, ...rest } = refundableOfOrder(order);
  return { ...rest, lines: [...lines] };
};

/** The group of an order: its others as they are stored, the order itself as it is now. */
function groupOf({ groupId: id, ...order }: Order, { groups }: OrderNames): OrderView['group'] {
  if (id === null) return null;
  const members = groups.get(id) ?? [];
  const totals = members.map((member) => (member.id === order.id ? order.total : member.total));
  return { id, orderIds: members.map((member) => member.id), total: sum(totals) };
}

const paymentView = (payment: Payment): z.output<typeof PaymentView> => ({
  ...payment,
  status: paymentStatusOf(payment),
  held: heldOf(payment),
  refundable: refundableOf(payment),
});

export const summaryView = (row: Summary): z.output<typeof OrderSummary> => row;
