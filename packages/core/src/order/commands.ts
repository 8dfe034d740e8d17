import type { Minor } from '../money.ts';
import type { GatewayReport } from '../payment/gateway.ts';
import type { PaymentFailure, PaymentMethod } from '../payment/payment.ts';
import type { LineQuantity, Order, RefundTarget } from './order.ts';
import type { Wanted } from './shelf.ts';

/** Every command on an order that exists; commands are imperative, and data. */
export type OrderCommand =
  | { readonly type: 'placeDraft' }
  | { readonly type: 'confirmDraft'; readonly declaredTotal: Minor }
  | { readonly type: 'discardDraft'; readonly reason: string }
  | { readonly type: 'confirmOrder' }
  | { readonly type: 'startProcessing' }
  | { readonly type: 'shipOrder'; readonly trackingNumber: string | null }
  | { readonly type: 'markOutForDelivery' }
  | { readonly type: 'deliverOrder' }
  | { readonly type: 'cancelOrder'; readonly reason: string }
  | { readonly type: 'refundOrder'; readonly reason: string }
  | { readonly type: 'closeOrder' }
  | EditOrder
  | DescribeOrder
  | GiveRefund
  | RateOrder
  | PaymentCommand;

/** How many pieces of each named variant the order shall hold: 0 takes it out, what is not named stays. */
export type EditOrder = {
  readonly type: 'editOrder';
  readonly lines: readonly EditedLine[];
  /** Whether a `unitPrice` stands although neither the order nor the catalogue says so. */
  readonly overridePrice?: boolean;
};

/** The new count of all lines of a variant together; with `lineId` of that line alone. */
export type EditedLine = Wanted & {
  readonly lineId?: string;
  /** The price of one piece: an assertion. Left out or `null`, an agreed price stays. */
  readonly unitPrice?: Minor | null;
};

/** Changes what is written on an order beside its lines; what is left out stays. */
export type DescribeOrder = { readonly type: 'describeOrder'; readonly details: Partial<Details> };

/** Gives back pieces of lines, some of the shipping, and a free amount on top; the order's status stays. */
export type GiveRefund = {
  readonly type: 'refund';
  readonly lines: readonly LineQuantity[];
  readonly shipping: Minor;
  readonly amount: Minor;
  /** `original` is the way that the money came. */
  readonly to: 'original' | RefundTarget;
  readonly reason: string;
};

/** What a customer thought of an order; `by` is whoever says so. */
export type RateOrder = {
  readonly type: 'rateOrder';
  readonly score: number;
  readonly comment: string | null;
  readonly by: string | null;
};

/** What is written on an order beside its lines. */
export type Details = Pick<
  Order,
  | 'notes'
  | 'paymentMethod'
  | 'paymentReference'
  | 'shippingMethod'
  | 'trackingNumber'
  | 'shippingAddress'
  | 'billingAddress'
>;

/** Every command on the payments of an order. An `amount` of `null` means all that is open. */
export type PaymentCommand =
  | {
      readonly type: 'createPayment';
      readonly method: PaymentMethod;
      readonly amount: Minor | null;
      readonly reference: string | null;
      /** Takes the money in the same step, as when cash is handed over. */
      readonly process: boolean;
      /** The payment of a group that it is a part of. */
      readonly groupPaymentId?: string;
    }
  /** Parts of a group's payment begin, are named and deleted together: `groupPaymentId` says they do. */
  | { readonly type: 'authorizePayment'; readonly paymentId: string; readonly groupPaymentId?: string }
  | { readonly type: 'processPayment'; readonly paymentId: string; readonly groupPaymentId?: string }
  | {
      readonly type: 'capturePayment';
      readonly paymentId: string;
      readonly amount: Minor | null;
      readonly final: boolean;
    }
  | { readonly type: 'voidPayment'; readonly paymentId: string }
  | {
      readonly type: 'describePayment';
      readonly paymentId: string;
      readonly reference: string | null;
      readonly groupPaymentId?: string;
    }
  | { readonly type: 'deletePayment'; readonly paymentId: string; readonly groupPaymentId?: string }
  | { readonly type: 'expirePayment'; readonly paymentId: string }
  /** What a gateway says: told again or late, it changes nothing. */
  | ({ readonly type: 'reportPayment' } & GatewayReport)
  | { readonly type: 'failPayment'; readonly paymentId: string; readonly failure: PaymentFailure }
  | {
      readonly type: 'refundPayment';
      readonly paymentId: string;
      readonly amount: Minor | null;
      readonly reason: string;
    };
