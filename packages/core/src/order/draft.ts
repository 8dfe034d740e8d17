import type { OrderEvent } from './events.ts';
import type { Instant, Order, Origin } from './order.ts';

/** Who an order is for and how it came in: all that a draft knows. */
export type DraftRequest = {
  readonly id: string;
  readonly at: Instant;
  readonly origin: Origin;
  readonly customerId: string | null;
  readonly userId: string | null;
};

type Drafted = Extract<OrderEvent, { type: 'order.drafted' }>;

/** T1: an order without lines, stock or money. */
export const draft = (request: DraftRequest, currency: string): Drafted => ({
  type: 'order.drafted',
  version: 1,
  at: request.at,
  order: blankOrder(request, currency),
});

/** An order before anything is known of it. */
export const blankOrder = (request: DraftRequest, currency: string): Order => ({
  id: request.id,
  number: null,
  version: 1,
  status: 'DRAFT',
  paymentStatus: 'unpaid',
  fulfillmentStatus: 'unfulfilled',
  origin: request.origin,
  groupId: null,
  storeId: null,
  customerId: request.customerId,
  userId: request.userId,
  currency,
  lines: [],
  charges: [],
  payments: [],
  fulfillments: [],
  returns: [],
  refunds: [],
  subtotal: 0,
  discount: 0,
  shipping: 0,
  tax: 0,
  total: 0,
  declaredTotal: null,
  paid: 0,
  refunded: 0,
  paymentMethod: null,
  paymentReference: null,
  shippingMethod: null,
  trackingNumber: null,
  shippingAddress: null,
  billingAddress: null,
  notes: null,
  placedAt: null,
  confirmedAt: null,
  processingAt: null,
  shippedAt: null,
  outForDeliveryAt: null,
  deliveredAt: null,
  cancelledAt: null,
  refundedAt: null,
  closedAt: null,
  createdAt: request.at,
  updatedAt: request.at,
});
