import type { OrderStatus } from './order.ts';

/** The six notifications of S2-73 … S2-78. */
export const noticeKinds = [
  'order_confirmation',
  'shipping_update',
  'delivery_confirmation',
  'order_cancellation',
  'refund',
  'payment_processing',
] as const;
/** One of the six. */
export type NoticeKind = (typeof noticeKinds)[number];

type Happened = { readonly type: string; readonly from: OrderStatus | null; readonly to: OrderStatus | null };

/** What the customer of an order is told when an event has happened, or `null` when it is no news to them. */
export function noticeOf({ type, from, to }: Happened): NoticeKind | null {
  switch (type) {
    case 'order.confirmed':
      return 'order_confirmation';
    case 'order.shipped':
    case 'order.out_for_delivery':
      return 'shipping_update';
    case 'order.delivered':
      return 'delivery_confirmation';
    case 'order.cancelled':
      // Nobody is told of a draft that was discarded: nobody had heard of it.
      return from === 'DRAFT' ? null : 'order_cancellation';
    case 'order.refunded':
      return 'refund';
    case 'payment.refunded':
      // Of a refunded order its payer has been told already, by `order.refunded` in the same step.
      return to === 'REFUNDED' ? null : 'refund';
    case 'payment.captured':
    case 'payment.failed':
      return 'payment_processing';
    default:
      return null;
  }
}
