import type { Minor } from '../money.ts';
import type { Attempt, GatewayAction } from '../payment/gateway.ts';
import type { Payment, PaymentFailure } from '../payment/payment.ts';
import type { Details } from './commands.ts';
import type { Charge, Fulfillment, Instant, Line, Order, Refund, RefundTarget, Return } from './order.ts';

/** How many pieces of a variant an order held before an edit, and holds now. */
export type LineChange = {
  readonly variantId: string;
  readonly ref: string;
  readonly before: number;
  readonly after: number;
  /** The one line that was named, when it was not all of the variant. */
  readonly lineId?: string;
  /** What one piece cost, and costs now, when that changed. */
  readonly price?: { readonly before: Minor; readonly after: Minor };
};

/** What can happen to an order, in the past tense, with everything that `evolve` needs to remember it. */
export type OrderHappening =
  | { readonly type: 'order.drafted'; readonly order: Order }
  | { readonly type: 'order.placed'; readonly order: Order }
  /** `order` is there when a draft was placed and confirmed in one step (T4). */
  | { readonly type: 'order.confirmed'; readonly order?: Order }
  | {
      readonly type: 'order.edited';
      /** All lines as they are now, with those that were taken out (quantity 0). */
      readonly lines: readonly Line[];
      readonly charges: readonly Charge[];
      readonly subtotal: Minor;
      readonly discount: Minor;
      readonly tax: Minor;
      readonly total: Minor;
      readonly storeId: string | null;
      /** What changed, in the order in which it was asked for. */
      readonly changes: readonly LineChange[];
    }
  | {
      readonly type: 'order.described';
      readonly details: Partial<Details>;
      /** What the order is worth with another way of shipping. */
      readonly worth?: Pick<Order, 'charges' | 'shipping' | 'total'>;
    }
  | { readonly type: 'order.processing' }
  | { readonly type: 'order.shipped'; readonly fulfillments: readonly Fulfillment[] }
  | { readonly type: 'order.out_for_delivery' }
  | { readonly type: 'order.delivered' }
  | { readonly type: 'order.cancelled'; readonly reason: string; readonly goods: Return | null }
  | { readonly type: 'order.refunded'; readonly reason: string }
  | { readonly type: 'orders.closed'; readonly totalCents: Minor }
  | { readonly type: 'order.rated'; readonly score: number; readonly comment: string | null }
  /** Hidden from every read: what it did to stock and money stays. */
  | { readonly type: 'order.deleted' }
  /** A line was left out because there was not enough of it (S1-11): nothing of the order changes. */
  | {
      readonly type: 'stock.short';
      readonly variantId: string;
      readonly ref: string;
      readonly requested: number;
      readonly available: number;
    }
  | { readonly type: 'payment.created'; readonly payment: Payment }
  /** What the payment is called elsewhere was written or changed. */
  | { readonly type: 'payment.described'; readonly paymentId: string; readonly reference: string | null }
  /** Hidden from every read: no money had moved. */
  | { readonly type: 'payment.deleted'; readonly paymentId: string }
  /** The intent of a request to a gateway: recorded before it is sent. */
  | { readonly type: 'payment.requested'; readonly paymentId: string; readonly attempt: Attempt }
  | { readonly type: 'payment.action_required'; readonly paymentId: string; readonly action: GatewayAction }
  /** A capture, a void or a refund was declined: the payment stays what it was. */
  | { readonly type: 'payment.request_failed'; readonly paymentId: string; readonly failure: PaymentFailure }
  | (Reported & { readonly type: 'payment.authorized'; readonly amount: Minor })
  | (Reported & { readonly type: 'payment.captured'; readonly amount: Minor })
  | { readonly type: 'payment.failed'; readonly paymentId: string; readonly failure: PaymentFailure }
  | (Reported & { readonly type: 'payment.voided'; readonly amount: Minor })
  | (Reported & { readonly type: 'payment.expired' })
  | (Reported & {
      readonly type: 'payment.refunded';
      readonly amount: Minor;
      readonly refundId: string;
      readonly reason: string;
      readonly to?: RefundTarget;
    })
  /** What a refund is for; what became of its money is told payment by payment. */
  | { readonly type: 'refund.begun'; readonly refund: Refund }
  /** Nothing of a refund was given: its pieces may be refunded anew. */
  | { readonly type: 'refund.failed'; readonly refundId: string };

/** What happened to a payment, and the statement of the gateway that told it. */
type Reported = { readonly paymentId: string; readonly reportId?: string };

/** A happening, with the version of the order that it belongs to and its moment. */
export type OrderEvent = OrderHappening & { readonly version: number; readonly at: Instant };

/** One type of order event. */
export type OrderEventType = OrderEvent['type'];

/** Every type of order event. */
export const orderEventTypes = [
  'order.drafted',
  'order.placed',
  'order.confirmed',
  'order.edited',
  'order.described',
  'order.processing',
  'order.shipped',
  'order.out_for_delivery',
  'order.delivered',
  'order.cancelled',
  'order.refunded',
  'orders.closed',
  'order.rated',
  'order.deleted',
  'payment.created',
  'payment.described',
  'payment.deleted',
  'payment.requested',
  'payment.action_required',
  'payment.request_failed',
  'payment.authorized',
  'payment.captured',
  'payment.failed',
  'payment.voided',
  'payment.expired',
  'payment.refunded',
  'refund.begun',
  'refund.failed',
  'stock.short',
] as const satisfies readonly OrderEventType[];
