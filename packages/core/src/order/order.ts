import type { Minor } from '../money.ts';
import type { Payment, PaymentMethod } from '../payment/payment.ts';
import type { RefundedLine } from './refund.ts';

/** The ten states of an order, in the order of its life. */
export const statuses = [
  'DRAFT',
  'PENDING',
  'CONFIRMED',
  'PROCESSING',
  'SHIPPED',
  'OUT_FOR_DELIVERY',
  'DELIVERED',
  'CANCELLED',
  'REFUNDED',
  'CLOSED',
] as const;
/** One of the ten states. */
export type OrderStatus = (typeof statuses)[number];

/** What the money says of an order, derived from the amounts of its payments. */
export const paymentFacets = [
  'unpaid',
  'authorized',
  'partially_paid',
  'paid',
  'overpaid',
  'partially_refunded',
  'refunded',
] as const;
/** How far an order is paid. */
export type PaymentFacet = (typeof paymentFacets)[number];

/** What the quantities say of an order, derived from its lines. */
export const fulfillmentFacets = [
  'unfulfilled',
  'partially_shipped',
  'shipped',
  'partially_delivered',
  'delivered',
  'partially_returned',
  'returned',
] as const;
/** How far an order is shipped, delivered or returned. */
export type FulfillmentFacet = (typeof fulfillmentFacets)[number];

/** The door an order came in by. */
export const origins = ['balance', 'service', 'api', 'admin', 'import'] as const;
/** One of the doors. */
export type Origin = (typeof origins)[number];

/** A moment in UTC with milliseconds, as `2026-11-21T09:00:00.000Z`; texts compare as times do. */
export type Instant = string;

/** An address as it was when the order was placed: a copy, never a reference that may change. */
export type Address = {
  readonly id: string | null;
  readonly name: string;
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly region: string | null;
  readonly postcode: string;
  readonly country: string;
  readonly phone: string | null;
};

/** One variant at one location, in whole pieces. When it is taken out of its order it stays, with none. */
export type Line = {
  readonly id: string;
  readonly position: number;
  readonly productId: string;
  readonly variantId: string;
  readonly storeId: string;
  readonly locationId: string;
  readonly sku: string;
  readonly name: string;
  /** What the client called the product. */
  readonly requestedRef: string;
  /** The price of one piece when the order was placed. */
  readonly unitPrice: Minor;
  readonly priceSource: 'catalog' | 'override';
  readonly quantity: number;
  readonly cancelledQuantity: number;
  readonly shippedQuantity: number;
  readonly deliveredQuantity: number;
  readonly returnedQuantity: number;
  readonly refundedQuantity: number;
  /** This line's frozen share of the order's discount. */
  readonly discount: Minor;
  readonly tax: Minor;
  /** Unit price × quantity, before discount and tax. */
  readonly total: Minor;
};

/** An amount that belongs to the order as a whole. */
export type Charge = {
  readonly id: string;
  readonly kind: 'SHIPPING' | 'DISCOUNT';
  readonly label: string;
  readonly amount: Minor;
};

/** Pieces that left one location together. */
export type Fulfillment = {
  readonly id: string;
  readonly locationId: string;
  readonly lines: readonly LineQuantity[];
  readonly trackingNumber: string | null;
  readonly status: 'SHIPPED' | 'OUT_FOR_DELIVERY' | 'DELIVERED';
};

/** Pieces that are expected back. */
export type Return = {
  readonly id: string;
  readonly lines: readonly LineQuantity[];
  readonly state: 'REQUESTED';
};

/** Money given back by one command, payment by payment. */
export type Refund = {
  readonly id: string;
  readonly reason: string;
  readonly parts: readonly { readonly paymentId: string; readonly amount: Minor }[];
  /** What it is for; absent where whole payments went back. The rest is a free amount. */
  readonly lines?: readonly RefundedLine[];
  readonly shipping?: Minor;
  /** Where the money went, when not back to where it came from. */
  readonly to?: RefundTarget;
  /** A gateway declined all of it. */
  readonly failed?: true;
};

/** Another way to give money back than the one it came. */
export type RefundTarget = Exclude<PaymentMethod, 'credit_card'>;

/** What the customer thought of an order that had arrived: the last word counts. */
export type Feedback = { readonly score: number; readonly comment: string | null; readonly at: Instant };

/** So many pieces of one line. */
export type LineQuantity = { readonly lineId: string; readonly quantity: number };

/** When the order entered each state for the first time. */
export type OrderTimes = {
  readonly placedAt: Instant | null;
  readonly confirmedAt: Instant | null;
  readonly processingAt: Instant | null;
  readonly shippedAt: Instant | null;
  readonly outForDeliveryAt: Instant | null;
  readonly deliveredAt: Instant | null;
  readonly cancelledAt: Instant | null;
  readonly refundedAt: Instant | null;
  readonly closedAt: Instant | null;
};

/** The whole aggregate: what a command decides on and what its events rebuild. */
export type Order = OrderTimes & {
  readonly id: string;
  readonly number: string | null;
  readonly version: number;
  readonly status: OrderStatus;
  readonly paymentStatus: PaymentFacet;
  readonly fulfillmentStatus: FulfillmentFacet;
  readonly origin: Origin;
  readonly groupId: string | null;
  readonly storeId: string | null;
  readonly customerId: string | null;
  readonly userId: string | null;
  readonly currency: string;
  readonly lines: readonly Line[];
  readonly charges: readonly Charge[];
  readonly payments: readonly Payment[];
  readonly fulfillments: readonly Fulfillment[];
  readonly returns: readonly Return[];
  readonly refunds: readonly Refund[];
  readonly subtotal: Minor;
  readonly discount: Minor;
  readonly shipping: Minor;
  readonly tax: Minor;
  readonly total: Minor;
  /** The agreed total of a draft without lines (S4-13). */
  readonly declaredTotal: Minor | null;
  /** Captured over all payments, refunds not taken off. */
  readonly paid: Minor;
  readonly refunded: Minor;
  readonly paymentMethod: PaymentMethod | null;
  readonly paymentReference: string | null;
  readonly shippingMethod: string | null;
  readonly trackingNumber: string | null;
  readonly shippingAddress: Address | null;
  readonly billingAddress: Address | null;
  readonly notes: string | null;
  /** Left out until the customer has said something. */
  readonly feedback?: Feedback;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

/** Pieces of a line that are neither cancelled nor shipped: what it still holds in stock (domain I-3). */
export const openQuantity = (line: Line): number =>
  line.quantity - line.cancelledQuantity - line.shippedQuantity;

/** The lines of an order that a reader sees: those that were taken out by an edit are left out. */
export const linesOf = (order: Pick<Order, 'lines'>): Line[] =>
  order.lines.filter(({ quantity }) => quantity > 0);

/** Whether taxes and shipping apply to an order: not in the balance and service families. */
export const isCharged = ({ origin }: Pick<Order, 'origin'>): boolean =>
  origin !== 'balance' && origin !== 'service';
