import { type Minor, sum } from '../money.ts';
import type { Order } from '../order/order.ts';
import { doneOf, elsewhere, type GatewayOperation, type GatewayReport, isAwaited } from './gateway.ts';
import { begins, type Payment } from './payment.ts';

/** One order's part of a payment of its group. */
export type Part = { readonly order: Order; readonly payment: Payment };

/**
 * The parts that a gateway was asked to charge: what it says is of them. A part that was left out is not of
 * them, nor one whose try failed and that was left out of the next.
 */
export function chargedOf(parts: readonly Part[]): readonly Part[] {
  const last = Math.max(...parts.map(({ payment }) => payment.attempt?.number ?? 0));
  const charged = parts.filter(({ payment: { attempt } }) => {
    if (!attempt) return false;
    return !begins(attempt) || attempt.state !== 'failed' || attempt.number === last;
  });
  return charged.length > 0 ? charged : parts;
}

/**
 * A gateway's total for the whole, part by part. What is new in it belongs first to the part whose request it
 * answers, then to the others that asked for such, and then it fills one part after the other, so that a
 * larger total never makes a share smaller; what is let go fills them from the other end.
 */
export function reportedShares(
  { kind, amount, part }: GatewayReport,
  parts: readonly Part[],
): readonly Minor[] {
  const operations = asking[kind];
  if (!operations) return parts.map(() => 0);
  const known = parts.map((one) => knownOf(one, kind));
  const asked = parts.map(({ payment }) => openOf(payment, operations));
  const own = parts.map(({ payment: { id } }, at) => (id === part ? (asked[at] ?? 0) : 0));
  const rooms = parts.map(({ order, payment }, at) => {
    const away = kind === 'refunded' ? elsewhere(order, payment.id) : 0;
    return Math.max(0, payment.amount - away - (known[at] ?? 0));
  });
  const first = filled(amount - sum(known), least(own, rooms));
  const second = added(first, filled(amount - sum(added(known, first)), less(least(asked, rooms), first)));
  const left = less(rooms, second);
  const open = amount - sum(added(known, second));
  const rest = kind === 'voided' ? filled(open, left.toReversed()).toReversed() : filled(open, left);
  return added(known, added(second, rest));
}

/** What is asked of a gateway for it to say so. */
const asking: Partial<Record<GatewayReport['kind'], readonly GatewayOperation[]>> = {
  authorized: ['authorize', 'charge'],
  captured: ['capture', 'charge'],
  voided: ['void'],
  refunded: ['refund'],
};

/** What the gateway has said before of one part; what went back by another way was not by the gateway. */
function knownOf({ order, payment }: Part, kind: GatewayReport['kind']): Minor {
  const { authorized, captured, voided, refunded } = payment;
  if (kind === 'refunded') return Math.max(0, refunded - elsewhere(order, payment.id));
  return kind === 'authorized' ? authorized : kind === 'captured' ? captured : voided;
}

/** What a part still waits for. */
function openOf(payment: Payment, operations: readonly GatewayOperation[]): Minor {
  const { attempt } = payment;
  if (!attempt || !operations.includes(attempt.operation) || !isAwaited(payment)) return 0;
  return Math.max(0, attempt.target - doneOf(payment, attempt.operation));
}

const pairwise =
  (of: (a: Minor, b: Minor) => Minor) =>
  (all: readonly Minor[], others: readonly Minor[]): Minor[] =>
    all.map((one, at) => of(one, others[at] ?? 0));
const added = pairwise((a, b) => a + b);
const less = pairwise((a, b) => Math.max(0, a - b));
const least = pairwise(Math.min);

function filled(total: Minor, rooms: readonly Minor[]): Minor[] {
  let left = Math.max(0, total);
  return rooms.map((room) => {
    const share = Math.min(left, room);
    left -= share;
    return share;
  });
}
