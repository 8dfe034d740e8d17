import { type PaymentStatusWord, paymentStatusWordOf, statusWordOf } from './contracts/api.ts';
import { formatMoney, sum } from './money.ts';
import { type OrderStatus, statuses } from './order/order.ts';
import { type PaymentMethod, paymentMethods, type PaymentStatus } from './payment/payment.ts';

/**
 * What a group of things has in common with others is their month, as `2026-11` (UTC). Its money is in minor
 * units, and all of a large shop together may be more than a number holds.
 */
type Group = {
  readonly month: string;
  readonly count: number;
  readonly captured: bigint;
  readonly refunded: bigint;
};

/** So many orders of one status and month, and the money of their payments. */
export type OrderGroup = Group & { readonly status: OrderStatus };

/** So many payments of one status, method and month, and their money. */
export type PaymentGroup = Group & { readonly status: PaymentStatus; readonly method: PaymentMethod };

/** The scores that customers gave: their sum and how many there are. */
export type Scores = { readonly sum: number; readonly count: number };

const counters: Readonly<Record<Exclude<OrderStatus, 'DRAFT'>, Counter>> = {
  PENDING: 'pending_orders',
  CONFIRMED: 'processing_orders',
  PROCESSING: 'processing_orders',
  SHIPPED: 'shipped_orders',
  OUT_FOR_DELIVERY: 'shipped_orders',
  DELIVERED: 'delivered_orders',
  CLOSED: 'delivered_orders',
  CANCELLED: 'cancelled_orders',
  REFUNDED: 'refunded_orders',
};
type Counter = `${'pending' | 'processing' | 'shipped' | 'delivered' | 'cancelled' | 'refunded'}_orders`;

/** The statistics of orders in the keys of the api dialect (S2-81 … S2-86), without the newest orders. */
export type OrderStats = Readonly<Record<'total_orders' | Counter, number>> & {
  readonly total_revenue: string;
  readonly average_order_value: string;
  readonly orders_by_status: Readonly<Record<string, number>>;
  readonly orders_by_month: Readonly<Record<string, number>>;
  readonly customer_satisfaction: string | null;
};

/**
 * Adds up orders of one currency. Drafts are not counted; the six counters, the months and the statuses each
 * add up to `total_orders` (I-24).
 */
export function orderStats(
  groups: readonly OrderGroup[],
  { currency, scores }: { readonly currency: string; readonly scores: Scores },
): OrderStats {
  const counted = groups.filter(({ status, count }) => status !== 'DRAFT' && count > 0);
  const of = (counter: Counter) =>
    countOf(counted.filter(({ status }) => status !== 'DRAFT' && counters[status] === counter));
  const total = countOf(counted);
  const revenue = added(counted.map(({ captured, refunded }) => captured - refunded));
  return {
    total_orders: total,
    pending_orders: of('pending_orders'),
    processing_orders: of('processing_orders'),
    shipped_orders: of('shipped_orders'),
    delivered_orders: of('delivered_orders'),
    cancelled_orders: of('cancelled_orders'),
    refunded_orders: of('refunded_orders'),
    total_revenue: formatMoney(revenue, currency),
    average_order_value: formatMoney(total === 0 ? 0 : ratio(revenue, BigInt(total)), currency),
    orders_by_status: countedBy(counted, ({ status }) => statusWordOf(status), statuses.map(statusWordOf)),
    orders_by_month: months(counted),
    customer_satisfaction: scores.count === 0 ? null : decimal(scores.sum, scores.count, 2),
  };
}

/** The statistics of payments in the keys of the api dialect, without the newest payments. */
export type PaymentStats = Readonly<Record<'total_payments' | `${PaymentStatusWord}_payments`, number>> & {
  readonly total_amount: string;
  readonly refunded_amount: string;
  readonly success_rate: string;
  readonly payments_by_method: Readonly<Record<string, number>>;
  readonly payments_by_month: Readonly<Record<string, number>>;
};

/**
 * Adds up payments of one currency: counters, methods and months each add up to `total_payments` (I-24). A
 * group may have money and no payment: that of a payment for several orders, which is counted once.
 */
export function paymentStats(counted: readonly PaymentGroup[], currency: string): PaymentStats {
  const of = (word: PaymentStatusWord) =>
    countOf(counted.filter(({ status }) => paymentStatusWordOf(status) === word));
  const [pending, paid, refunded, failed] = [of('pending'), of('paid'), of('refunded'), of('failed')];
  return {
    total_payments: countOf(counted),
    pending_payments: pending,
    paid_payments: paid,
    refunded_payments: refunded,
    failed_payments: failed,
    total_amount: formatMoney(added(counted.map(({ captured }) => captured)), currency),
    refunded_amount: formatMoney(added(counted.map((group) => group.refunded)), currency),
    success_rate: decimal(paid + refunded, paid + refunded + failed, 4),
    payments_by_method: countedBy(counted, ({ method }) => method, paymentMethods),
    payments_by_month: months(counted),
  };
}

const countOf = (groups: readonly Group[]): number => sum(groups.map(({ count }) => count));

const months = (groups: readonly Group[]): Record<string, number> =>
  countedBy(groups, ({ month }) => month, [...new Set(groups.map(({ month }) => month))].toSorted());

/** How many there are of each word that occurs, in the given order of words. */
function countedBy<G extends Group>(
  groups: readonly G[],
  wordOf: (group: G) => string,
  words: readonly string[],
): Record<string, number> {
  const counts = words.map(
    (word) => [word, countOf(groups.filter((group) => wordOf(group) === word))] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

const added = (amounts: readonly bigint[]): bigint => amounts.reduce((all, amount) => all + amount, 0n);

/** A whole number of parts, rounded half to even; neither may be negative. */
function ratio(amount: bigint, parts: bigint): bigint {
  const floor = amount / parts;
  const twice = (amount % parts) * 2n;
  const up = twice > parts || (twice === parts && floor % 2n !== 0n);
  return up ? floor + 1n : floor;
}

/** A ratio as a decimal text with so many digits; of nothing it is nought. */
function decimal(amount: number, parts: number, digits: number): string {
  const scale = 10 ** digits;
  const scaled = parts === 0 ? 0n : ratio(BigInt(amount) * BigInt(scale), BigInt(parts));
  return `${scaled / BigInt(scale)}.${String(scaled % BigInt(scale)).padStart(digits, '0')}`;
}
