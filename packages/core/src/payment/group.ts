import { allocate, type Minor, sum } from '../money.ts';
import type { PaymentCommand } from '../order/commands.ts';
import { decide, type DecideContext, type OrderRefusal } from '../order/decide.ts';
import type { OrderEvent } from '../order/events.ts';
import type { Order } from '../order/order.ts';
import { err, ok, type Result } from '../result.ts';
import { isPayable, openAmountOf } from './decide.ts';
import { type GatewayRequest, isAwaited } from './gateway.ts';
import { chargedOf, type Part, reportedShares } from './group-shares.ts';
import { begins, heldOf, type Payment, paymentStatusOf, refundableOf } from './payment.ts';

/** What becomes of one order of a group. */
export type GroupStep = { readonly order: Order; readonly events: readonly OrderEvent[] };

/** A payment for several orders: a payment of each, tied by the id that they share. */
export type GroupPaid = { readonly groupPaymentId: string; readonly steps: readonly GroupStep[] };

type Create = Extract<PaymentCommand, { type: 'createPayment' }>;
type Steps = Result<readonly GroupStep[], OrderRefusal>;

/** A command on a payment of a group; its `paymentId` is the id that the parts share. */
export type GroupPaymentCommand = Exclude<PaymentCommand, Create>;

/**
 * Creates a payment for the orders of a group: a part for each, of what is open there, by the largest
 * remainder, so that the parts are the payment exactly (I-20). An order that takes no payment has no part.
 */
export function payGroup(
  orders: readonly Order[],
  command: Create,
  context: DecideContext,
): Result<GroupPaid, OrderRefusal> {
  const payable = orders.filter(isPayable);
  const [first] = orders;
  if (payable.length === 0 && first) return err({ code: 'ORDER_NOT_PAYABLE', status: first.status });
  const opens = payable.map(openAmountOf);
  const open = sum(opens);
  const amount = command.amount ?? open;
  if (amount > open || amount <= 0) return err({ code: 'PAYMENT_EXCEEDS_OPEN', open });
  const groupPaymentId = context.rules.newId();
  const shares = allocate(amount, opens);
  const asked = payable.map((order, at) => ({
    order,
    command: { ...command, amount: shares[at] ?? 0, groupPaymentId },
  }));
  const steps = inTurn(
    asked.filter((one) => one.command.amount > 0),
    context,
  );
  return steps.ok ? ok({ groupPaymentId, steps: steps.value }) : steps;
}

/**
 * Says what a command on a payment of a group does to the orders of the group: all of it or nothing. A part
 * that has nothing to do with it, as that of a cancelled order, is left out.
 */
export function decideGroupPayment(
  orders: readonly Order[],
  command: GroupPaymentCommand,
  context: DecideContext,
): Steps {
  const all = partsOf(orders, command.paymentId);
  const heard = command.type === 'reportPayment';
  const parts = heard ? chargedOf(all) : all.filter(({ payment }) => payment.deletedAt === undefined);
  const whole = parts.length > 0 ? groupPaymentOf(orders, command.paymentId) : null;
  if (!whole) return err({ code: 'PAYMENT_NOT_FOUND', id: command.paymentId });
  const shares = 'amount' in command ? sharesOf(command, parts, whole) : ok(null);
  if (!shares.ok) return shares;
  const asked = parts.flatMap(({ order, payment: { id: paymentId } }, at) => {
    const amount = shares.value?.[at] ?? 0;
    if (!('amount' in command)) return { order, command: { ...withGroup(command), paymentId } };
    return amount > 0 || heard ? { order, command: { ...command, paymentId, amount } } : [];
  });
  const steps = inTurn(asked, context);
  return steps.ok && steps.value.length === 0 && moves(command)
    ? err({ code: 'PAYMENT_NOT_PROCESSABLE', status: paymentStatusOf(whole) })
    : steps;
}

/** Whether something has to happen by a command, or it was refused. */
const moves = ({ type }: GroupPaymentCommand): boolean =>
  type !== 'reportPayment' && type !== 'describePayment';

/** What is done to all parts together, and to none of them alone. */
const withGroup = <C extends GroupPaymentCommand>(command: C): C =>
  together.includes(command.type) ? { ...command, groupPaymentId: command.paymentId } : command;

const together: readonly GroupPaymentCommand['type'][] = [
  'authorizePayment',
  'processPayment',
  'describePayment',
  'deletePayment',
];

type WithAmount = Extract<GroupPaymentCommand, { amount: Minor | null }>;

/** How the amount of a command is shared by the parts. */
function sharesOf(
  command: WithAmount,
  parts: readonly Part[],
  whole: Payment,
): Result<readonly Minor[], OrderRefusal> {
  switch (command.type) {
    case 'capturePayment': {
      const held = parts.map(({ payment }) => heldOf(payment));
      if (sum(held) === 0) return err({ code: 'PAYMENT_NOT_PROCESSABLE', status: paymentStatusOf(whole) });
      const shares = shared(command.amount ?? sum(held), held);
      return shares ? ok(shares) : err({ code: 'CAPTURE_EXCEEDS_HELD', held: sum(held) });
    }
    case 'refundPayment': {
      const left = parts.map(({ payment }) => refundableOf(payment));
      const refundable = sum(left);
      if (refundable === 0) return err({ code: 'PAYMENT_NOT_REFUNDABLE', status: paymentStatusOf(whole) });
      const shares = shared(command.amount ?? refundable, left);
      return shares ? ok(shares) : err({ code: 'REFUND_EXCEEDS_CAPTURED', refundable });
    }
    case 'reportPayment': {
      const amount = sum(parts.map(({ payment }) => payment.amount));
      const { currency } = whole;
      const said = { amount: command.amount, currency: command.currency };
      return said.amount <= amount
        ? ok(reportedShares(command, parts))
        : err({ code: 'GATEWAY_MISMATCH', amount, currency, said });
    }
  }
}

const partsOf = (orders: readonly Order[], groupPaymentId: string): Part[] =>
  orders.flatMap((order) =>
    order.payments
      .filter((payment) => payment.groupPaymentId === groupPaymentId)
      .map((payment) => ({ order, payment })),
  );

/** An amount shared by what each part has, or `null` when they have not so much. */
const shared = (amount: Minor, has: readonly Minor[]): readonly Minor[] | null =>
  amount > 0 && amount <= sum(has) ? allocate(amount, has) : null;

/** One order after the other: what one takes of a balance is gone for the next; one refusal refuses all. */
function inTurn(
  asked: readonly { readonly order: Order; readonly command: PaymentCommand }[],
  context: DecideContext,
): Steps {
  const purses = new Map(context.house.purses);
  const steps: GroupStep[] = [];
  for (const { order, command } of asked) {
    const answer = decide(order, command, { ...context, house: { ...context.house, purses } });
    if (!answer.ok && isLeftOut(answer.error)) continue;
    const { customerId } = order;
    const purse = context.house.purses.get(customerId ?? '') ?? 0;
    if (!answer.ok && answer.error.code === 'INSUFFICIENT_BALANCE')
      return err({
        ...answer.error,
        required: answer.error.required + purse - answer.error.available,
        available: purse,
      });
    if (!answer.ok) return answer;
    if (answer.value.length > 0) steps.push({ order, events: answer.value });
    if (customerId !== null)
      purses.set(customerId, (purses.get(customerId) ?? 0) - takenFrom(order, answer.value));
  }
  return ok(steps);
}

const isLeftOut = ({ code }: OrderRefusal): boolean =>
  code === 'PAYMENT_NOT_PROCESSABLE' || code === 'ORDER_NOT_PAYABLE';

/** What events take out of the balance of an order's customer. */
function takenFrom({ payments }: Order, events: readonly OrderEvent[]): Minor {
  const created = events.flatMap((event) => (event.type === 'payment.created' ? [event.payment] : []));
  const byBalance = new Set(
    [...payments, ...created].filter(({ method }) => method === 'balance').map(({ id }) => id),
  );
  return sum(
    events.map((event) =>
      (event.type === 'payment.authorized' || event.type === 'payment.captured') &&
      byBalance.has(event.paymentId)
        ? event.amount
        : 0,
    ),
  );
}

/** A payment of a group as one payment: its amounts are those of its parts, and so is its status. */
export function groupPaymentOf(orders: readonly Order[], groupPaymentId: string): Payment | null {
  const payments = partsOf(orders, groupPaymentId).map(({ payment }) => payment);
  const [first] = payments;
  if (!first) return null;
  const { attempt: _, ...one } = first;
  const of = (pick: (payment: Payment) => Minor) => sum(payments.map(pick));
  const last = (times: readonly string[]) =>
    times.reduce<string | null>((latest, at) => (latest !== null && latest > at ? latest : at), null);
  return {
    ...one,
    id: groupPaymentId,
    amount: of(({ amount }) => amount),
    authorized: of(({ authorized }) => authorized),
    captured: of(({ captured }) => captured),
    refunded: of(({ refunded }) => refunded),
    voided: of(({ voided }) => voided),
    expired: payments.every(({ expired }) => expired),
    failure: payments.find(({ failure }) => failure)?.failure ?? null,
    processedAt: last(payments.flatMap(({ processedAt }) => processedAt ?? [])),
    refundedAt: last(payments.flatMap(({ refundedAt }) => refundedAt ?? [])),
  };
}

/**
 * What is to be asked of the gateway for a group: its money is taken at once, for all parts together, and the
 * same is asked again until all of it is answered. The rest is asked for part by part (`gatewayRequests`).
 */
export function groupRequests(orders: readonly Order[]): GatewayRequest[] {
  const begun = orders
    .flatMap(({ payments }) => payments)
    .filter(({ groupPaymentId, attempt }) => groupPaymentId !== undefined && attempt && begins(attempt));
  const groups = Map.groupBy(begun, ({ groupPaymentId, attempt }) => `${groupPaymentId}:${attempt?.number}`);
  return [...groups].flatMap(([idempotencyKey, parts]) => {
    const { groupPaymentId, attempt, currency } = parts.find(isAwaited) ?? {};
    if (groupPaymentId === undefined || !attempt || currency === undefined) return [];
    return {
      paymentId: groupPaymentId,
      charged: groupPaymentId,
      attempt: attempt.number,
      operation: attempt.operation,
      amount: sum(parts.map((part) => part.attempt?.amount ?? 0)),
      currency,
      final: false,
      idempotencyKey,
      waiting: parts.some((part) => part.attempt?.state === 'waiting'),
    };
  });
}
