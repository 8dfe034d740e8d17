import fc from 'fast-check';
import type { Minor } from './money.ts';
import type { EditOrder, OrderCommand } from './order/commands.ts';
import type { AskedLine, House, PlaceRequest } from './order/place.ts';
import type { ShelfItem } from './order/shelf.ts';
import type { Level, StockMove } from './stock/stock.ts';
import { moveKinds } from './stock/stock.ts';
import { reportKinds } from './payment/gateway.ts';
import { paymentMethods } from './payment/payment.ts';
import { aPlaceRequest, aShelf, aShelfItem, everyCommand, policy } from './testing/builders.ts';
import type { LifePlan, Wish } from './testing/life.ts';

export {
  aContext,
  aHouse,
  aLine,
  anOrder,
  aPayment,
  aPlaceRequest,
  aShelf,
  aShelfItem,
  everyCommand,
  groupTotals,
  ids,
  now,
  policy,
  rules,
} from './testing/builders.ts';
export { type Book, heldBy, newBook, type Seen, type Sheet, totalOf } from './testing/book.ts';
export { foresee, placeOf, storeOfVariant } from './testing/foresee.ts';
export {
  anyShopWishes,
  buyers,
  type OrderWish,
  paymentDeeds,
  prices,
  shippingPrices,
  type ShopWish,
} from './testing/wishes.ts';
export { live, type LifePlan, type Step, type Wish } from './testing/life.ts';

/** Any amount of money, the everyday ones more often than the extremes. */
export const anyMoney: fc.Arbitrary<Minor> = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -100_000, max: 100_000 }) },
  { weight: 1, arbitrary: fc.maxSafeInteger() },
);

/** Any amount that is not negative. */
export const anyAmount: fc.Arbitrary<Minor> = fc.oneof(
  { weight: 3, arbitrary: fc.nat(100_000) },
  { weight: 1, arbitrary: fc.maxSafeNat() },
);

const variants = ['tea', 'cup', 'pot'];
const locations = ['main', 'backroom'];
const customers = ['ann', 'bob'];

const anyItem: fc.Arbitrary<Partial<ShelfItem>> = fc.record({
  price: fc.nat(1_000),
  active: fc.integer({ min: 0, max: 9 }).map((chance) => chance > 0),
  storeId: fc.constantFrom('store-1', 'store-2'),
  taxClass: fc.constantFrom('standard', 'reduced', 'free'),
  levels: fc
    .array(fc.integer({ min: -3, max: 12 }), { maxLength: locations.length })
    .map((levels) => levels.map((sellable, at) => ({ locationId: locations[at] ?? 'main', sellable }))),
});

/** A house with up to three variants at up to two locations, and two customers with some money. */
export const anyHouse: fc.Arbitrary<House> = fc
  .record({
    items: fc.array(anyItem, { maxLength: variants.length }),
    purses: fc.array(fc.integer({ min: -500, max: 20_000 }), { maxLength: customers.length }),
  })
  .map(({ items, purses }) => ({
    shelf: aShelf(...items.map((item, at) => aShelfItem({ ...item, variantId: variants[at] ?? 'tea' }))),
    purses: new Map(purses.map((purse, at) => [customers[at] ?? 'ann', purse])),
  }));

const anyAskedLine: fc.Arbitrary<AskedLine> = fc
  .record({
    variantId: fc.constantFrom(...variants),
    quantity: fc.integer({ min: 1, max: 9 }),
    unitPrice: fc.option(fc.nat(1_000), { freq: 5 }),
  })
  .map((line) => ({ ...line, ref: line.variantId }));

/** Somebody's order of up to five lines, some of them of one variant. */
export const anyPlaceRequest: fc.Arbitrary<PlaceRequest> = fc
  .record({
    customerId: fc.option(fc.constantFrom(...customers), { freq: 5 }),
    storeId: fc.option(fc.constant('store-1'), { freq: 1 }),
    lines: fc.array(anyAskedLine, { maxLength: 5 }),
    onShortage: fc.constantFrom('reject', 'partial'),
    overridePrice: fc.boolean(),
    discount: fc.oneof(fc.constant(0), fc.nat(3_000)),
    charged: fc.boolean(),
    payFromBalance: fc.boolean(),
    shippingMethod: fc.constantFrom(null, 'standard', 'express'),
  })
  .map((request) => aPlaceRequest(request));

/** Up to eight orders that compete for one house. */
export const anyBatch: fc.Arbitrary<readonly PlaceRequest[]> = fc
  .array(anyPlaceRequest, { maxLength: 8 })
  .map((requests) => requests.map((request, at) => ({ ...request, id: `order-${at + 1}` })));

/** New counts of up to four variants, some of them named twice, some taken out. */
export const anyEdit: fc.Arbitrary<EditOrder['lines']> = fc.array(
  fc
    .record({
      variantId: fc.constantFrom(...variants),
      quantity: fc.nat(9),
      unitPrice: fc.option(fc.nat(1_000), { freq: 3 }),
    })
    .map(({ unitPrice, ...line }) => ({
      ...line,
      ref: line.variantId,
      ...(unitPrice !== null && { unitPrice }),
    })),
  { maxLength: 4 },
);

/** What is to be given back; its `lineId` is the position of a line. */
const anyRefund = fc.record({
  lines: fc.array(fc.record({ lineId: fc.nat(3).map(String), quantity: fc.integer({ min: 1, max: 3 }) }), {
    maxLength: 2,
  }),
  shipping: fc.constantFrom(0, 0, 100, 500),
  amount: fc.constantFrom(0, 0, 1, 700),
  to: fc.constantFrom('original', 'original', 'balance', 'cash', 'bank_transfer'),
});

type CommandType = OrderCommand['type'];

const commandsOf = (types: readonly CommandType[]): fc.Arbitrary<OrderCommand> =>
  fc
    .record({
      type: fc.constantFrom(...types),
      paymentId: fc.nat(2).map(String),
      method: fc.constantFrom('balance', ...paymentMethods),
      part: fc.option(fc.oneof(fc.integer({ min: -1, max: 50 }), fc.integer({ min: 1, max: 5_000 })), {
        freq: 3,
      }),
      yes: fc.boolean(),
      declaredTotal: fc.nat(5_000),
      kind: fc.constantFrom(...reportKinds),
      lines: anyEdit,
      refund: anyRefund,
    })
    .map(({ type, paymentId, method, part, yes, declaredTotal, kind, lines, refund }): OrderCommand => {
      const command = everyCommand[type];
      if (command.type === 'createPayment') return { ...command, method, amount: part, process: yes };
      if (command.type === 'capturePayment') return { ...command, paymentId, amount: part, final: yes };
      if (command.type === 'reportPayment')
        return { ...command, paymentId, kind, amount: Math.max(0, part ?? 100) };
      if (command.type === 'refundPayment') return { ...command, paymentId, amount: part };
      if (command.type === 'editOrder') return { ...command, lines, overridePrice: yes };
      if (command.type === 'refund') return { ...command, ...refund };
      if (command.type === 'describeOrder')
        return { ...command, details: { ...command.details, shippingMethod: yes ? 'express' : null } };
      if (command.type === 'confirmDraft') return { ...command, declaredTotal };
      return 'paymentId' in command ? { ...command, paymentId } : command;
    });

const commandTypes = Object.values(everyCommand).map(({ type }) => type);
const paymentTypes = commandTypes.filter((type) => type.endsWith('Payment'));

/** Any command on an order; its `paymentId` is the position of a payment. */
const anyCommand: fc.Arbitrary<OrderCommand> = commandsOf(commandTypes);

// Mostly money and the way ahead, so that a life is long; now and then anything at all, its end included.
const anyWish: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 6, arbitrary: commandsOf(paymentTypes).map((command) => ({ command })) },
  { weight: 1, arbitrary: commandsOf(['editOrder', 'refund']).map((command) => ({ command })) },
  { weight: 2, arbitrary: fc.constantFrom(0, 0, 0, 0, 0, 1, 2).map((next) => ({ next })) },
  { weight: 1, arbitrary: anyCommand.map((command) => ({ command })) },
);

/** A whole order life: how it begins, and what is tried on it, step by step. `live` lives it. */
export const anyLife: fc.Arbitrary<LifePlan> = fc.record({
  begin: fc.constantFrom('placed', 'placed', 'placed', 'written', 'drafted'),
  request: anyPlaceRequest.map((request) => ({
    ...request,
    lines: request.lines.length > 0 ? request.lines : aPlaceRequest().lines,
    customerId: request.customerId ?? 'ann',
    overridePrice: true,
    payFromBalance: request.payFromBalance && request.discount > 0,
  })),
  policy: fc
    .record({
      requirePaidBefore: fc.constantFrom('none', 'none', 'none', 'confirm', 'ship'),
      cancelShipped: fc.boolean(),
    })
    .map((but) => policy(but)),
  wishes: fc.array(anyWish, { minLength: 1, maxLength: 40, size: 'max' }),
});

/** A stock level that holds what it promises. */
export const anyLevel: fc.Arbitrary<Level> = fc
  .record({ onHand: fc.nat(50), backorderLimit: fc.nat(5), share: fc.nat(100) })
  .map(({ onHand, backorderLimit, share }) => ({
    onHand,
    backorderLimit,
    reserved: Math.floor(((onHand + backorderLimit) * share) / 100),
  }));

/** A change of a level, possible or not. */
export const anyMove: fc.Arbitrary<StockMove> = fc.record({
  kind: fc.constantFrom(...moveKinds),
  variantId: fc.constantFrom(...variants),
  locationId: fc.constantFrom(...locations),
  lineId: fc.constant(null),
  onHand: fc.integer({ min: -20, max: 20 }),
  reserved: fc.integer({ min: -20, max: 20 }),
});
