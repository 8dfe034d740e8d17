import { sum } from '../money.ts';
import { evolvePayment, type PaymentHappened } from '../payment/evolve.ts';
import { heldOf } from '../payment/payment.ts';
import type { OrderEvent } from './events.ts';
import {
  type Fulfillment,
  type FulfillmentFacet,
  type Line,
  openQuantity,
  type Order,
  type PaymentFacet,
  type Refund,
  type Return,
} from './order.ts';

/** Remembers what happened; what has happened cannot be refused. Throws only when its beginning is lost. */
export function evolve(order: Order | null, event: OrderEvent): Order {
  const next = remember(order, event);
  return withFacets({ ...next, version: event.version, updatedAt: event.at });
}

/** Rebuilds an order from all its events: the stored order, exactly (I-12). */
export function fold(events: readonly OrderEvent[]): Order {
  let order: Order | null = null;
  for (const event of events) order = evolve(order, event);
  if (!order) throw new RangeError('fold: an order begins with an event');
  return order;
}

function remember(order: Order | null, event: OrderEvent): Order {
  if (event.type === 'order.drafted' || event.type === 'order.placed') return event.order;
  if (event.type === 'order.confirmed' && event.order) return event.order;
  if (!order) throw new RangeError(`evolve: ${event.type} needs an order`);
  const { at } = event;
  switch (event.type) {
    case 'order.confirmed':
      return { ...order, status: 'CONFIRMED', confirmedAt: at };
    case 'order.edited':
      return edited(order, event);
    case 'order.described':
      return described(order, event);
    case 'order.processing':
      return { ...order, status: 'PROCESSING', processingAt: at };
    case 'order.shipped':
      return shipped(order, event.fulfillments, at);
    case 'order.out_for_delivery':
      return {
        ...order,
        status: 'OUT_FOR_DELIVERY',
        outForDeliveryAt: at,
        ...onTheWay(order, 'OUT_FOR_DELIVERY'),
      };
    case 'order.delivered':
      return { ...order, status: 'DELIVERED', deliveredAt: at, ...handedOver(order) };
    case 'order.cancelled':
      return { ...order, status: 'CANCELLED', cancelledAt: at, ...calledOff(order, event.goods) };
    case 'order.refunded':
      return { ...order, status: 'REFUNDED', refundedAt: at };
    case 'orders.closed':
      return { ...order, status: 'CLOSED', closedAt: at };
    case 'order.rated':
      return { ...order, feedback: { score: event.score, comment: event.comment, at } };
    case 'order.deleted':
    case 'stock.short':
      return order;
    default:
      return settled(order, event);
  }
}

type Edited = Extract<OrderEvent, { type: 'order.edited' }>;

/** Its lines say what it is worth now: a total that was agreed before (S4-13) holds no longer. */
function edited(order: Order, event: Edited): Order {
  const { lines, charges, subtotal, discount, tax, total, storeId } = event;
  return { ...order, lines, charges, subtotal, discount, tax, total, storeId, declaredTotal: null };
}

type Described = Extract<OrderEvent, { type: 'order.described' }>;

/** A parcel that bears the order's tracking number bears its new one too. */
function described(order: Order, { details, worth }: Described): Order {
  const { trackingNumber } = details;
  const next = { ...order, ...details, ...(worth && { ...worth, declaredTotal: null }) };
  if (trackingNumber === undefined) return next;
  const fulfillments = order.fulfillments.map((parcel) =>
    parcel.trackingNumber === order.trackingNumber ? { ...parcel, trackingNumber } : parcel,
  );
  return { ...next, fulfillments };
}

type MoneyHappened = PaymentHappened | Extract<OrderEvent, { type: 'payment.created' | `refund.${string}` }>;

/** What became of the money. */
function settled(order: Order, event: MoneyHappened): Order {
  switch (event.type) {
    case 'payment.created':
      return { ...order, payments: [...order.payments, event.payment] };
    case 'refund.begun':
      return withRefundedPieces({ ...order, refunds: [...order.refunds, event.refund] }, event.refund, 1);
    case 'refund.failed':
      return refundFailed(order, event.refundId);
    default:
      return paid(order, event);
  }
}

function paid(order: Order, event: PaymentHappened): Order {
  const payments = order.payments.map((payment) =>
    payment.id === event.paymentId ? evolvePayment(payment, event) : payment,
  );
  if (event.type !== 'payment.refunded') return { ...order, payments };
  const part = { paymentId: event.paymentId, amount: event.amount };
  const begun = order.refunds.some(({ id }) => id === event.refundId);
  const refunds = begun
    ? order.refunds.map((refund) =>
        refund.id === event.refundId ? { ...refund, parts: [...refund.parts, part] } : refund,
      )
    : [...order.refunds, { id: event.refundId, reason: event.reason, parts: [part] }];
  return { ...order, payments, refunds };
}

function refundFailed(order: Order, refundId: string): Order {
  const refund = order.refunds.find(({ id }) => id === refundId);
  if (!refund || refund.failed) return order;
  const refunds = order.refunds.map((one) => (one === refund ? { ...one, failed: true as const } : one));
  return withRefundedPieces({ ...order, refunds }, refund, -1);
}

const withRefundedPieces = (order: Order, { lines = [] }: Refund, sign: 1 | -1): Order => ({
  ...order,
  lines: order.lines.map((line) => {
    const quantity = lines.find(({ lineId }) => lineId === line.id)?.quantity ?? 0;
    return { ...line, refundedQuantity: line.refundedQuantity + sign * quantity };
  }),
});

function shipped(order: Order, fulfillments: readonly Fulfillment[], at: string): Order {
  const left = new Map<string, number>();
  for (const { lineId, quantity } of fulfillments.flatMap(({ lines }) => lines))
    left.set(lineId, (left.get(lineId) ?? 0) + quantity);
  return {
    ...order,
    status: 'SHIPPED',
    shippedAt: at,
    trackingNumber: fulfillments[0]?.trackingNumber ?? order.trackingNumber,
    fulfillments: [...order.fulfillments, ...fulfillments],
    lines: order.lines.map((line) => ({
      ...line,
      shippedQuantity: line.shippedQuantity + (left.get(line.id) ?? 0),
    })),
  };
}

const onTheWay = (order: Order, status: Fulfillment['status']): Pick<Order, 'fulfillments'> => ({
  fulfillments: order.fulfillments.map((fulfillment) => ({ ...fulfillment, status })),
});

const handedOver = (order: Order): Pick<Order, 'fulfillments' | 'lines'> => ({
  lines: order.lines.map((line) => ({ ...line, deliveredQuantity: line.shippedQuantity })),
  ...onTheWay(order, 'DELIVERED'),
});

const calledOff = (order: Order, goods: Return | null): Pick<Order, 'lines' | 'returns'> => ({
  lines: order.lines.map((line) => ({
    ...line,
    cancelledQuantity: line.cancelledQuantity + openQuantity(line),
  })),
  returns: goods ? [...order.returns, goods] : order.returns,
});

/** Status is earned, facets are derived. */
function withFacets(order: Order): Order {
  const paid = sum(order.payments.map(({ captured }) => captured));
  const refunded = sum(order.payments.map((payment) => payment.refunded));
  const held = sum(order.payments.map(heldOf));
  return {
    ...order,
    paid,
    refunded,
    paymentStatus:
      order.placedAt === null ? 'unpaid' : paymentFacetOf({ total: order.total, paid, refunded, held }),
    fulfillmentStatus: fulfillmentFacetOf(order.lines),
  };
}

/** The order's payment facet from its amounts; of an order that costs nothing, nothing is owed. */
export function paymentFacetOf(amounts: {
  total: number;
  paid: number;
  refunded: number;
  held: number;
}): PaymentFacet {
  const { total, paid, refunded, held } = amounts;
  if (refunded > 0) return refunded === paid ? 'refunded' : 'partially_refunded';
  if (paid > 0) return paid > total ? 'overpaid' : paid === total ? 'paid' : 'partially_paid';
  if (held > 0) return 'authorized';
  return total > 0 ? 'unpaid' : 'paid';
}

/** The order's fulfilment facet from the quantities of its lines. */
export function fulfillmentFacetOf(lines: readonly Line[]): FulfillmentFacet {
  const total = (pick: (line: Line) => number) => lines.reduce((pieces, line) => pieces + pick(line), 0);
  const ordered = total((line) => line.quantity - line.cancelledQuantity);
  const shippedPieces = total((line) => line.shippedQuantity);
  const delivered = total((line) => line.deliveredQuantity);
  const returned = total((line) => line.returnedQuantity);
  if (returned > 0) return returned === shippedPieces ? 'returned' : 'partially_returned';
  if (delivered > 0) return delivered === ordered ? 'delivered' : 'partially_delivered';
  if (shippedPieces > 0) return shippedPieces === ordered ? 'shipped' : 'partially_shipped';
  return 'unfulfilled';
}
