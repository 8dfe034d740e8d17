import { type PaymentMethod, paymentMethods } from '../payment/payment.ts';
import type { OrderStatus } from '../order/order.ts';
import { buyers, prices } from './wishes.ts';

/** A payment in the book: five amounts and what has become of it. */
export type Slip = {
  readonly customer: string;
  readonly method: PaymentMethod;
  readonly ofGroup: boolean;
  amount: number;
  authorized: number;
  captured: number;
  refunded: number;
  voided: number;
  expired: boolean;
  failed: boolean;
  deleted: boolean;
  /** Whether a gateway knows of it: then only the gateway's word moves money. */
  atGateway: boolean;
  /** What went back by another way than its own. */
  elsewhere: number;
};

/** An order in the book. */
export type Sheet = {
  readonly customer: string;
  readonly charged: boolean;
  readonly group: number | null;
  status: OrderStatus;
  version: number;
  readonly pieces: Map<string, number>;
  discount: number;
  shipping: number;
  shippingMethod: string | null;
  shippingRefunded: number;
  declared: number;
  notes: string | null;
  /** Pieces have left the house, have arrived, or were paid back. */
  left: boolean;
  arrived: boolean;
  paidBack: boolean;
  rated: number | null;
  readonly slips: Slip[];
};

/** What a shop says of an order: what the book cannot know by itself, as shares of a group, is read here. */
export type Seen = {
  readonly discount: number;
  readonly shipping: number;
  /** What the lines of the last refund have cost. */
  readonly linesCost: number;
  /** Those that were not deleted. */
  readonly payments: readonly { readonly amount: number; readonly failure: unknown }[];
};

/** What must become of a wish, and how the book is kept when it has come true. */
export type Foreseen = {
  /** `nothing` is accepted and changes nothing; `unknown` is for a gateway's state to say. */
  readonly says: 'accepted' | 'refused' | 'nothing' | 'unknown';
  readonly write: (seen: (order: number) => Seen) => void;
};
/** A sheet and its place in the book. */
export type On = { readonly sheet: Sheet; readonly at: number };

/** Nothing to write. */
export const done = () => undefined;
/** A wish that must be refused. */
export const refused: Foreseen = { says: 'refused', write: done };
/** A wish that has already come true. */
export const nothing: Foreseen = { says: 'nothing', write: done };
/** A wish on which the book knows only what follows. */
export const unsure = (write: Foreseen['write']): Foreseen => ({ says: 'unknown', write });
/** A wish that must come true where it may, and else be refused. */
export const when = (may: boolean, write: Foreseen['write']): Foreseen =>
  may ? { says: 'accepted', write } : refused;

/** Whether a refund may have failed at a gateway, which only the order knows. */
export const isUnsure = ({ slips }: Sheet): boolean => slips.some(({ atGateway }) => atGateway);

/** What a shop has and owes, kept by hand: sums of what was wished, none of the product's. */
export type Book = {
  readonly gateway: boolean;
  readonly shelf: Map<string, { onHand: number; reserved: number }>;
  readonly balance: Map<string, number>;
  readonly held: Map<string, number>;
  /** What came in and did not go back, by the way that it came. */
  readonly till: Map<PaymentMethod, number>;
  readonly sheets: Sheet[];
};

/** A book of a shop with so many pieces of everything and so much money of everybody. */
export const newBook = (by: { gateway: boolean; stock: number; balance: number }): Book => ({
  gateway: by.gateway,
  shelf: new Map(Object.keys(prices).map((variant) => [variant, { onHand: by.stock, reserved: 0 }])),
  balance: new Map(buyers.map((customer) => [customer, by.balance])),
  held: new Map(buyers.map((customer) => [customer, 0])),
  till: new Map(paymentMethods.map((method) => [method, 0])),
  sheets: [],
});

/** A sheet with nothing on it. */
export const newSheet = (of: Pick<Sheet, 'customer' | 'charged' | 'group' | 'status'>): Sheet => ({
  ...of,
  version: 1,
  pieces: new Map(),
  discount: 0,
  shipping: 0,
  shippingMethod: null,
  shippingRefunded: 0,
  declared: 0,
  notes: null,
  left: false,
  arrived: false,
  paidBack: false,
  rated: null,
  slips: [],
});

/** A slip of a payment that nothing has happened to. */
export const newSlip = (of: Pick<Slip, 'customer' | 'method' | 'amount' | 'ofGroup'>): Slip => ({
  ...of,
  authorized: 0,
  captured: 0,
  refunded: 0,
  voided: 0,
  expired: false,
  failed: false,
  deleted: false,
  atGateway: false,
  elsewhere: 0,
});

const reserving: readonly OrderStatus[] = ['PENDING', 'CONFIRMED', 'PROCESSING'];
/** Whether the pieces of a sheet are set aside on the shelf. */
export const isReserving = ({ status }: Sheet): boolean => reserving.includes(status);

/** What the pieces of a sheet cost. */
export const subtotalOf = ({ pieces }: Sheet): number => {
  let subtotal = 0;
  for (const [variant, quantity] of pieces) subtotal += (prices[variant] ?? 0) * quantity;
  return subtotal;
};
const isEmpty = ({ pieces }: Sheet): boolean => {
  for (const quantity of pieces.values()) if (quantity > 0) return false;
  return true;
};

/** What a sheet is worth: prices are whole tens, so a tenth of tax is never rounded. */
export function totalOf(sheet: Sheet): number {
  if (isEmpty(sheet)) return sheet.declared;
  const subtotal = subtotalOf(sheet);
  return subtotal - sheet.discount + sheet.shipping + (sheet.charged ? subtotal / 10 : 0);
}

/** What is set aside for a slip. */
export const heldBy = ({ expired, authorized, captured, voided }: Slip): number =>
  expired ? 0 : Math.max(0, authorized - captured - voided);
/** Whether no money of it has moved, been held or let go. */
export const isUntouched = ({ authorized, captured, voided, expired }: Slip): boolean =>
  authorized + captured + voided === 0 && !expired;
/** Whether all of it is held, and nothing has happened since. */
export const isAuthorized = ({ authorized, captured, voided, expired }: Slip): boolean =>
  authorized > 0 && captured + voided === 0 && !expired;

/** What nobody has paid or promised yet. */
export function openOf(sheet: Sheet): number {
  let covered = 0;
  for (const slip of sheet.slips) {
    const promised = !slip.expired && !slip.failed && !slip.deleted;
    covered += (promised ? slip.amount - slip.voided : slip.captured) - slip.refunded;
  }
  return Math.max(0, totalOf(sheet) - covered);
}

const add = <K>(to: Map<K, number>, key: K, amount: number) => to.set(key, (to.get(key) ?? 0) + amount);

/** Changes the counts of a shelf. */
export function shift(book: Book, variant: string, by: { onHand?: number; reserved?: number }): void {
  const level = book.shelf.get(variant);
  if (!level) throw new RangeError(`the book has no ${variant}`);
  level.onHand += by.onHand ?? 0;
  level.reserved += by.reserved ?? 0;
}

/** Money is set aside. */
export function hold(book: Book, slip: Slip, amount: number): void {
  slip.authorized += amount;
  slip.failed = false;
  if (slip.method !== 'balance') return;
  add(book.balance, slip.customer, -amount);
  add(book.held, slip.customer, amount);
}

/** Money comes in, out of what is held first. */
export function take(book: Book, slip: Slip, amount: number): void {
  const held = heldBy(slip);
  slip.captured += amount;
  slip.authorized = Math.max(slip.authorized, slip.captured);
  slip.voided = Math.min(slip.voided, slip.amount - slip.captured);
  slip.failed = false;
  add(book.till, slip.method, amount);
  if (slip.method !== 'balance') return;
  const freed = Math.min(held, amount);
  add(book.held, slip.customer, -freed);
  add(book.balance, slip.customer, freed - amount);
}

/** What is held, or was only promised, is let go. */
export function letGo(book: Book, slip: Slip, amount: number): void {
  const freed = Math.min(amount, heldBy(slip));
  slip.voided += amount;
  free(book, slip, freed);
}

/** Nobody took it in time. */
export function lapse(book: Book, slip: Slip): void {
  free(book, slip, heldBy(slip));
  slip.expired = true;
}

function free(book: Book, slip: Slip, amount: number): void {
  slip.failed = false;
  if (slip.method !== 'balance') return;
  add(book.held, slip.customer, -amount);
  add(book.balance, slip.customer, amount);
}

/** Money goes back, the way that it came or another one. */
export function giveBack(
  book: Book,
  slip: Slip,
  by: { amount: number; to: PaymentMethod | 'original' },
): void {
  slip.refunded += by.amount;
  if (by.to !== 'original') slip.elsewhere += by.amount;
  const way = by.to === 'original' ? slip.method : by.to;
  add(book.till, way, -by.amount);
  if (way === 'balance') add(book.balance, slip.customer, by.amount);
}

/** Everything of a sheet that was not sent goes back: pieces, and unless something has left, money. */
export function callOff(book: Book, sheet: Sheet): void {
  if (isReserving(sheet))
    for (const [variant, quantity] of sheet.pieces) shift(book, variant, { reserved: -quantity });
  if (!sheet.left) moneyBack(book, sheet);
}

/** All money of a sheet goes back but what a gateway has: that comes back by its word. */
export function moneyBack(book: Book, sheet: Sheet): void {
  for (const slip of sheet.slips) {
    if (slip.atGateway) continue;
    const promised = isUntouched(slip) && !slip.failed && !slip.deleted ? slip.amount : heldBy(slip);
    if (promised > 0) letGo(book, slip, promised);
    const amount = slip.captured - slip.refunded;
    if (amount > 0) giveBack(book, slip, { amount, to: 'original' });
  }
}
