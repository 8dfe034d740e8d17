import type { PaymentCommand } from '../order/commands.ts';
import type { OrderHappening } from '../order/events.ts';
import type { Minor } from '../money.ts';
import type { Order, Refund } from '../order/order.ts';
import type { House, PlaceRules } from '../order/place.ts';
import { err, ok, type Result } from '../result.ts';
import {
  type GatewayMismatch,
  isAsked,
  isAwaited,
  type PaymentInProgress,
  report,
  requested,
} from './gateway.ts';
import {
  heldOf,
  newPayment,
  type Payment,
  type PaymentMethod,
  type PaymentStatus,
  paymentStatusOf,
  refundableOf,
  shownOf,
  voidableOf,
} from './payment.ts';

/** Why a command on a payment was refused. Amounts are minor units. */
export type PaymentRefusal =
  | { readonly code: 'PAYMENT_NOT_FOUND'; readonly id: string }
  | { readonly code: 'PAYMENT_NOT_PROCESSABLE'; readonly status: PaymentStatus }
  | { readonly code: 'PAYMENT_NOT_REFUNDABLE'; readonly status: PaymentStatus }
  | { readonly code: 'PAYMENT_NOT_DELETABLE'; readonly status: PaymentStatus }
  | { readonly code: 'PAYMENT_METHOD_UNAVAILABLE'; readonly method: PaymentMethod }
  | { readonly code: 'PAYMENT_EXCEEDS_OPEN'; readonly open: number }
  | { readonly code: 'CAPTURE_EXCEEDS_HELD'; readonly held: number }
  | { readonly code: 'REFUND_EXCEEDS_CAPTURED'; readonly refundable: number }
  | { readonly code: 'ORDER_NOT_PAYABLE'; readonly status: Order['status'] }
  | { readonly code: 'PAYMENT_OF_GROUP'; readonly id: string }
  | GatewayMismatch
  | PaymentInProgress
  | { readonly code: 'CUSTOMER_REQUIRED' }
  | { readonly code: 'INSUFFICIENT_BALANCE'; readonly required: number; readonly available: number };

type Context = { readonly house: House; readonly rules: PlaceRules; readonly at: string };
type Decision = Result<readonly OrderHappening[], PaymentRefusal>;

const unprocessed: readonly PaymentStatus[] = ['PENDING', 'FAILED'];
const unmoved: readonly PaymentStatus[] = ['PENDING', 'FAILED', 'VOIDED', 'EXPIRED'];
const unpayable: readonly Order['status'][] = ['DRAFT', 'CANCELLED', 'REFUNDED', 'CLOSED'];

/** Whether an order takes payments. */
export const isPayable = ({ status }: Pick<Order, 'status'>): boolean => !unpayable.includes(status);

/** What a payment answers for: taken and kept, or still to come; failed or expired, it promises nothing. */
const expectedOf = (payment: Payment): number =>
  payment.expired || payment.failure || payment.deletedAt !== undefined
    ? payment.captured - payment.refunded
    : payment.amount - payment.voided - payment.refunded;

/** What is neither paid nor promised by a payment (P1: never more may be asked for). */
export const openAmountOf = (order: Order): number =>
  Math.max(0, order.total - order.payments.reduce((covered, payment) => covered + expectedOf(payment), 0));

/** Says what a command does to the payments of an order (P1 … P7). */
export function decidePayment(order: Order, command: PaymentCommand, context: Context): Decision {
  if (command.type === 'createPayment') return create(order, command, context);
  // What a gateway says of a deleted payment is heard all the same: it could be money.
  const known = command.type === 'reportPayment' ? order.payments : shownOf(order);
  const payment = known.find(({ id }) => id === command.paymentId);
  if (!payment) return err({ code: 'PAYMENT_NOT_FOUND', id: command.paymentId });
  const paymentId = payment.id;
  const status = paymentStatusOf(payment);
  switch (command.type) {
    case 'authorizePayment':
    case 'processPayment':
      return take(order, payment, { ...context, hold: command.type === 'authorizePayment', command });
    case 'failPayment':
      return unprocessed.includes(status)
        ? ok([{ type: 'payment.failed', paymentId, failure: command.failure }])
        : err({ code: 'PAYMENT_NOT_PROCESSABLE', status });
    case 'reportPayment':
      return payment.method === 'credit_card'
        ? report(order, command, { payment, newId: context.rules.newId })
        : err({ code: 'PAYMENT_METHOD_UNAVAILABLE', method: payment.method });
    case 'capturePayment':
      return capture(payment, command);
    case 'voidPayment':
      return letGo(payment);
    case 'describePayment':
    case 'deletePayment':
      return payment.groupPaymentId === command.groupPaymentId
        ? rewrite(payment, command)
        : err({ code: 'PAYMENT_OF_GROUP', id: paymentId });
    case 'expirePayment':
      return status === 'AUTHORIZED'
        ? ok([{ type: 'payment.expired', paymentId }])
        : err({ code: 'PAYMENT_NOT_PROCESSABLE', status });
    case 'refundPayment':
      return refund(payment, command, context.rules.newId);
  }
}

function create(
  order: Order,
  command: Extract<PaymentCommand, { type: 'createPayment' }>,
  context: Context,
): Decision {
  if (!isPayable(order)) return err({ code: 'ORDER_NOT_PAYABLE', status: order.status });
  const open = openAmountOf(order);
  const amount = command.amount ?? open;
  if (amount > open || amount <= 0) return err({ code: 'PAYMENT_EXCEEDS_OPEN', open });
  const { type: _, process: __, ...said } = command;
  const id = context.rules.newId();
  const payment = newPayment({ ...said, id, amount, currency: order.currency, at: context.at });
  const created: OrderHappening = { type: 'payment.created', payment };
  if (!command.process) return ok([created]);
  const taken = take(order, payment, { ...context, hold: false, command });
  return taken.ok ? ok([created, ...taken.value]) : taken;
}

type Taking = Context & { readonly hold: boolean; readonly command: { readonly groupPaymentId?: string } };

/** P2 and P3: sets the whole amount aside (`hold`), or takes it. */
function take(order: Order, payment: Payment, context: Taking): Decision {
  const status = paymentStatusOf(payment);
  if (!unprocessed.includes(status)) return err({ code: 'PAYMENT_NOT_PROCESSABLE', status });
  if (!isPayable(order)) return err({ code: 'ORDER_NOT_PAYABLE', status: order.status });
  const { method, amount } = payment;
  // Another payment may have taken the place of one that failed.
  if (status === 'FAILED' && amount > openAmountOf(order))
    return err({ code: 'PAYMENT_EXCEEDS_OPEN', open: openAmountOf(order) });
  const card = method === 'credit_card' && context.rules.gateway === true;
  if ((method === 'credit_card' || context.hold) && method !== 'balance' && !card)
    return err({ code: 'PAYMENT_METHOD_UNAVAILABLE', method });
  if (card && payment.groupPaymentId !== context.command.groupPaymentId)
    return err({ code: 'PAYMENT_OF_GROUP', id: payment.id });
  if (card) return ask(payment, { operation: context.hold ? 'authorize' : 'charge', amount });
  if (method === 'balance') {
    if (order.customerId === null) return err({ code: 'CUSTOMER_REQUIRED' });
    const available = context.house.purses.get(order.customerId) ?? 0;
    if (available < amount) return err({ code: 'INSUFFICIENT_BALANCE', required: amount, available });
  }
  const type = context.hold ? 'payment.authorized' : 'payment.captured';
  return ok([{ type, paymentId: payment.id, amount }]);
}

/** P4: takes part of what is held; `final` lets go of the rest. */
function capture(payment: Payment, command: Extract<PaymentCommand, { type: 'capturePayment' }>): Decision {
  const held = heldOf(payment);
  if (held === 0) return err({ code: 'PAYMENT_NOT_PROCESSABLE', status: paymentStatusOf(payment) });
  const { id: paymentId } = payment;
  const { final } = command;
  const amount = command.amount ?? held;
  if (amount > held || amount <= 0) return err({ code: 'CAPTURE_EXCEEDS_HELD', held });
  if (isByGateway(payment)) return ask(payment, { operation: 'capture', amount, ...(final && { final }) });
  const rest = held - amount;
  const captured: OrderHappening = { type: 'payment.captured', paymentId, amount };
  return ok(final && rest > 0 ? [captured, { type: 'payment.voided', paymentId, amount: rest }] : [captured]);
}

/** P7: gives back part or all of what was captured, as often as something is left. */
function refund(
  payment: Payment,
  command: Extract<PaymentCommand, { type: 'refundPayment' }>,
  newId: () => string,
): Decision {
  const refundable = refundableOf(payment);
  if (refundable === 0) return err({ code: 'PAYMENT_NOT_REFUNDABLE', status: paymentStatusOf(payment) });
  const amount = command.amount ?? refundable;
  if (amount > refundable || amount <= 0) return err({ code: 'REFUND_EXCEEDS_CAPTURED', refundable });
  return refundFrom(payment, amount, { id: newId(), reason: command.reason });
}

/** A part of a refund, out of one payment: a gateway is asked to give back what it took. */
export function refundFrom(
  payment: Payment,
  amount: Minor,
  { id, reason, to }: Pick<Refund, 'id' | 'reason' | 'to'>,
): Decision {
  const back = { amount, refundId: id, reason, ...(to && { to }) };
  if (!isByGateway(payment)) return ok([{ type: 'payment.refunded', paymentId: payment.id, ...back }]);
  if (!to) return ask(payment, { operation: 'refund', amount, refund: { id, reason } });
  return isAwaited(payment)
    ? err({ code: 'PAYMENT_IN_PROGRESS', paymentId: payment.id })
    : ok([{ type: 'payment.refunded', paymentId: payment.id, ...back }]);
}

/** P5: lets go of what is held or was never taken. */
function letGo(payment: Payment): Decision {
  const amount = voidableOf(payment);
  const { id: paymentId } = payment;
  if (amount <= 0) return err({ code: 'PAYMENT_NOT_PROCESSABLE', status: paymentStatusOf(payment) });
  if (isByGateway(payment)) return ask(payment, { operation: 'void', amount });
  return ok([{ type: 'payment.voided', paymentId, amount }]);
}

type Rewrite = Extract<PaymentCommand, { type: 'describePayment' | 'deletePayment' }>;

/** P8, and what the payment is called elsewhere: what stays as it was is nothing that happened. */
function rewrite(payment: Payment, command: Rewrite): Decision {
  const { id: paymentId } = payment;
  if (command.type === 'describePayment') {
    const { reference } = command;
    return ok(reference === payment.reference ? [] : [{ type: 'payment.described', paymentId, reference }]);
  }
  const status = paymentStatusOf(payment);
  if (!unmoved.includes(status)) return err({ code: 'PAYMENT_NOT_DELETABLE', status });
  // The gateway may have taken the money, and not have said so yet.
  if (isAwaited(payment)) return err({ code: 'PAYMENT_IN_PROGRESS', paymentId });
  return ok([{ type: 'payment.deleted', paymentId }]);
}

/** Whether a gateway knows of a payment, so that only the gateway can move its money. */
export const isByGateway = ({ method, attempt, authorized }: Payment): boolean =>
  method === 'credit_card' && (attempt !== undefined || authorized > 0);

/** One request at a time: another one could cross it. Waiting for the customer, only a void is asked. */
function ask(payment: Payment, what: Parameters<typeof requested>[1]): Decision {
  const busy = isAsked(payment) || (isAwaited(payment) && what.operation !== 'void');
  return busy ? err({ code: 'PAYMENT_IN_PROGRESS', paymentId: payment.id }) : ok([requested(payment, what)]);
}
