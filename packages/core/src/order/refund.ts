import { minor, type Minor, sum } from '../money.ts';
import { type PaymentRefusal, refundFrom } from '../payment/decide.ts';
import { refundableOf } from '../payment/payment.ts';
import { err, ok, type Result } from '../result.ts';
import type { GiveRefund } from './commands.ts';
import type { EditRefusal } from './edit.ts';
import type { OrderHappening } from './events.ts';
import type { Line, LineQuantity, Order, Refund } from './order.ts';

/** Why a refund was not given. */
export type RefundRefusal =
  | Extract<EditRefusal, { code: 'LINE_NOT_FOUND' }>
  | PaymentRefusal
  | { readonly code: 'REFUND_EMPTY' }
  | { readonly code: 'REFUND_EXCEEDS_LINE'; readonly lineId: string; readonly refundable: number }
  | { readonly code: 'REFUND_EXCEEDS_SHIPPING'; readonly refundable: Minor };

/** Pieces of a line and what they cost: net of their share of the discount, with their share of the tax. */
export type RefundedLine = LineQuantity & { readonly amount: Minor; readonly tax: Minor };

/** What may still be given back of an order; `total` is what was taken and not yet given back. */
export type Refundable = {
  readonly lines: readonly RefundedLine[];
  readonly shipping: Minor;
  readonly total: Minor;
};

/** What may still be given back: never more in all than `total`, whatever the lines have cost. */
export const refundableOfOrder = (order: Order): Refundable => ({
  lines: order.lines
    .filter(({ quantity }) => quantity > 0)
    .map((line) => costOf(line, line.quantity - line.refundedQuantity)),
  shipping: minor(order.shipping - shippingRefunded(order)),
  total: sum(order.payments.map(refundableOf)),
});

/** What was given back of the shipping. */
export const shippingRefunded = ({ refunds }: Pick<Order, 'refunds'>): Minor =>
  sum(refunds.map(({ shipping = 0, failed }) => (failed ? 0 : shipping)));

/**
 * What the next pieces of a line cost. Its amounts are shared by the largest remainder, so the first pieces
 * may cost a cent more, and all pieces together cost what the line did.
 */
function costOf(line: Line, quantity: number): RefundedLine {
  const { id: lineId, refundedQuantity: from } = line;
  const upTo = (amount: Minor, count: number) =>
    Math.floor(amount / line.quantity) * count + Math.min(count, amount % line.quantity);
  const share = (amount: Minor) => minor(upTo(amount, from + quantity) - upTo(amount, from));
  const tax = share(line.tax);
  return { lineId, quantity, amount: minor(share(minor(line.total - line.discount)) + tax), tax };
}

type Refunded = Result<readonly OrderHappening[], RefundRefusal>;

/**
 * Gives back pieces of lines, shipping, or a free amount, as often as something is left. The money goes the
 * way it came, the last payment first, so that the first stays whole the longest; or where the command says.
 * Throws RangeError for counts below one and for negative amounts.
 */
export function refund(order: Order, command: GiveRefund, newId: () => string): Refunded {
  assertSound(command);
  const { reason, shipping, amount: free, to } = command;
  if (to === 'balance' && order.customerId === null) return err({ code: 'CUSTOMER_REQUIRED' });
  const lines = costsOf(order, command.lines);
  if (!lines.ok) return lines;
  const left = refundableOfOrder(order);
  if (shipping > left.shipping) return err({ code: 'REFUND_EXCEEDS_SHIPPING', refundable: left.shipping });
  const total = sum([...lines.value.map(({ amount }) => amount), shipping, free]);
  if (total === 0) return err({ code: 'REFUND_EMPTY' });
  if (total > left.total) return err({ code: 'REFUND_EXCEEDS_CAPTURED', refundable: left.total });

  const begun: Refund = {
    id: newId(),
    reason,
    parts: [],
    lines: lines.value,
    shipping,
    ...(to !== 'original' && { to }),
  };
  const told: OrderHappening[] = [{ type: 'refund.begun', refund: begun }];
  let open = total;
  for (const payment of order.payments.toReversed()) {
    const amount = Math.min(open, refundableOf(payment));
    if (amount === 0) continue;
    const part = refundFrom(payment, amount, begun);
    if (!part.ok) return part;
    told.push(...part.value);
    open -= amount;
  }
  return ok(told);
}

/** No grammar lets these through, so to meet one here is a fault of the program and not of a caller. */
function assertSound({ lines, shipping, amount }: GiveRefund): void {
  if (lines.some(({ quantity }) => !Number.isSafeInteger(quantity) || quantity < 1))
    throw new RangeError('refund: a line is of at least one whole piece');
  if (minor(shipping) < 0 || minor(amount) < 0) throw new RangeError('refund: no amount may be negative');
}

/** The pieces that are asked for, each line once, with what they cost. */
function costsOf(order: Order, asked: readonly LineQuantity[]): Result<RefundedLine[], RefundRefusal> {
  const wanted = new Map<string, number>();
  for (const { lineId, quantity } of asked) wanted.set(lineId, (wanted.get(lineId) ?? 0) + quantity);
  const costs: RefundedLine[] = [];
  for (const [lineId, quantity] of wanted) {
    const line = order.lines.find(({ id }) => id === lineId);
    if (!line) return err({ code: 'LINE_NOT_FOUND', id: lineId });
    const refundable = line.quantity - line.refundedQuantity;
    if (quantity > refundable) return err({ code: 'REFUND_EXCEEDS_LINE', lineId, refundable });
    costs.push(costOf(line, quantity));
  }
  return ok(costs);
}
