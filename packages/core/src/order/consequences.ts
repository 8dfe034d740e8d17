import { minor, type Minor } from '../money.ts';
import { accounts, entry, type Entry, type Posting, transfer } from '../payment/ledger.ts';
import { heldOf, type Payment } from '../payment/payment.ts';
import type { MoveKind, StockMove } from '../stock/stock.ts';
import type { OrderEvent } from './events.ts';
import { type Fulfillment, type Line, linesOf, openQuantity, type Order, type OrderStatus } from './order.ts';

/** What an event means for stock and money: data that the shell writes beside it. */
export type Consequences = {
  readonly moves: readonly StockMove[];
  readonly entries: readonly Entry[];
};

const nothing: Consequences = { moves: [], entries: [] };

/** The states whose lines hold stock (domain I-3). */
export const reservingStates: readonly OrderStatus[] = ['PENDING', 'CONFIRMED', 'PROCESSING'];

/** Says what follows from `event` for an order that was `before` (`null` when it begins with it). */
export function consequences(before: Order | null, event: OrderEvent): Consequences {
  switch (event.type) {
    case 'order.placed':
      return { ...nothing, moves: reserve(event.order) };
    case 'order.confirmed':
      return { ...nothing, moves: event.order ? reserve(event.order) : [] };
    case 'order.edited':
      return { ...nothing, moves: difference(known(before, event), event.lines) };
    case 'order.shipped': {
      const order = known(before, event);
      return {
        moves: event.fulfillments.flatMap((parcel) => shipMoves(order, parcel)),
        entries: recognition(order, event.fulfillments),
      };
    }
    case 'order.cancelled':
      return { ...nothing, moves: release(known(before, event)) };
    case 'order.drafted':
    case 'order.described':
    case 'order.processing':
    case 'order.out_for_delivery':
    case 'order.delivered':
    case 'order.refunded':
    case 'orders.closed':
    case 'order.rated':
    case 'order.deleted':
    case 'stock.short':
    case 'refund.begun':
    case 'refund.failed':
    case 'payment.created':
    case 'payment.described':
    case 'payment.deleted':
      return nothing;
    default:
      return { ...nothing, entries: moneyMoved(known(before, event), event) };
  }
}

function known(order: Order | null, { type }: OrderEvent): Order {
  if (!order) throw new RangeError(`consequences: ${type} needs an order`);
  return order;
}

const moveOf = (kind: MoveKind, line: Line, change: Pick<StockMove, 'onHand' | 'reserved'>): StockMove => ({
  kind,
  variantId: line.variantId,
  locationId: line.locationId,
  lineId: line.id,
  ...change,
});

const reserve = (order: Order): StockMove[] =>
  linesOf(order).map((line) => moveOf('RESERVE', line, { onHand: 0, reserved: line.quantity }));

/** An edit moves what a line holds more or less than before; a draft holds nothing. */
function difference(order: Order, lines: readonly Line[]): StockMove[] {
  if (!reservingStates.includes(order.status)) return [];
  const held = new Map(order.lines.map((line) => [line.id, openQuantity(line)]));
  return lines.flatMap((line) => {
    const reserved = openQuantity(line) - (held.get(line.id) ?? 0);
    if (reserved === 0) return [];
    return [moveOf(reserved > 0 ? 'RESERVE' : 'RELEASE', line, { onHand: 0, reserved })];
  });
}

/** Only what is still open goes back, and only where the order's state held it (I-6). */
const release = (order: Order): StockMove[] =>
  reservingStates.includes(order.status)
    ? order.lines
        .filter((line) => openQuantity(line) > 0)
        .map((line) => moveOf('RELEASE', line, { onHand: 0, reserved: -openQuantity(line) }))
    : [];

const shipMoves = (order: Order, { lines }: Fulfillment): StockMove[] =>
  lines.map(({ lineId, quantity }) =>
    moveOf('SHIP', lineOf(order, lineId), { onHand: -quantity, reserved: -quantity }),
  );

function lineOf(order: Order, lineId: string): Line {
  const line = order.lines.find(({ id }) => id === lineId);
  if (!line) throw new RangeError(`order ${order.id} has no line ${lineId}`);
  return line;
}

/** The part of `amount` for the pieces `from` … `to` of `of`: the parts of all pieces add up exactly. */
function part(amount: Minor, pieces: { from: number; to: number; of: number }): Minor {
  const upTo = (count: number) => (BigInt(amount) * BigInt(count)) / BigInt(pieces.of);
  return minor(Number(upTo(pieces.to) - upTo(pieces.from)));
}

/** What is shipped is earned: sales, tax and, with the first parcel, the shipping. */
function recognition(order: Order, fulfillments: readonly Fulfillment[]): Entry[] {
  const postings: Posting[] = [];
  for (const { lineId, quantity } of fulfillments.flatMap(({ lines }) => lines)) {
    const line = lineOf(order, lineId);
    const pieces = { from: line.shippedQuantity, to: line.shippedQuantity + quantity, of: line.quantity };
    postings.push(
      { account: accounts.sales(line.storeId), amount: part(line.total, pieces) },
      { account: accounts.discounts, amount: -part(line.discount, pieces) },
      { account: accounts.taxPayable, amount: part(line.tax, pieces) },
    );
  }
  if (order.fulfillments.length === 0)
    postings.push({ account: accounts.shippingIncome, amount: order.shipping });
  const earned = postings.reduce((total, { amount }) => minor(total + amount), 0);
  const funds = { account: accounts.orderFunds(order.id), amount: -earned };
  const made = entry('recognition', order.currency, [funds, ...postings]);
  return made.postings.length === 0 ? [] : [made];
}

type MoneyEvent = Extract<OrderEvent, { paymentId: string }>;

function moneyMoved(order: Order, event: MoneyEvent): Entry[] {
  const payment = order.payments.find(({ id }) => id === event.paymentId);
  if (!payment) throw new RangeError(`order ${order.id} has no payment ${event.paymentId}`);
  switch (event.type) {
    case 'payment.requested':
    case 'payment.action_required':
    case 'payment.request_failed':
    case 'payment.failed':
      return [];
    case 'payment.captured':
      return [capture(order, payment, event.amount)];
    case 'payment.refunded':
      return [refund(order, event.to ? { method: event.to } : payment, event.amount)];
    default:
      return hold(order, payment, event);
  }
}

/** Only a balance is really set aside; a gateway's authorisation moves no money. */
function hold(order: Order, payment: Payment, event: MoneyEvent): Entry[] {
  if (payment.method !== 'balance' || order.customerId === null) return [];
  const balance = accounts.balance(order.customerId);
  const held = accounts.held(order.customerId);
  if (event.type === 'payment.authorized')
    return [transfer('hold', order.currency, { debit: balance, credit: held, amount: event.amount })];
  const amount = heldOf(payment);
  const freed = event.type === 'payment.voided' ? Math.min(amount, event.amount) : amount;
  return freed > 0
    ? [transfer('release', order.currency, { debit: held, credit: balance, amount: freed })]
    : [];
}

/** Where the money of a payment comes from and goes back to. */
function sourceOf(order: Order, { method }: Pick<Payment, 'method'>): string {
  if (method === 'cash') return accounts.cash;
  if (method === 'balance' && order.customerId !== null) return accounts.balance(order.customerId);
  return accounts.gateway(method);
}

/** Money comes in; a balance pays from what it holds first. */
function capture(order: Order, payment: Payment, amount: Minor): Entry {
  const fromHold = payment.method === 'balance' ? Math.min(amount, heldOf(payment)) : 0;
  const postings = [
    { account: sourceOf(order, payment), amount: -(amount - fromHold) },
    { account: accounts.orderFunds(order.id), amount },
  ];
  if (fromHold > 0 && order.customerId !== null)
    postings.push({ account: accounts.held(order.customerId), amount: -fromHold });
  return entry('capture', order.currency, postings);
}

/** Money goes back: out of the order's funds or, once they are earned, out of refunds and their tax. */
function refund(order: Order, way: Pick<Payment, 'method'>, amount: Minor): Entry {
  const back = { account: sourceOf(order, way), amount };
  if (order.fulfillments.length === 0 || order.total === 0)
    return entry('refund', order.currency, [
      { account: accounts.orderFunds(order.id), amount: -amount },
      back,
    ]);
  // What was refunded and paid anew can be refunded again, but the tax of an order goes back only once.
  const upTo = (refunded: Minor) => Math.min(refunded, order.total);
  const pieces = { from: upTo(order.refunded), to: upTo(order.refunded + amount), of: order.total };
  const tax = part(order.tax, pieces);
  return entry('refund', order.currency, [
    { account: accounts.refunds, amount: -(amount - tax) },
    { account: accounts.taxPayable, amount: -tax },
    back,
  ]);
}
