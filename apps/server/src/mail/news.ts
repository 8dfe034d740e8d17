import { formatMoney, type NoticeKind, type Order, type Refund } from '@orderloom/core';
import type { FeedEvent } from '../feed.ts';

/** The news that are mailed; a payment on its way is shown in the console alone. */
export type OrderMailKind = Exclude<NoticeKind, 'payment_processing'>;

/** What a mail about an order is written from. */
export type OrderNews = {
  readonly kind: OrderMailKind;
  readonly event: FeedEvent;
  readonly order: Order;
  /** What this event gave back. */
  readonly refund: Refund | null;
  readonly shop: string;
  readonly customer: string;
};

/** An amount that stands alone: `25.00 USD`. */
export const amountIn = (amount: number, currency: string): string =>
  `${formatMoney(amount, currency)} ${currency}`;
