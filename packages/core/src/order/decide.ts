import { err, ok, type Result } from '../result.ts';
import { decidePayment, isByGateway, type PaymentRefusal } from '../payment/decide.ts';
import { isAsked, returned } from '../payment/gateway.ts';
import { refundableOf, voidableOf } from '../payment/payment.ts';
import type {
  DescribeOrder,
  EditOrder,
  GiveRefund,
  OrderCommand,
  PaymentCommand,
  RateOrder,
} from './commands.ts';
import { describe, type DescribeRefusal } from './describe.ts';
import { edit, type EditRefusal } from './edit.ts';
import type { OrderEvent, OrderHappening } from './events.ts';
import { type GuardRefusal, type OrderCommandName, type OrderPolicy, refusalOf } from './lifecycle.ts';
import { type Fulfillment, type Instant, type LineQuantity, openQuantity, type Order } from './order.ts';
import type { House, PlaceRefusal, PlaceRules } from './place.ts';
import { rate, type RateRefusal } from './rate.ts';
import { refund, type RefundRefusal } from './refund.ts';
import { confirmDraft, placeDraft, type TotalMismatch } from './settle.ts';

/** All that a decision may look at besides the order: nothing is read from outside. */
export type DecideContext = {
  readonly at: Instant;
  readonly policy: OrderPolicy;
  readonly house: House;
  readonly rules: PlaceRules;
};

/** Why a command on an order was refused. */
export type OrderRefusal =
  | GuardRefusal
  | PlaceRefusal
  | EditRefusal
  | DescribeRefusal
  | RefundRefusal
  | RateRefusal
  | PaymentRefusal
  | TotalMismatch;

/** Says what happens when `command` meets `order`, as the events of its next version, or why it may not. */
export function decide(
  order: Order,
  command: OrderCommand,
  context: DecideContext,
): Result<readonly OrderEvent[], OrderRefusal> {
  const decided = isPaymentCommand(command)
    ? decidePayment(order, command, context)
    : command.type === 'editOrder'
      ? edit(order, command, context)
      : command.type === 'describeOrder'
        ? describe(order, command.details, context.rules)
        : command.type === 'refund'
          ? refund(order, command, context.rules.newId)
          : command.type === 'rateOrder'
            ? rate(order, command)
            : decideStatus(order, command, context);
  if (!decided.ok) return decided;
  const step = { version: order.version + 1, at: context.at };
  return ok(decided.value.map((happening) => ({ ...happening, ...step })));
}

type StatusCommand = Exclude<
  OrderCommand,
  PaymentCommand | EditOrder | DescribeOrder | GiveRefund | RateOrder
>;
type Decision = Result<readonly OrderHappening[], OrderRefusal>;

const isPaymentCommand = (command: OrderCommand): command is PaymentCommand =>
  command.type.endsWith('Payment');

function decideStatus(order: Order, command: StatusCommand, context: DecideContext): Decision {
  const refusal = refusalOf(order, command.type satisfies OrderCommandName, context.policy);
  if (refusal) return err(refusal);
  switch (command.type) {
    case 'placeDraft':
      return placeDraft(order, context);
    case 'confirmDraft':
      return confirmDraft(order, command.declaredTotal, context);
    case 'confirmOrder':
      return ok([{ type: 'order.confirmed' }]);
    case 'startProcessing':
      return ok([{ type: 'order.processing' }]);
    case 'shipOrder':
      return ok([
        { type: 'order.shipped', fulfillments: ship(order, command.trackingNumber, context.rules.newId) },
      ]);
    case 'markOutForDelivery':
      return ok([{ type: 'order.out_for_delivery' }]);
    case 'deliverOrder':
      return ok([{ type: 'order.delivered' }]);
    case 'discardDraft':
    case 'cancelOrder':
      return cancel(order, command.reason, context.rules.newId);
    case 'refundOrder':
      return withMoneyBack(order, { type: 'order.refunded', reason: command.reason }, context.rules.newId);
    case 'closeOrder':
      return ok([{ type: 'orders.closed', totalCents: order.total }]);
  }
}

/** One fulfilment per location, of everything that is still open there. */
function ship(order: Order, trackingNumber: string | null, newId: () => string): Fulfillment[] {
  const byLocation = new Map<string, LineQuantity[]>();
  for (const line of order.lines) {
    const quantity = openQuantity(line);
    if (quantity === 0) continue;
    const lines = byLocation.get(line.locationId) ?? [];
    byLocation.set(line.locationId, [...lines, { lineId: line.id, quantity }]);
  }
  return [...byLocation].map(([locationId, lines]) => ({
    id: newId(),
    locationId,
    lines,
    trackingNumber,
    status: 'SHIPPED',
  }));
}

/**
 * What is still in the house goes back on the shelf and its money back to the payer. What has left is
 * expected back: a return is opened, and the money stays until the order is refunded (T16).
 */
function cancel(order: Order, reason: string, newId: () => string): Decision {
  const lines = order.lines
    .filter(({ shippedQuantity }) => shippedQuantity > 0)
    .map(({ id, shippedQuantity }) => ({ lineId: id, quantity: shippedQuantity }));
  if (lines.length > 0)
    return ok([{ type: 'order.cancelled', reason, goods: { id: newId(), lines, state: 'REQUESTED' } }]);
  return withMoneyBack(order, { type: 'order.cancelled', reason, goods: null }, newId);
}

type End = Extract<OrderHappening, { type: 'order.cancelled' | 'order.refunded' }>;

/**
 * Ends an order and gives back all that was captured, as one refund, and lets go of all that is held or still
 * to come. A gateway is asked to; while it has something to answer, nobody knows what there is to give back.
 */
function withMoneyBack(order: Order, end: End, newId: () => string): Decision {
  const busy = order.payments.find(isAsked);
  if (busy) return err({ code: 'PAYMENT_IN_PROGRESS', paymentId: busy.id });
  const { reason } = end;
  let refundId: string | undefined;
  const once = () => (refundId ??= newId());
  const told = order.payments.flatMap((payment): readonly OrderHappening[] => {
    const held = voidableOf(payment);
    const amount = refundableOf(payment);
    const { id: paymentId } = payment;
    if (isByGateway(payment)) return returned(payment, { newId: once, reason });
    const happened: OrderHappening[] = [];
    if (held > 0) happened.push({ type: 'payment.voided', paymentId, amount: held });
    if (amount > 0) happened.push({ type: 'payment.refunded', paymentId, amount, refundId: once(), reason });
    return happened;
  });
  return ok([end, ...told]);
}
