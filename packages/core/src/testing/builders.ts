import type { OrderCommand } from '../order/commands.ts';
import type { DecideContext } from '../order/decide.ts';
import { draft } from '../order/draft.ts';
import type { OrderPolicy } from '../order/lifecycle.ts';
import type { Instant, Line, Order } from '../order/order.ts';
import { type House, placeRequest, type PlaceRequest, type PlaceRules } from '../order/place.ts';
import type { Shelf, ShelfItem } from '../order/shelf.ts';
import { totalsOf } from '../order/totals.ts';
import { newPayment, type Payment } from '../payment/payment.ts';

/** The moment at which everything in a test happens unless it says otherwise. */
export const now: Instant = '2026-11-21T09:00:00.000Z';

/** Ids that count up, `id-1`, `id-2` …, so that a test can name them. */
export const ids = (prefix = 'id'): (() => string) => {
  let count = 0;
  return () => `${prefix}-${++count}`;
};

/** One piece of tea for 25.00. Name only what the test is about. */
export const aLine = (but: Partial<Line> = {}): Line => {
  const line: Omit<Line, 'total'> = {
    id: 'line-1',
    position: 0,
    productId: 'product-tea',
    variantId: 'tea',
    storeId: 'store-1',
    locationId: 'main',
    sku: 'TEA-1',
    name: 'Tea',
    requestedRef: 'tea',
    unitPrice: 2_500,
    priceSource: 'catalog',
    quantity: 1,
    cancelledQuantity: 0,
    shippedQuantity: 0,
    deliveredQuantity: 0,
    returnedQuantity: 0,
    refundedQuantity: 0,
    discount: 0,
    tax: 0,
    ...but,
  };
  return { total: line.unitPrice * line.quantity, ...line, ...but };
};

/** A pending order of one line, with the totals of its lines. Name only what the test is about. */
export const anOrder = (but: Partial<Order> = {}): Order => {
  const { order } = draft({ id: 'order-1', at: now, origin: 'api', customerId: 'ann', userId: null }, 'USD');
  const lines = but.lines ?? [aLine()];
  const totals = totalsOf(lines, but.shipping ?? 0);
  return {
    ...order,
    number: 'ORD-20261121-0001',
    status: 'PENDING',
    lines,
    ...totals,
    placedAt: now,
    ...but,
  };
};

/** A payment of 25.00 in cash that nothing has happened to. */
export const aPayment = (but: Partial<Payment> = {}): Payment => ({
  ...newPayment({ id: 'payment-1', method: 'cash', amount: 2_500, currency: 'USD', at: now }),
  ...but,
});

/** Tea at 25.00, ten of it in the main house. */
export const aShelfItem = (but: Partial<ShelfItem> = {}): ShelfItem => {
  const { variantId = 'tea' } = but;
  return {
    productId: `product-${variantId}`,
    variantId,
    storeId: 'store-1',
    sku: variantId.toUpperCase(),
    name: variantId,
    price: 2_500,
    currency: 'USD',
    taxClass: 'standard',
    active: true,
    levels: [{ locationId: 'main', sellable: 10 }],
    ...but,
  };
};

/** A shelf of the given items; of tea alone when none is given. */
export const aShelf = (...items: readonly ShelfItem[]): Shelf =>
  new Map((items.length > 0 ? items : [aShelfItem()]).map((item) => [item.variantId, item]));

/** A shelf of tea and customer `ann` with a balance of 100.00. */
export const aHouse = (but: Partial<House> = {}): House => ({
  shelf: aShelf(),
  purses: new Map([['ann', 10_000]]),
  ...but,
});

/** Customer `ann` wants one tea at the catalogue's price. */
export const aPlaceRequest = (but: Partial<PlaceRequest> = {}): PlaceRequest =>
  placeRequest({
    id: 'order-1',
    at: now,
    customerId: 'ann',
    lines: [{ variantId: 'tea', ref: 'tea', quantity: 1, unitPrice: null }],
    ...but,
  });

/** A tenant in dollars with two taxes and two ways of shipping. */
export const rules = (but: Partial<PlaceRules> = {}): PlaceRules => ({
  currency: 'USD',
  taxRates: { standard: 2_000, reduced: 725 },
  shippingMethods: { standard: 500, express: 1_500 },
  newId: ids(),
  ...but,
});

/** A tenant that ships unpaid orders, and a caller who may cancel shipped ones. */
export const policy = (but: Partial<OrderPolicy> = {}): OrderPolicy => ({
  requirePaidBefore: 'none',
  cancelShipped: true,
  ...but,
});

/** All that a decision looks at besides the order. */
export const aContext = (but: Partial<DecideContext> = {}): DecideContext => ({
  at: now,
  policy: policy(),
  house: aHouse(),
  rules: rules(),
  ...but,
});

type Sample = { readonly [Type in OrderCommand['type']]: Extract<OrderCommand, { type: Type }> };

/** One command of every type, on the payment `payment-1` where it needs one. */
export const everyCommand: Sample = {
  placeDraft: { type: 'placeDraft' },
  confirmDraft: { type: 'confirmDraft', declaredTotal: 1_000 },
  editOrder: { type: 'editOrder', lines: [{ variantId: 'tea', ref: 'tea', quantity: 2 }] },
  describeOrder: { type: 'describeOrder', details: { notes: 'ring twice', trackingNumber: 'TRACK-2' } },
  discardDraft: { type: 'discardDraft', reason: 'changed my mind' },
  confirmOrder: { type: 'confirmOrder' },
  startProcessing: { type: 'startProcessing' },
  shipOrder: { type: 'shipOrder', trackingNumber: 'TRACK-1' },
  markOutForDelivery: { type: 'markOutForDelivery' },
  deliverOrder: { type: 'deliverOrder' },
  cancelOrder: { type: 'cancelOrder', reason: 'changed my mind' },
  refundOrder: { type: 'refundOrder', reason: 'came back' },
  closeOrder: { type: 'closeOrder' },
  refund: { type: 'refund', lines: [], shipping: 0, amount: 500, to: 'original', reason: 'sorry' },
  rateOrder: { type: 'rateOrder', score: 5, comment: 'thank you', by: 'ann' },
  createPayment: { type: 'createPayment', method: 'cash', amount: null, reference: null, process: false },
  authorizePayment: { type: 'authorizePayment', paymentId: 'payment-1' },
  processPayment: { type: 'processPayment', paymentId: 'payment-1' },
  capturePayment: { type: 'capturePayment', paymentId: 'payment-1', amount: 1_000, final: false },
  voidPayment: { type: 'voidPayment', paymentId: 'payment-1' },
  describePayment: { type: 'describePayment', paymentId: 'payment-1', reference: 'T-1' },
  deletePayment: { type: 'deletePayment', paymentId: 'payment-1' },
  expirePayment: { type: 'expirePayment', paymentId: 'payment-1' },
  reportPayment: {
    type: 'reportPayment',
    paymentId: 'payment-1',
    reportId: 'report-1',
    kind: 'captured',
    amount: 1_000,
    currency: 'USD',
    at: now,
  },
  failPayment: {
    type: 'failPayment',
    paymentId: 'payment-1',
    failure: { code: 'declined', message: 'The bank said no.' },
  },
  refundPayment: { type: 'refundPayment', paymentId: 'payment-1', amount: null, reason: 'came back' },
};

/** What the orders of a group come to together (I-20): a group has no amounts of its own. */
export function groupTotals(orders: readonly Order[]) {
  const of = (pick: (order: Order) => number) => orders.reduce((total, order) => total + pick(order), 0);
  return {
    subtotal: of(({ subtotal }) => subtotal),
    discount: of(({ discount }) => discount),
    shipping: of(({ shipping }) => shipping),
    tax: of(({ tax }) => tax),
    total: of(({ total }) => total),
    paid: of(({ paid }) => paid),
    refunded: of(({ refunded }) => refunded),
  };
}
