import type { OrderField } from '../order/changed.ts';
import type { OrderCommandName } from '../order/lifecycle.ts';
import { type OrderStatus, type PaymentFacet, paymentFacets, statuses } from '../order/order.ts';
import { type PaymentStatus, paymentStatuses } from '../payment/payment.ts';

/** The three words for payment that the api dialect prints; the finer word stands beside it. */
export const paymentWords = ['pending', 'paid', 'refunded'] as const;
/** One of the three words. */
export type PaymentWord = (typeof paymentWords)[number];

const wordOfFacet: Readonly<Record<PaymentFacet, PaymentWord>> = {
  unpaid: 'pending',
  authorized: 'pending',
  partially_paid: 'pending',
  paid: 'paid',
  overpaid: 'paid',
  partially_refunded: 'paid',
  refunded: 'refunded',
};

/** Says in the three printed words what the money says of an order. */
export const paymentWordOf = (facet: PaymentFacet): PaymentWord => wordOfFacet[facet];

/** Every finer word that one of the three printed words stands for. */
export const facetsOf = (word: PaymentWord): PaymentFacet[] =>
  paymentFacets.filter((facet) => wordOfFacet[facet] === word);

/** The four words for the status of a payment that the api dialect prints. */
export const paymentStatusWords = ['pending', 'paid', 'refunded', 'failed'] as const;
/** One of the four words. */
export type PaymentStatusWord = (typeof paymentStatusWords)[number];

const wordOfPayment: Readonly<Record<PaymentStatus, PaymentStatusWord>> = {
  PENDING: 'pending',
  AUTHORIZED: 'pending',
  PARTIALLY_CAPTURED: 'pending',
  PAID: 'paid',
  PARTIALLY_REFUNDED: 'paid',
  REFUNDED: 'refunded',
  FAILED: 'failed',
  VOIDED: 'failed',
  EXPIRED: 'failed',
};

/** Says the status of a payment in the four printed words; the finer word stands beside it. */
export const paymentStatusWordOf = (status: PaymentStatus): PaymentStatusWord => wordOfPayment[status];

/** Every finer status that one of the four printed words stands for. */
export const paymentStatusesOf = (word: PaymentStatusWord): PaymentStatus[] =>
  paymentStatuses.filter((status) => wordOfPayment[status] === word);

/** The word for a status: the canonical one in lower case. */
export const statusWordOf = (status: OrderStatus): Lowercase<OrderStatus> => {
  const word = statusWords.find((known) => known === status.toLowerCase());
  if (word === undefined) throw new RangeError(`not a status: ${status}`);
  return word;
};

/** Every status word, in the order of an order's life. */
export const statusWords = [
  'draft',
  'pending',
  'confirmed',
  'processing',
  'shipped',
  'out_for_delivery',
  'delivered',
  'cancelled',
  'refunded',
  'closed',
] as const satisfies readonly Lowercase<OrderStatus>[];

/** Reads a status in any case, with blanks, hyphens or underscores; `Ordered` means PENDING. */
export function statusOf(text: string): OrderStatus | undefined {
  const word = text
    .trim()
    .toUpperCase()
    .replaceAll(/[\s_-]+/g, '_');
  return word === 'ORDERED' ? 'PENDING' : statuses.find((status) => status === word);
}

const participles: Partial<Record<OrderCommandName, string>> = {
  confirmOrder: 'confirmed',
  shipOrder: 'shipped',
  deliverOrder: 'delivered',
  cancelOrder: 'cancelled',
  refundOrder: 'refunded',
  startProcessing: 'processed',
  markOutForDelivery: 'sent out for delivery',
  closeOrder: 'closed',
};

/** Why a command was refused in this status: `Order cannot be cancelled in its current status` (S2-93). */
export const cannotBe = (command: OrderCommandName): string =>
  `Order cannot be ${participles[command] ?? 'changed'} in its current status`;

const fieldWords: Partial<Record<OrderField, string>> = {
  number: 'order_number',
  lines: 'items',
  total: 'total_amount',
  paid: 'paid_amount',
  refunded: 'refunded_amount',
  storeId: 'store',
  groupId: 'group',
};

/** What a field of an order is called on the wire: `paymentStatus` is `payment_status`. */
export const fieldWordOf = (field: OrderField): string =>
  fieldWords[field] ?? field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** How many pieces there still are: `Insufficient stock. Available: 5` (S2-94). */
export const insufficientStock = (available: number): string => `Insufficient stock. Available: ${available}`;

/** The sentences about fields that a validation answer holds. */
export const fieldSentences = {
  required: 'This field is required.',
  unknown: 'This field is not known.',
  readOnly: 'This field is read-only.',
} as const;
