import type { OrderEvent } from '../order/events.ts';
import { begins, type Payment } from './payment.ts';

/** What can happen to one payment after it was created. */
export type PaymentHappened = Extract<OrderEvent, { paymentId: string }>;

type Happened = PaymentHappened extends infer E
  ? E extends PaymentHappened
    ? Omit<E, 'version'>
    : never
  : never;

/** Remembers what happened to a payment. */
export function evolvePayment(payment: Payment, event: Happened): Payment {
  switch (event.type) {
    case 'payment.requested': {
      const { attempt } = event;
      return { ...payment, attempt, ...(begins(attempt) && { failure: null }) };
    }
    case 'payment.action_required':
      return withAttempt(payment, { state: 'waiting', action: event.action });
    case 'payment.request_failed':
      return withAttempt(payment, { state: 'failed', failure: event.failure });
    case 'payment.described':
      return { ...payment, reference: event.reference };
    case 'payment.deleted':
      return { ...payment, deletedAt: event.at };
    case 'payment.authorized':
      return { ...restored(payment), authorized: payment.authorized + event.amount, failure: null };
    case 'payment.captured': {
      const captured = payment.captured + event.amount;
      // Money taken without a hold counts as authorised and captured at once (I-9).
      const authorized = Math.max(payment.authorized, captured);
      // What a gateway took after all was not let go.
      const voided = Math.min(payment.voided, payment.amount - captured);
      return { ...restored(payment), authorized, captured, voided, failure: null, processedAt: event.at };
    }
    case 'payment.failed': {
      const failed = { ...payment, failure: event.failure, processedAt: event.at };
      return withAttempt(failed, { state: 'failed' });
    }
    case 'payment.voided':
      return { ...payment, voided: payment.voided + event.amount, failure: null };
    case 'payment.expired':
      return { ...payment, expired: true, failure: null };
    case 'payment.refunded':
      return { ...payment, refunded: payment.refunded + event.amount, refundedAt: event.at };
  }
}

/** Money that comes in after all brings a deleted payment back. */
const restored = ({ deletedAt: _, ...payment }: Payment): Payment => payment;

const withAttempt = (payment: Payment, said: Partial<NonNullable<Payment['attempt']>>): Payment =>
  payment.attempt ? { ...payment, attempt: { ...payment.attempt, ...said } } : payment;
