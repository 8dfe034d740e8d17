import { allocate, minor, type Minor } from '../money.ts';
import { newPayment, type PaymentMethod } from '../payment/payment.ts';
import { err, ok, type Result } from '../result.ts';
import { blankOrder, type DraftRequest } from './draft.ts';
import type { OrderEvent } from './events.ts';
import { newLine, storeOf } from './line.ts';
import type { Address, Line, Order } from './order.ts';
import { pickLines, remainingOf, type Portion, type Remaining, type Shelf, type Shortage } from './shelf.ts';
import { priceLines, totalsOf } from './totals.ts';

/** One wanted line: a variant, how many, and what the client says it costs. */
export type AskedLine = {
  readonly variantId: string;
  /** What the client called the product; kept on the line for its answers. */
  readonly ref: string;
  readonly quantity: number;
  /** An assertion of the price of one piece; `null` takes the catalogue's. */
  readonly unitPrice: Minor | null;
  /** Where the line stood in the request that was split; refusals name it by that. */
  readonly position?: number;
};

/** An order's place among those of one group, and its share of their shipping: `weights[at]` of all. */
export type GroupPart = { readonly id: string; readonly weights: readonly Minor[]; readonly at: number };

/** One order that somebody wants to place. */
export type PlaceRequest = DraftRequest & {
  /** Every line must be of this store when it is given. */
  readonly storeId: string | null;
  readonly lines: readonly AskedLine[];
  /** `reject` places all lines or none; `partial` takes each line whole or not at all (S1-11). */
  readonly onShortage: 'reject' | 'partial';
  /** Whether the client's `unitPrice` stands although the catalogue says otherwise. */
  readonly overridePrice: boolean;
  readonly discount: Minor;
  /** Whether the tenant's taxes and shipping apply (not in the balance and service families). */
  readonly charged: boolean;
  /** Pays from the customer's balance and confirms in the same step (S0). */
  readonly payFromBalance: boolean;
  readonly paymentMethod: PaymentMethod | null;
  readonly shippingMethod: string | null;
  readonly shippingAddress: Address | null;
  readonly billingAddress: Address | null;
  readonly notes: string | null;
  /** Only where the request is one of several that were one (`split`). */
  readonly group?: GroupPart;
};

/** A request from what is said of it: whatever is not said is left out, charged as usual and paid later. */
export const placeRequest = (said: SaidOfRequest): PlaceRequest => ({
  origin: 'api',
  customerId: null,
  userId: null,
  storeId: null,
  onShortage: 'reject',
  overridePrice: false,
  discount: 0,
  charged: true,
  payFromBalance: false,
  paymentMethod: null,
  shippingMethod: null,
  shippingAddress: null,
  billingAddress: null,
  notes: null,
  ...said,
});
type SaidOfRequest = Pick<PlaceRequest, 'id' | 'at' | 'lines'> & Partial<PlaceRequest>;

/** What the requests of a batch compete for: the locked shelf, and what each balance can still pay. */
export type House = { readonly shelf: Shelf; readonly purses: ReadonlyMap<string, Minor> };

/** The tenant's prices around the lines, and where ids come from. */
export type PlaceRules = {
  readonly currency: string;
  /** Basis points by tax class. */
  readonly taxRates: Readonly<Record<string, number>>;
  /** The price of each shipping method. */
  readonly shippingMethods: Readonly<Record<string, Minor>>;
  /** Whether there is a gateway that takes cards. */
  readonly gateway?: boolean;
  readonly newId: () => string;
};

/** Why an order was not placed. `line` is the position in the request. */
export type PlaceRefusal =
  | { readonly code: 'ORDER_EMPTY' }
  | { readonly code: 'PRODUCT_UNKNOWN'; readonly line: number; readonly ref: string }
  | { readonly code: 'STORE_MISMATCH'; readonly line: number; readonly ref: string }
  | { readonly code: 'PRICE_MISMATCH'; readonly line: number; readonly asked: Minor; readonly price: Minor }
  | { readonly code: 'SHIPPING_METHOD_UNKNOWN'; readonly method: string }
  | { readonly code: 'TOTAL_TOO_LARGE' }
  | { readonly code: 'CUSTOMER_REQUIRED' }
  | { readonly code: 'INSUFFICIENT_STOCK'; readonly shortages: readonly Shortage[] }
  | { readonly code: 'INSUFFICIENT_BALANCE'; readonly required: Minor; readonly available: Minor };

/** An order that was placed: the events that tell it, and the lines that had to be left out (`partial`). */
export type Placed = { readonly events: readonly OrderEvent[]; readonly shortages: readonly Shortage[] };

/**
 * Places a batch of orders one after the other: each sees the stock and the balances that those
 * before it left and gets its own answer, so the batch is worth exactly some serial order. The house is left
 * as it was. Throws RangeError for quantities below one and for negative amounts.
 */
export function place(
  requests: readonly PlaceRequest[],
  house: House,
  rules: PlaceRules,
): Result<Placed, PlaceRefusal>[] {
  const left = leftOf(house);
  return requests.map((request) => placeOne(request, left, rules));
}

/** What a house still has while a batch is decided. */
export type Left = { readonly remaining: Remaining; readonly purses: Map<string, Minor> };

/** Opens a house for taking; the house itself is never changed. */
export const leftOf = ({ shelf, purses }: House): Left => ({
  remaining: remainingOf(shelf),
  purses: new Map(purses),
});

/** Decides one request of a batch; what it takes is gone for those after it. */
export function placeOne(request: PlaceRequest, left: Left, rules: PlaceRules): Result<Placed, PlaceRefusal> {
  assertSound(request);
  const fault = faultOf(request, left.remaining, rules);
  if (fault) return err(fault);
  const picked = pickLines(request.lines, left.remaining, request.onShortage);
  if (!picked.ok) return picked;

  const { picks, shortages } = picked.value;
  const shelf = left.remaining.shelf;
  const priced = priceLines(
    picks.map((pick, position) => lineOf(pick, position, { request, shelf, newId: rules.newId })),
    request.discount,
    (line) => (request.charged ? taxOf(shelf.get(line.variantId)?.taxClass, rules) : 0),
  );
  const order = orderOf(request, priced, rules);
  const step = { version: order.version, at: request.at };
  const events: OrderEvent[] = [
    { type: 'order.placed', ...step, order },
    ...shortages.map(({ line: _, ...short }): OrderEvent => ({ type: 'stock.short', ...step, ...short })),
  ];
  if (request.payFromBalance) {
    const paid = payAtOnce(order, left.purses, rules.newId);
    if (!paid.ok) return paid;
    events.push(...paid.value);
  }
  left.remaining.take(picks);
  return ok({ events, shortages });
}

/** What a class is taxed with, in basis points; a class without a rate is not taxed. */
export const taxOf = (taxClass: string | undefined, { taxRates }: PlaceRules): number =>
  taxClass !== undefined && Object.hasOwn(taxRates, taxClass) ? (taxRates[taxClass] ?? 0) : 0;

/** No grammar lets these through, so to meet one here is a fault of the program and not of a caller. */
function assertSound({ lines, discount }: PlaceRequest): void {
  for (const { quantity, unitPrice } of lines)
    if (!Number.isSafeInteger(quantity) || quantity < 1 || (unitPrice ?? 0) < 0)
      throw new RangeError('place: a line is of at least one whole piece, at a price that is not negative');
  if (discount < 0) throw new RangeError('place: the discount must not be negative');
}

/** Leaves room for tax and shipping, so that no later sum can pass 2^53. */
export const worthMax = Number.MAX_SAFE_INTEGER / 8;

/** What is wrong with a request before any stock is counted. */
function faultOf(request: PlaceRequest, remaining: Remaining, rules: PlaceRules): PlaceRefusal | null {
  if (request.lines.length === 0) return { code: 'ORDER_EMPTY' };
  if (request.payFromBalance && !request.customerId) return { code: 'CUSTOMER_REQUIRED' };
  if (request.shippingMethod !== null && !Object.hasOwn(rules.shippingMethods, request.shippingMethod))
    return { code: 'SHIPPING_METHOD_UNKNOWN', method: request.shippingMethod };
  let worth = 0;
  for (const [line, asked] of request.lines.entries()) {
    const item = remaining.shelf.get(asked.variantId);
    if (!item?.active || item.currency !== rules.currency)
      return { code: 'PRODUCT_UNKNOWN', line, ref: asked.ref };
    if (request.storeId !== null && item.storeId !== request.storeId)
      return { code: 'STORE_MISMATCH', line, ref: asked.ref };
    if (asked.unitPrice !== null && asked.unitPrice !== item.price && !request.overridePrice)
      return { code: 'PRICE_MISMATCH', line, asked: asked.unitPrice, price: item.price };
    worth += (asked.unitPrice ?? item.price) * asked.quantity;
  }
  return worth > worthMax ? { code: 'TOTAL_TOO_LARGE' } : null;
}

type LineParts = { readonly request: PlaceRequest; readonly shelf: Shelf; readonly newId: () => string };

function lineOf(pick: Portion, position: number, { request, shelf, newId }: LineParts): Line {
  const asked = request.lines[pick.line];
  const item = shelf.get(pick.variantId);
  if (!asked || !item) throw new RangeError('a pick is always of an asked line and a known item');
  const { locationId, quantity } = pick;
  const unitPrice = asked.unitPrice ?? item.price;
  return newLine(item, { id: newId(), position, locationId, quantity, ref: asked.ref, unitPrice });
}

function orderOf(request: PlaceRequest, lines: readonly Line[], rules: PlaceRules): Order {
  const method = request.charged ? request.shippingMethod : null;
  const shipping = shippingOf(request, method === null ? 0 : (rules.shippingMethods[method] ?? 0));
  const totals = totalsOf(lines, shipping);
  const charges: Order['charges'][number][] = [];
  if (method !== null) charges.push({ id: rules.newId(), kind: 'SHIPPING', label: method, amount: shipping });
  if (totals.discount > 0)
    charges.push({ id: rules.newId(), kind: 'DISCOUNT', label: 'discount', amount: totals.discount });
  return {
    ...blankOrder(request, rules.currency),
    ...totals,
    status: 'PENDING',
    groupId: request.group?.id ?? null,
    storeId: request.storeId ?? storeOf(lines),
    lines,
    charges,
    paymentMethod: request.payFromBalance ? 'balance' : request.paymentMethod,
    shippingMethod: request.shippingMethod,
    shippingAddress: request.shippingAddress,
    billingAddress: request.billingAddress ?? request.shippingAddress,
    notes: request.notes,
    placedAt: request.at,
  };
}

/** A group is shipped at the price of one order: each of its orders carries its share. */
const shippingOf = ({ group }: PlaceRequest, price: Minor): Minor =>
  group ? (allocate(price, group.weights)[group.at] ?? 0) : price;

/** S0: the whole total is taken from the balance and the order is confirmed (T2, P3 and T6 in one step). */
function payAtOnce(
  order: Order,
  purses: Map<string, Minor>,
  newId: () => string,
): Result<OrderEvent[], PlaceRefusal> {
  const { customerId, currency, total: amount, version, updatedAt: at } = order;
  const confirmed: OrderEvent = { type: 'order.confirmed', version, at };
  if (customerId === null || amount === 0) return ok([confirmed]);
  const purse = purses.get(customerId) ?? 0;
  if (purse < amount) return err({ code: 'INSUFFICIENT_BALANCE', required: amount, available: purse });
  purses.set(customerId, minor(purse - amount));
  const payment = newPayment({ id: newId(), method: 'balance', amount, currency, at });
  return ok([
    { type: 'payment.created', version, at, payment },
    { type: 'payment.captured', version, at, paymentId: payment.id, amount },
    confirmed,
  ]);
}
