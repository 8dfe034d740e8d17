import type { Minor } from '../money.ts';
import type { PaymentFailure, PaymentMethod } from '../payment/payment.ts';
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
  | PaymentCommand;

/** How many pieces of each named variant the order shall hold: 0 takes it out, what is not named stays. */
export type EditOrder = { readonly type: 'editOrder'; readonly lines: readonly Wanted[] };

/** Every command on the payments of an order. An `amount` of `null` means all that is open. */
export type PaymentCommand =
  | {
      readonly type: 'createPayment';
      readonly method: PaymentMethod;
      readonly amount: Minor | null;
      readonly reference: string | null;
      /** Takes the money in the same step, as when cash is handed over. */
      readonly process: boolean;
    }
  | { readonly type: 'authorizePayment'; readonly paymentId: string }
  | { readonly type: 'processPayment'; readonly paymentId: string }
  | {
      readonly type: 'capturePayment';
      readonly paymentId: string;
      readonly amount: Minor;
      readonly final: boolean;
    }
  | { readonly type: 'voidPayment'; readonly paymentId: string }
  | { readonly type: 'expirePayment'; readonly paymentId: string }
  | { readonly type: 'failPayment'; readonly paymentId: string; readonly failure: PaymentFailure }
  | {
      readonly type: 'refundPayment';
      readonly paymentId: string;
      readonly amount: Minor | null;
      readonly reason: string;
    };
