import type { OrderHappening } from '../order/events.ts';
import type { Instant, Order } from '../order/order.ts';
import { err, ok, type Result } from '../result.ts';
import { type Minor, sum } from '../money.ts';
import { evolvePayment } from './evolve.ts';
import {
  begins,
  heldOf,
  type Payment,
  type PaymentFailure,
  paymentStatusOf,
  refundableOf,
  voidableOf,
} from './payment.ts';

/** What can be asked of a gateway; `charge` is authorize and capture in one. */
export type GatewayOperation = 'authorize' | 'charge' | 'capture' | 'void' | 'refund';

/** What was last asked of the gateway for a payment. It is open until the gateway's word has come. */
export type Attempt = {
  /** Counts the requests of one payment: with its id, the key that makes asking again harmless. */
  readonly number: number;
  readonly operation: GatewayOperation;
  readonly amount: Minor;
  /** The total of its kind that the payment reaches when it is done. */
  readonly target: Minor;
  /** `waiting`: the customer has to act first, for example to prove who they are. */
  readonly state: 'asked' | 'waiting' | 'failed';
  /** Lets go of what a capture leaves. */
  readonly final?: true;
  /** The refund that it is a part of. */
  readonly refund?: { readonly id: string; readonly reason: string };
  /** What the customer has to do, as the gateway said it. */
  readonly action?: GatewayAction;
  readonly failure?: PaymentFailure;
};

/** Where a customer has to go before a payment can go on. */
export type GatewayAction = { readonly kind: string; readonly url: string | null };

/** What a gateway can say of a payment. */
export const reportKinds = [
  'requires_action',
  'authorized',
  'captured',
  'voided',
  'refunded',
  'expired',
  'failed',
] as const;

/** What a gateway says of a payment, in an answer, a webhook or when asked. */
export type GatewayReport = {
  readonly paymentId: string;
  /** The gateway's own id of the statement; kept with what followed from it. */
  readonly reportId: string;
  readonly kind: (typeof reportKinds)[number];
  /** The total of this kind so far, not what came last: so statements may come twice and in any order. */
  readonly amount: Minor;
  readonly currency: string;
  readonly at: Instant;
  /** Of a group's payment the part whose request it answers, where that was asked for by itself. */
  readonly part?: string;
  /** The number of the request that it answers; left out, it is the one that the payment began with. */
  readonly attempt?: number;
  readonly action?: GatewayAction;
  readonly failure?: PaymentFailure;
};

/** A request to a gateway, whole: to be sent, or sent again with the same key, until its word has come. */
export type GatewayRequest = {
  readonly paymentId: string;
  /** The payment that was charged: for a part of a group's payment the whole. */
  readonly charged: string;
  readonly attempt: number;
  readonly operation: GatewayOperation;
  readonly amount: Minor;
  readonly currency: string;
  readonly final: boolean;
  readonly idempotencyKey: string;
  /** Nothing is sent while the customer has to act; the gateway may be asked how it stands. */
  readonly waiting: boolean;
};

/** A gateway's statement does not fit the payment: nothing of it is believed. */
export type GatewayMismatch = {
  readonly code: 'GATEWAY_MISMATCH';
  readonly amount: Minor;
  readonly currency: string;
  readonly said: { readonly amount: number; readonly currency: string };
};

/** Something was asked of the gateway and its word has not come: nothing else is asked until then. */
export type PaymentInProgress = { readonly code: 'PAYMENT_IN_PROGRESS'; readonly paymentId: string };

/** The next thing to ask of the gateway for a payment. */
export function requested(
  payment: Payment,
  ask: Ask,
): Extract<OrderHappening, { type: 'payment.requested' }> {
  const { operation, amount } = ask;
  const done = doneOf(payment, operation);
  const number = (payment.attempt?.number ?? 0) + 1;
  const attempt: Attempt = { ...ask, number, target: done + amount, state: 'asked' };
  return { type: 'payment.requested', paymentId: payment.id, attempt };
}

/** What is done so far of such a request. */
export const doneOf = (payment: Payment, operation: GatewayOperation): Minor =>
  ({
    authorize: payment.authorized,
    charge: payment.captured,
    capture: payment.captured,
    void: payment.voided,
    refund: payment.refunded,
  })[operation];

type Ask = Pick<Attempt, 'operation' | 'amount' | 'final' | 'refund'>;

/** Whether the gateway's word on the last request is still to come. */
export function isAwaited(payment: Payment): boolean {
  const { attempt, amount, authorized, captured, refunded, voided, expired } = payment;
  if (!attempt || attempt.state === 'failed') return false;
  switch (attempt.operation) {
    case 'refund':
      return refunded < attempt.target;
    case 'void':
      return !expired && (authorized > 0 ? heldOf(payment) > 0 : voided === 0);
    default: {
      const reached = attempt.operation === 'authorize' ? authorized : captured;
      return !expired && captured + voided < amount && reached < attempt.target;
    }
  }
}

/** Whether a request is on its way, so that another one could cross it. */
export const isAsked = (payment: Payment): boolean =>
  isAwaited(payment) && payment.attempt?.state === 'asked';

/**
 * What is to be asked of the gateway for an order: after a command, and again when an answer was lost. What a
 * group pays is taken at once for all its orders (`groupRequests`).
 */
export const gatewayRequests = (order: Pick<Order, 'payments'>): GatewayRequest[] =>
  order.payments.filter(isAwaited).flatMap(({ id: paymentId, currency, attempt, groupPaymentId }) =>
    attempt && !(begins(attempt) && groupPaymentId !== undefined)
      ? {
          paymentId,
          charged: groupPaymentId ?? paymentId,
          attempt: attempt.number,
          operation: attempt.operation,
          amount: attempt.amount,
          currency,
          // Of a group's charge the rest belongs to other orders, too.
          final: groupPaymentId === undefined && (attempt.final ?? false),
          idempotencyKey: `${paymentId}:${attempt.number}`,
          waiting: attempt.state === 'waiting',
        }
      : [],
  );

type Told = readonly OrderHappening[];

/**
 * What a gateway's statement adds to what is known of a payment; nothing, when it says nothing new. Each
 * statement is a total, and amounts only grow, so any order and any repetition of statements ends the same.
 * What comes in for an order that is over, or by a deleted payment, goes back at once.
 */
export function report(
  order: Order,
  said: GatewayReport,
  { payment, newId }: { readonly payment: Payment; readonly newId: () => string },
): Result<Told, GatewayMismatch> {
  const { amount, currency } = payment;
  const fits = Number.isSafeInteger(said.amount) && said.amount >= 0 && said.amount <= amount;
  if (!fits || said.currency !== currency)
    return err({
      code: 'GATEWAY_MISMATCH',
      amount,
      currency,
      said: { amount: said.amount, currency: said.currency },
    });
  const told = [...toldBy(said, { order, payment, newId })];
  told.push(...lostRefund(order, told));
  const unwanted = isOver(order) || payment.deletedAt !== undefined;
  if (told.length === 0 || !unwanted) return ok(told);
  const after = told.reduce(
    (one, happening) => ('paymentId' in happening ? evolvePayment(one, { ...happening, at: said.at }) : one),
    payment,
  );
  const reason = isOver(order) ? 'the order is over' : 'the payment was deleted';
  return ok([...told, ...returned(after, { newId, reason })]);
}

type Around = { readonly order: Order; readonly payment: Payment; readonly newId: () => string };

function toldBy(said: GatewayReport, { order, payment, newId }: Around): Told {
  const { id: paymentId, authorized, captured, voided, refunded, expired } = payment;
  const { amount, reportId } = said;
  const by = { paymentId, reportId };
  switch (said.kind) {
    case 'requires_action':
      return waits(said, payment);
    case 'authorized':
      return more('payment.authorized', by, amount - authorized);
    case 'captured':
      return more('payment.captured', by, amount - captured);
    case 'voided':
      return more('payment.voided', by, Math.min(amount, payment.amount - captured) - voided);
    case 'refunded': {
      // To the gateway's total comes what went back another way; what was given back had been taken.
      const total = Math.min(payment.amount, amount + elsewhere(order, paymentId));
      const { id: refundId, reason } = payment.attempt?.refund ?? { id: newId(), reason: 'by the gateway' };
      if (amount === 0 || total <= refunded) return [];
      return [
        ...more('payment.captured', by, total - captured),
        { type: 'payment.refunded', ...by, amount: total - refunded, refundId, reason },
      ];
    }
    case 'expired':
      return expired ? [] : [{ type: 'payment.expired', ...by }];
    case 'failed':
      return fails(said, payment);
  }
}

/** What was given back of a payment by another way than its gateway's. */
export const elsewhere = ({ refunds }: Order, paymentId: string): Minor =>
  sum(
    refunds
      .filter(({ to }) => to !== undefined)
      .flatMap(({ parts }) => parts)
      .map((part) => (part.paymentId === paymentId ? part.amount : 0)),
  );

/** A refund of which nothing was given, and nothing is still to come, has failed. */
function lostRefund({ payments, refunds }: Order, told: Told): Told {
  const declined = told.find(({ type }) => type === 'payment.request_failed');
  if (declined?.type !== 'payment.request_failed') return [];
  const refundId = payments.find(({ id }) => id === declined.paymentId)?.attempt?.refund?.id;
  const begun = refunds.find(({ id }) => id === refundId);
  const others = payments.some(
    (one) => one.id !== declined.paymentId && isAwaited(one) && one.attempt?.refund?.id === refundId,
  );
  return begun && begun.parts.length === 0 && !others ? [{ type: 'refund.failed', refundId: begun.id }] : [];
}

type By = { readonly paymentId: string; readonly reportId: string };
type Growing = 'payment.authorized' | 'payment.captured' | 'payment.voided';

const more = (type: Growing, by: By, amount: Minor): Told => (amount > 0 ? [{ type, ...by, amount }] : []);

/** Whether a word is on another request than the last one, or on one that is done or was declined. */
function isOld({ attempt: said }: GatewayReport, payment: Payment): boolean {
  const { attempt } = payment;
  if (!attempt) return said !== undefined;
  return !isAwaited(payment) || attempt.number !== (said ?? (begins(attempt) ? 1 : undefined));
}

function waits(said: GatewayReport, payment: Payment): Told {
  const { paymentId, action = { kind: 'unknown', url: null } } = said;
  const { attempt } = payment;
  if (isOld(said, payment) || attempt?.state !== 'asked' || !begins(attempt)) return [];
  return [{ type: 'payment.action_required', paymentId, action }];
}

/** Nothing was taken: the payment failed; else only what was asked last. */
function fails(said: GatewayReport, payment: Payment): Told {
  const { paymentId, failure = { code: 'declined', message: 'The gateway declined.' } } = said;
  if (isOld(said, payment)) return [];
  const status = paymentStatusOf(payment);
  const operation = payment.attempt?.operation;
  if (status === 'PENDING' && operation !== 'void') return [{ type: 'payment.failed', paymentId, failure }];
  return payment.attempt ? [{ type: 'payment.request_failed', paymentId, failure }] : [];
}

/** Whether money has no more business with an order; for goods that are out, it stays until they are back. */
const isOver = ({ status, fulfillments }: Order): boolean =>
  status === 'REFUNDED' || (status === 'CANCELLED' && fulfillments.length === 0);

/** Gives back what the gateway holds or has taken for a payment: one request after the other. */
export function returned(
  payment: Payment,
  { newId, reason }: { readonly newId: () => string; readonly reason: string },
): Told {
  const [held, taken] = [voidableOf(payment), refundableOf(payment)];
  if (isAsked(payment)) return [];
  if (held > 0) return [requested(payment, { operation: 'void', amount: held })];
  const refund = { id: newId(), reason };
  return taken > 0 ? [requested(payment, { operation: 'refund', amount: taken, refund })] : [];
}
