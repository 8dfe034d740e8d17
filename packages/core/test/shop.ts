import type { OrderCommand } from '../src/order/commands.ts';
import { consequences } from '../src/order/consequences.ts';
import { decide, type DecideContext } from '../src/order/decide.ts';
import { draft } from '../src/order/draft.ts';
import type { OrderEvent } from '../src/order/events.ts';
import { evolve } from '../src/order/evolve.ts';
import { placeGroups, split } from '../src/order/group.ts';
import type { Order } from '../src/order/order.ts';
import { type House, placeRequest, type PlaceRules } from '../src/order/place.ts';
import { payGroup } from '../src/payment/group.ts';
import { accounts, type Entry, topUp } from '../src/payment/ledger.ts';
import { applyMove, sellable, type PlacedLevel, type StockMove } from '../src/stock/stock.ts';
import type { Seen } from '../src/testing/book.ts';
import { storeOfVariant } from '../src/testing/foresee.ts';
import { buyers, type OrderWish, prices, shippingPrices, type ShopWish } from '../src/testing/wishes.ts';
import { aShelfItem, policy } from '../src/testing.ts';

/** What became of a wish, and the orders that it changed. */
export type Became = {
  readonly what: 'accepted' | 'refused' | 'nothing';
  readonly changed: readonly number[];
};

/** A shop in memory: the core decides, and what follows is kept as the product keeps it. */
export type Shop = {
  readonly orders: Order[];
  readonly told: OrderEvent[][];
  readonly levels: Map<string, PlacedLevel[]>;
  readonly ledger: Map<string, number>;
  ids: number;
};

const at = '2026-11-21T09:00:00.000Z';
const refused: Became = { what: 'refused', changed: [] };
/** Where the pieces lie; more of them at the second place. */
const places = { main: 1, backroom: 3 };

/** A shop with so many pieces of everything and so much money of everybody. */
export function openShop(by: { readonly stock: number; readonly balance: number }): Shop {
  const ledger = new Map(buyers.map((buyer) => [accounts.balance(buyer), by.balance]));
  const whole = places.main + places.backroom;
  const levels = Object.keys(prices).map((variant): [string, PlacedLevel[]] => [
    variant,
    Object.entries(places).map(([locationId, share]) => ({
      locationId,
      onHand: (by.stock / whole) * share,
      reserved: 0,
      backorderLimit: 0,
    })),
  ]);
  return { orders: [], told: [], levels: new Map(levels), ledger, ids: 0 };
}

const houseOf = ({ levels, ledger }: Shop): House => {
  const items = Object.entries(prices).map(([variantId, price]) =>
    aShelfItem({
      variantId,
      price,
      storeId: storeOfVariant(variantId),
      levels: (levels.get(variantId) ?? []).map((level) => ({
        locationId: level.locationId,
        sellable: sellable(level),
      })),
    }),
  );
  return {
    shelf: new Map(items.map((item) => [item.variantId, item])),
    purses: new Map(buyers.map((buyer) => [buyer, ledger.get(accounts.balance(buyer)) ?? 0])),
  };
};

const rulesOf = (shop: Shop): PlaceRules => ({
  currency: 'USD',
  taxRates: { standard: 1_000 },
  shippingMethods: shippingPrices,
  gateway: true,
  newId: () => `id-${++shop.ids}`,
});

const contextOf = (shop: Shop, cancelShipped = true): DecideContext => ({
  at,
  policy: policy({ cancelShipped }),
  house: houseOf(shop),
  rules: rulesOf(shop),
});

/** Does what is wished, or nothing at all. */
export function grant(shop: Shop, wish: ShopWish): Became {
  switch (wish.do) {
    case 'place':
      return placed(shop, wish);
    case 'draft': {
      const origin = { id: rulesOf(shop).newId(), at, origin: 'api', userId: null } as const;
      const order = shop.orders.length;
      record(shop, order, [draft({ ...origin, customerId: wish.customer }, 'USD')]);
      return { what: 'accepted', changed: [order] };
    }
    case 'receive': {
      const moved = { kind: 'RECEIVE', lineId: null, onHand: wish.quantity, reserved: 0 } as const;
      move(shop, { ...moved, variantId: wish.variant, locationId: 'main' });
      return { what: 'accepted', changed: [] };
    }
    case 'topUp':
      post(shop, topUp(wish.customer, 'USD', { amount: wish.amount, reason: 'gift', source: 'adjustment' }));
      return { what: 'accepted', changed: [] };
    default:
      return dealt(shop, wish);
  }
}

function placed(shop: Shop, wish: Extract<ShopWish, { do: 'place' }>): Became {
  const house = houseOf(shop);
  const rules = rulesOf(shop);
  const request = placeRequest({
    id: rules.newId(),
    at,
    origin: wish.charged ? 'api' : 'service',
    customerId: wish.customer,
    charged: wish.charged,
    discount: wish.charged ? 0 : wish.discount,
    onShortage: wish.partial ? 'partial' : 'reject',
    shippingMethod: wish.shipping,
    lines: wish.lines.map(({ variant, quantity }) => ({
      variantId: variant,
      ref: variant,
      quantity,
      unitPrice: null,
    })),
  });
  const [answer] = placeGroups([split(request, house.shelf, rules.newId)], house, rules);
  if (!answer?.ok) return refused;
  const changed = answer.value.map(({ events }) => {
    record(shop, shop.orders.length, events);
    return shop.orders.length - 1;
  });
  return { what: 'accepted', changed };
}

function dealt(shop: Shop, wish: OrderWish): Became {
  const place = wish.order % Math.max(1, shop.orders.length);
  const order = shop.orders[place];
  if (!order) return refused;
  const command = commandOf(order, wish);
  if (!command) return refused;
  const context = contextOf(shop, wish.do !== 'status' || wish.cancelShipped);
  if (wish.do === 'pay' && wish.group && order.groupId !== null && command.type === 'createPayment') {
    const members = shop.orders.filter(({ groupId }) => groupId === order.groupId);
    const paid = payGroup(members, command, context);
    if (!paid.ok) return refused;
    const changed = paid.value.steps.map((step) => {
      const member = shop.orders.indexOf(step.order);
      record(shop, member, step.events);
      return member;
    });
    return { what: 'accepted', changed };
  }
  const answer = decide(order, command, context);
  if (!answer.ok) return refused;
  if (answer.value.length === 0) return { what: 'nothing', changed: [place] };
  record(shop, place, answer.value);
  return { what: 'accepted', changed: [place] };
}

const reason = 'a wish';

function commandOf(order: Order, wish: OrderWish): OrderCommand | undefined {
  switch (wish.do) {
    case 'status': {
      const { command: type } = wish;
      if (type === 'shipOrder') return { type, trackingNumber: null };
      if (type === 'discardDraft' || type === 'cancelOrder' || type === 'refundOrder')
        return { type, reason };
      return { type };
    }
    case 'confirmDraft':
      return { type: 'confirmDraft', declaredTotal: order.total + wish.off };
    case 'edit': {
      const lines = wish.lines.map(({ variant, quantity }) => ({
        variantId: variant,
        ref: variant,
        quantity,
      }));
      return { type: 'editOrder', lines };
    }
    case 'describe':
      return { type: 'describeOrder', details: { shippingMethod: wish.shipping, notes: wish.notes } };
    case 'rate':
      return { type: 'rateOrder', score: wish.score, comment: null, by: wish.by };
    case 'pay': {
      const { method, amount, process } = wish;
      return { type: 'createPayment', method, amount, reference: null, process };
    }
    case 'refund': {
      const line = wish.line === null ? undefined : order.lines[wish.line % Math.max(1, order.lines.length)];
      const lines = line ? [{ lineId: line.id, quantity: 1 }] : [];
      return { ...wish, type: 'refund', lines, reason };
    }
    case 'payment':
    case 'report':
      return paymentCommandOf(order, wish);
  }
}

type OfPayment = Extract<OrderWish, { payment: number }>;

function paymentCommandOf({ payments }: Order, wish: OfPayment): OrderCommand | undefined {
  const paymentId = payments[wish.payment % Math.max(1, payments.length)]?.id;
  if (paymentId === undefined) return undefined;
  const { amount } = wish;
  if (wish.do === 'report') {
    const said = { reportId: 'report', kind: wish.kind, amount: wish.amount, currency: 'USD', at };
    return { type: 'reportPayment', paymentId, ...said };
  }
  switch (wish.deed) {
    case 'process':
    case 'authorize':
    case 'void':
    case 'expire':
    case 'delete':
      return { type: `${wish.deed}Payment`, paymentId };
    case 'fail':
      return { type: 'failPayment', paymentId, failure: { code: 'declined', message: 'no' } };
    case 'capture':
      return { type: 'capturePayment', paymentId, amount, final: wish.final };
    case 'refund':
      return { type: 'refundPayment', paymentId, amount, reason };
  }
}

function record(shop: Shop, place: number, events: readonly OrderEvent[]): void {
  let order = shop.orders[place] ?? null;
  for (const event of events) {
    const { moves, entries } = consequences(order, event);
    for (const one of moves) move(shop, one);
    for (const one of entries) post(shop, one);
    order = evolve(order, event);
  }
  if (!order) throw new RangeError('a step has events');
  shop.orders[place] = frozen(order);
  shop.told[place] = [...(shop.told[place] ?? []), ...events];
}

/** Whoever changes a state that was reached throws. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

function move(shop: Shop, { variantId, locationId, ...by }: StockMove): void {
  const levels = shop.levels.get(variantId) ?? [];
  const next = levels.map((level) => {
    if (level.locationId !== locationId) return level;
    const moved = applyMove(level, by);
    if (!moved.ok) throw new Error(`${by.kind} of ${variantId} at ${locationId}: ${moved.error.code}`);
    return { ...level, ...moved.value };
  });
  shop.levels.set(variantId, next);
}

function post(shop: Shop, { postings }: Entry): void {
  let rest = 0;
  for (const { account, amount } of postings) {
    rest += amount;
    shop.ledger.set(account, (shop.ledger.get(account) ?? 0) + amount);
  }
  if (rest !== 0) throw new Error(`an entry is off by ${rest} (I-7)`);
}

/** What the book may read of an order. */
export function seenOf(order: Order): Seen {
  const { discount, shipping, payments, refunds } = order;
  const linesCost = (refunds.at(-1)?.lines ?? []).reduce((all, { amount }) => all + amount, 0);
  return { discount, shipping, linesCost, payments: payments.filter((one) => one.deletedAt === undefined) };
}
