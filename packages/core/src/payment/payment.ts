import type { Minor } from '../money.ts';
import type { Instant } from '../order/order.ts';
import type { Attempt } from './gateway.ts';

/** How an order can be paid. */
export const paymentMethods = ['balance', 'cash', 'bank_transfer', 'credit_card'] as const;
/** One way to pay. */
export type PaymentMethod = (typeof paymentMethods)[number];

/** The status of one payment: always a function of its amounts. */
export const paymentStatuses = [
  'PENDING',
  'AUTHORIZED',
  'PARTIALLY_CAPTURED',
  'PAID',
  'PARTIALLY_REFUNDED',
  'REFUNDED',
  'FAILED',
  'VOIDED',
  'EXPIRED',
] as const;
/** One status of a payment. */
export type PaymentStatus = (typeof paymentStatuses)[number];

/** Why the last attempt to move money failed. */
export type PaymentFailure = { readonly code: string; readonly message: string };

/** One way money comes in for an order; always `0 ≤ refunded ≤ captured ≤ authorized ≤ amount` (I-9). */
export type Payment = {
  readonly id: string;
  readonly method: PaymentMethod;
  readonly reference: string | null;
  readonly currency: string;
  readonly amount: Minor;
  readonly authorized: Minor;
  readonly captured: Minor;
  readonly refunded: Minor;
  readonly voided: Minor;
  readonly expired: boolean;
  readonly failure: PaymentFailure | null;
  readonly createdAt: Instant;
  readonly processedAt: Instant | null;
  readonly refundedAt: Instant | null;
  /** What was last asked of a gateway; absent where nothing ever was. */
  readonly attempt?: Attempt;
  /** What it shares with the payments of other orders that are one payment together. */
  readonly groupPaymentId?: string;
  /** When it was deleted: kept for its history, and in no read. */
  readonly deletedAt?: Instant;
};

/** What a read tells of the payments of an order: a deleted one is not there. */
export const shownOf = ({ payments }: { readonly payments: readonly Payment[] }): readonly Payment[] =>
  payments.filter(({ deletedAt }) => deletedAt === undefined);

/** Reads the status from the amounts; nothing ever sets it. */
export function paymentStatusOf(payment: Omit<Payment, 'id' | 'createdAt' | 'reference'>): PaymentStatus {
  const { amount, authorized, captured, refunded, voided } = payment;
  if (captured > 0 && refunded === captured) return 'REFUNDED';
  if (refunded > 0) return 'PARTIALLY_REFUNDED';
  if (captured > 0) return captured + voided >= amount ? 'PAID' : 'PARTIALLY_CAPTURED';
  if (voided > 0) return 'VOIDED';
  if (payment.expired) return 'EXPIRED';
  if (authorized > 0) return 'AUTHORIZED';
  return payment.failure ? 'FAILED' : 'PENDING';
}

/** Money set aside for this payment and neither captured nor let go. */
export const heldOf = (payment: Payment): Minor =>
  payment.expired ? 0 : Math.max(0, payment.authorized - payment.captured - payment.voided);

/** What a void would let go of: what is held, or all of a payment that nothing has happened to yet. */
export const voidableOf = (payment: Payment): Minor =>
  paymentStatusOf(payment) === 'PENDING' && payment.deletedAt === undefined
    ? payment.amount
    : heldOf(payment);

/** What may still be given back. */
export const refundableOf = (payment: Payment): Minor => payment.captured - payment.refunded;

/** Whether a request is one that a payment begins with: only of its first does a gateway speak unnumbered. */
export const begins = ({ operation }: Pick<Attempt, 'operation'>): boolean =>
  operation === 'authorize' || operation === 'charge';

/** A payment before anything has happened to it. `at` is the moment of its creation. */
export const newPayment = (of: NewPayment): Payment => ({
  id: of.id,
  method: of.method,
  reference: of.reference ?? null,
  currency: of.currency,
  amount: of.amount,
  authorized: 0,
  captured: 0,
  refunded: 0,
  voided: 0,
  expired: false,
  failure: null,
  createdAt: of.at,
  processedAt: null,
  refundedAt: null,
  ...(of.groupPaymentId !== undefined && { groupPaymentId: of.groupPaymentId }),
});
type NewPayment = Pick<Payment, 'id' | 'method' | 'currency' | 'amount' | 'groupPaymentId'> & {
  readonly reference?: string | null;
  readonly at: Instant;
};
