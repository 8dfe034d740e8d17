import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { grant, openShop, seenOf, type Shop } from '../../test/shop.ts';
import { reportKinds } from '../payment/gateway.ts';
import { accounts } from '../payment/ledger.ts';
import {
  anyShopWishes,
  type Book,
  buyers,
  foresee,
  heldBy,
  newBook,
  paymentDeeds,
  type ShopWish,
  totalOf,
} from '../testing.ts';
import { orderCommands } from './lifecycle.ts';
import { fold } from './evolve.ts';
import { openQuantity, type Order } from './order.ts';

const opening = { stock: 40, balance: 20_000 };

/** Says what is not as it should be; cheaper than an expectation, of which there would be millions. */
function same(what: string, is: unknown, should: unknown): void {
  if (!Object.is(is, should)) throw new Error(`${what}: is ${String(is)}, should be ${String(should)}`);
}
function rising(what: string, ...amounts: readonly number[]): void {
  for (const [at, amount] of amounts.entries())
    if (at > 0 && amount < (amounts[at - 1] ?? 0)) throw new Error(`${what}: ${amounts.join(' > ')}`);
}

/** Everything that can be said of one order beside the book: I-5, I-9, I-10, I-21. */
function sound(order: Order): void {
  let [subtotal, tax, discount] = [0, 0, 0];
  for (const line of order.lines) {
    const { quantity, cancelledQuantity, shippedQuantity, deliveredQuantity } = line;
    rising('I-5', 0, deliveredQuantity, shippedQuantity, quantity - cancelledQuantity);
    rising('I-5', 0, line.refundedQuantity, quantity);
    subtotal += line.unitPrice * quantity;
    tax += line.tax;
    discount += line.discount;
  }
  for (const { captured, refunded, authorized, amount, currency } of order.payments) {
    rising('I-9', 0, refunded, captured, authorized, amount);
    same('I-21', currency, order.currency);
  }
  if (order.lines.length === 0) return;
  same('I-10 subtotal', order.subtotal, subtotal);
  same('I-10 tax', order.tax, tax);
  same('I-10 discount', order.discount, discount);
  same('I-10', order.total, subtotal - discount + order.shipping + tax);
}

/** An order is what the book says of it. */
function agrees(order: Order, sheet: Book['sheets'][number]): void {
  same('status', order.status, sheet.status);
  same('version (I-13)', order.version, sheet.version);
  same('total', order.total, totalOf(sheet));
  const pieces = new Map<string, number>();
  for (const line of order.lines)
    pieces.set(line.variantId, (pieces.get(line.variantId) ?? 0) + line.quantity);
  for (const [variant, quantity] of pieces) same(variant, quantity, sheet.pieces.get(variant) ?? 0);
  same('payments', order.payments.length, sheet.slips.length);
  for (const [at, slip] of sheet.slips.entries()) {
    const payment = order.payments[at];
    for (const key of ['amount', 'authorized', 'captured', 'refunded', 'voided', 'expired'] as const)
      same(`${key} of payment ${at}`, payment?.[key], slip[key]);
    if (!slip.deleted) same(`failure of payment ${at}`, payment?.failure !== null, slip.failed);
    same(`deletion of payment ${at}`, payment?.deletedAt !== undefined, slip.deleted);
  }
}

/** Shelf and ledger are what the book says, and none of it is below zero (I-1, I-2, I-3, I-8). */
function balanced(shop: Shop, book: Book): void {
  for (const [variant, { onHand, reserved }] of book.shelf) {
    let [lies, promised] = [0, 0];
    for (const level of shop.levels.get(variant) ?? []) {
      rising('I-1, I-2', 0, level.reserved, level.onHand);
      lies += level.onHand;
      promised += level.reserved;
    }
    same(`${variant} on hand`, lies, onHand);
    same(`${variant} reserved`, promised, reserved);
  }
  const of = (account: string) => shop.ledger.get(account) ?? 0;
  for (const buyer of buyers) {
    rising('I-8', 0, of(accounts.balance(buyer)));
    same(`balance of ${buyer}`, of(accounts.balance(buyer)), book.balance.get(buyer));
    same(`held of ${buyer}`, of(accounts.held(buyer)), book.held.get(buyer));
  }
  for (const [method, amount] of book.till) {
    if (method === 'balance') continue;
    const account = method === 'cash' ? accounts.cash : accounts.gateway(method);
    same(account, 0 - of(account), 0 + amount);
  }
}

/** At the end: every order is its events as they are stored (I-12), and reserved is what is open (I-3). */
function ended(shop: Shop, book: Book): void {
  const open = new Map<string, number>();
  const held = new Map<string, number>();
  for (const [at, order] of shop.orders.entries()) {
    const stored = JSON.parse(JSON.stringify(shop.told[at]));
    same('I-12', JSON.stringify(fold(stored)), JSON.stringify(order));
    const reserving = ['PENDING', 'CONFIRMED', 'PROCESSING'].includes(order.status);
    for (const line of order.lines)
      if (reserving) open.set(line.variantId, (open.get(line.variantId) ?? 0) + openQuantity(line));
    for (const slip of book.sheets[at]?.slips ?? [])
      if (slip.method === 'balance') held.set(slip.customer, (held.get(slip.customer) ?? 0) + heldBy(slip));
  }
  for (const [variant, { reserved }] of book.shelf) same('I-3', reserved, open.get(variant) ?? 0);
  for (const [customer, amount] of book.held) same('held', amount, held.get(customer) ?? 0);
}

let steps = 0;
const became = new Map<string, number>();

/** One wish, granted by the shop and foreseen by the book. */
class Wished implements fc.Command<Book, Shop> {
  readonly wish: ShopWish;
  constructor(wish: ShopWish) {
    this.wish = wish;
  }
  check(): boolean {
    return true;
  }
  run(book: Book, shop: Shop): void {
    steps += 1;
    const foreseen = foresee(book, this.wish);
    const before = [...shop.orders];
    const { what, changed } = grant(shop, this.wish);
    const is = foreseen.says === 'unknown' ? what : foreseen.says;
    same('the answer', what, is);
    if (what === 'accepted') foreseen.write((at) => seenOf(orderAt(shop, at)));
    for (const [at, order] of before.entries())
      if (what !== 'accepted' || !changed.includes(at)) same('an untouched order', shop.orders[at], order);
    for (const at of changed) {
      const sheet = book.sheets[at];
      if (!sheet) throw new Error('an order that is not in the book');
      agrees(orderAt(shop, at), sheet);
      sound(orderAt(shop, at));
    }
    balanced(shop, book);
    const name = `${nameOf(this.wish)} ${what}`;
    became.set(name, (became.get(name) ?? 0) + 1);
  }
  toString(): string {
    return JSON.stringify(this.wish);
  }
}

const nameOf = (wish: ShopWish): string =>
  wish.do === 'status'
    ? wish.command
    : wish.do === 'payment'
      ? wish.deed
      : wish.do === 'report'
        ? wish.kind
        : wish.do;

const orderAt = (shop: Shop, at: number): Order => {
  const order = shop.orders[at];
  if (!order) throw new Error(`no order ${at}`);
  return order;
};

/** What must have gone well at least once, or the search does not reach it. */
const everything = [
  'place',
  'draft',
  'receive',
  'topUp',
  ...orderCommands.filter((name) => name !== 'createDraft' && name !== 'placeOrder'),
  'edit',
  'describe',
  'rate',
  'pay',
  ...paymentDeeds,
  ...reportKinds,
];

const lives = fc.commands(
  anyShopWishes.map((wishes) => wishes.map((wish) => new Wished(wish))),
  { maxCommands: 120, size: 'max' },
);

describe('a shop', () => {
  it('says, has and owes after every step what a book kept by hand says', () => {
    const { steps: wanted, seed = 20_261_121 } = { steps: 20_000, ...inject('laws') };
    for (let round = 0; steps < wanted; round += 1)
      fc.assert(
        fc.property(lives, (wishes) => {
          const shop = openShop(opening);
          const book = newBook({ gateway: true, ...opening });
          fc.modelRun(() => ({ model: book, real: shop }), wishes);
          ended(shop, book);
        }),
        { numRuns: 50, seed: seed + round },
      );
    expect(steps).toBeGreaterThanOrEqual(wanted);
    if (wanted < 20_000) return;
    for (const name of everything)
      expect([name, became.get(`${name} accepted`)]).not.toEqual([name, undefined]);
  });
});
