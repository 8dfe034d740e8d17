import type { OrderStatus } from '../order/order.ts';
import {
  type Book,
  callOff,
  done,
  type Foreseen,
  isReserving,
  isUnsure,
  moneyBack,
  newSheet,
  nothing,
  type On,
  refused,
  type Seen,
  type Sheet,
  shift,
  subtotalOf,
  totalOf,
  unsure,
  when,
} from './book.ts';
import { dealing, givingBack, hearing, paying } from './foresee-money.ts';
import { type OrderWish, type Pieces, shippingPrices, type ShopWish, type StatusDeed } from './wishes.ts';

/** What has to become of a wish by the book. */
export function foresee(book: Book, wish: ShopWish): Foreseen {
  switch (wish.do) {
    case 'place':
      return placing(book, wish);
    case 'draft':
      return when(true, () => {
        const { customer } = wish;
        book.sheets.push(newSheet({ customer, charged: true, group: null, status: 'DRAFT' }));
      });
    case 'receive':
      return when(true, () => shift(book, wish.variant, { onHand: wish.quantity }));
    case 'topUp':
      return when(true, () => {
        book.balance.set(wish.customer, (book.balance.get(wish.customer) ?? 0) + wish.amount);
      });
    default:
      return ofOrder(book, wish);
  }
}

/** The sheet that a wish is about. */
export const placeOf = (book: Pick<Book, 'sheets'>, wish: OrderWish): number =>
  wish.order % Math.max(1, book.sheets.length);

function ofOrder(book: Book, wish: OrderWish): Foreseen {
  const at = placeOf(book, wish);
  const sheet = book.sheets[at];
  if (!sheet) return refused;
  const foreseen = onSheet(book, { sheet, at }, wish);
  return {
    says: foreseen.says,
    write: (seen) => {
      foreseen.write(seen);
      if (!(wish.do === 'pay' && wish.group && sheet.group !== null)) sheet.version += 1;
    },
  };
}

function onSheet(book: Book, { sheet, at }: On, wish: OrderWish): Foreseen {
  switch (wish.do) {
    case 'status':
      return stepping(book, sheet, wish);
    case 'confirmDraft': {
      const worth = totalOf(sheet) + wish.off;
      const fits = sheet.pieces.size === 0 || wish.off === 0;
      return when(sheet.status === 'DRAFT' && fits && isThere(book, sheet.pieces), () => {
        sheet.declared = worth;
        begin(book, sheet, 'CONFIRMED');
      });
    }
    case 'edit':
      return editing(book, sheet, wish.lines);
    case 'describe':
      return writing(sheet, wish);
    case 'rate':
      if (!sheet.arrived || wish.by !== sheet.customer) return refused;
      return sheet.rated === wish.score ? nothing : when(true, () => (sheet.rated = wish.score));
    case 'pay':
      return paying(book, { sheet, at }, wish);
    case 'payment':
      return dealing(book, { sheet, at }, wish);
    case 'report':
      return hearing(book, { sheet, at }, wish);
    case 'refund':
      return givingBack(book, { sheet, at }, wish);
  }
}

const availableOf = (book: Book, variant: string): number => {
  const { onHand = 0, reserved = 0 } = book.shelf.get(variant) ?? {};
  return onHand - reserved;
};
const isThere = (book: Book, pieces: ReadonlyMap<string, number>): boolean =>
  [...pieces].every(([variant, quantity]) => quantity <= availableOf(book, variant));

/** The store of a variant. */
export const storeOfVariant = (variant: string): string => (variant === 'pot' ? 'store-2' : 'store-1');

function placing(book: Book, wish: Extract<ShopWish, { do: 'place' }>): Foreseen {
  const stores = [...Map.groupBy(wish.lines, ({ variant }) => storeOfVariant(variant)).values()];
  const there = (lines: readonly Pieces[]) =>
    lines.filter(({ variant, quantity }) => quantity <= availableOf(book, variant));
  const taken = stores.map(there);
  const may = taken.every(
    (lines, at) => lines.length === stores[at]?.length || (wish.partial && lines.length > 0),
  );
  return when(may, (seen) => {
    const group = stores.length > 1 ? book.sheets.length : null;
    for (const lines of taken) {
      const sheet = newSheet({ customer: wish.customer, charged: wish.charged, group, status: 'PENDING' });
      for (const { variant, quantity } of lines) sheet.pieces.set(variant, quantity);
      priced(sheet, wish, seen(book.sheets.length));
      begin(book, sheet, 'PENDING');
      book.sheets.push(sheet);
    }
    const shipped = group === null ? [] : book.sheets.slice(group);
    const price = wish.charged && wish.shipping !== null ? (shippingPrices[wish.shipping] ?? 0) : 0;
    if (shipped.length > 0 && shipped.reduce((all, { shipping }) => all + shipping, 0) !== price)
      throw new Error('the shares of the shipping are not the shipping');
  });
}

/** An order alone bears its discount and shipping; one of a group its share, which the shop says. */
function priced(sheet: Sheet, wish: Extract<ShopWish, { do: 'place' }>, seen: Seen): void {
  const discount = wish.charged ? 0 : Math.min(wish.discount, subtotalOf(sheet));
  const shipping = wish.charged && wish.shipping !== null ? (shippingPrices[wish.shipping] ?? 0) : 0;
  const shared = sheet.group !== null;
  if (
    shared &&
    (seen.discount > discount || seen.shipping > shipping || seen.discount < 0 || seen.shipping < 0)
  )
    throw new Error('a share is more than the whole');
  sheet.discount = shared ? seen.discount : discount;
  sheet.shipping = shared ? seen.shipping : shipping;
  sheet.shippingMethod = wish.shipping;
}

/** An order begins to hold what it wants. */
function begin(book: Book, sheet: Sheet, status: OrderStatus): void {
  sheet.status = status;
  for (const [variant, quantity] of sheet.pieces) shift(book, variant, { reserved: quantity });
}

/** The machine as the shop's people know it: what may be said in which state, and where it leads. */
const ways: Readonly<Partial<Record<OrderStatus, Readonly<Partial<Record<StatusDeed, OrderStatus>>>>>> = {
  DRAFT: { placeDraft: 'PENDING', discardDraft: 'CANCELLED' },
  PENDING: { confirmOrder: 'CONFIRMED', cancelOrder: 'CANCELLED' },
  CONFIRMED: {
    startProcessing: 'PROCESSING',
    shipOrder: 'SHIPPED',
    cancelOrder: 'CANCELLED',
    closeOrder: 'CLOSED',
  },
  PROCESSING: { shipOrder: 'SHIPPED', cancelOrder: 'CANCELLED' },
  SHIPPED: {
    markOutForDelivery: 'OUT_FOR_DELIVERY',
    deliverOrder: 'DELIVERED',
    cancelOrder: 'CANCELLED',
    refundOrder: 'REFUNDED',
  },
  OUT_FOR_DELIVERY: { deliverOrder: 'DELIVERED', cancelOrder: 'CANCELLED', refundOrder: 'REFUNDED' },
  DELIVERED: { cancelOrder: 'CANCELLED', refundOrder: 'REFUNDED', closeOrder: 'CLOSED' },
  CANCELLED: { refundOrder: 'REFUNDED' },
};
const gone: readonly OrderStatus[] = ['SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED'];

function stepping(book: Book, sheet: Sheet, wish: Extract<OrderWish, { do: 'status' }>): Foreseen {
  const { command, cancelShipped } = wish;
  const to = ways[sheet.status]?.[command];
  const has = [...sheet.pieces.values()].some((quantity) => quantity > 0);
  const barred =
    (command === 'placeDraft' && !(has && isThere(book, sheet.pieces))) ||
    (command === 'closeOrder' && sheet.status === 'CONFIRMED' && has) ||
    (command === 'cancelOrder' && gone.includes(sheet.status) && !cancelShipped) ||
    (command === 'refundOrder' && sheet.status === 'CANCELLED' && !sheet.left);
  if (to === undefined || barred) return refused;
  const endsMoney = to === 'REFUNDED' || (to === 'CANCELLED' && !sheet.left);
  const asks = endsMoney && sheet.slips.some(({ atGateway }) => atGateway);
  return { says: asks ? 'unknown' : 'accepted', write: () => step(book, sheet, to) };
}

function step(book: Book, sheet: Sheet, to: OrderStatus): void {
  if (to === 'PENDING') return begin(book, sheet, to);
  if (to === 'CANCELLED') callOff(book, sheet);
  if (to === 'REFUNDED') moneyBack(book, sheet);
  if (to === 'SHIPPED')
    for (const [variant, quantity] of sheet.pieces) {
      shift(book, variant, { onHand: -quantity, reserved: -quantity });
      sheet.left ||= quantity > 0;
    }
  if (to === 'DELIVERED') sheet.arrived = true;
  sheet.status = to;
}

const isEditing = (sheet: Sheet): boolean => sheet.status === 'DRAFT' || isReserving(sheet);
const isOpen = (sheet: Sheet): boolean => isEditing(sheet) && !sheet.paidBack;

function editing(book: Book, sheet: Sheet, lines: readonly Pieces[]): Foreseen {
  if (!isOpen(sheet) && !(isEditing(sheet) && isUnsure(sheet))) return refused;
  const before = (variant: string) => sheet.pieces.get(variant) ?? 0;
  const draft = sheet.status === 'DRAFT';
  const short = lines.some(
    ({ variant, quantity }) => !draft && quantity > before(variant) + availableOf(book, variant),
  );
  const changed = lines.filter(({ variant, quantity }) => before(variant) !== quantity);
  if (changed.length === 0 && !short) return isUnsure(sheet) && sheet.paidBack ? unsure(done) : nothing;
  const after = new Map([...sheet.pieces, ...lines.map((one) => [one.variant, one.quantity] as const)]);
  const left = [...after.values()].some((quantity) => quantity > 0);
  if (short || !left) return refused;
  const write = () => {
    for (const { variant, quantity } of changed) {
      if (!draft) shift(book, variant, { reserved: quantity - before(variant) });
      sheet.pieces.set(variant, quantity);
    }
    sheet.discount = Math.min(sheet.discount, subtotalOf(sheet));
    sheet.declared = 0;
    sheet.paidBack = false;
  };
  return sheet.paidBack ? unsure(write) : when(true, write);
}

function writing(sheet: Sheet, wish: Extract<OrderWish, { do: 'describe' }>): Foreseen {
  const ships = wish.shipping !== sheet.shippingMethod;
  if (!ships && wish.notes === sheet.notes) return nothing;
  const write = () => {
    sheet.notes = wish.notes;
    if (!ships) return;
    sheet.shippingMethod = wish.shipping;
    if (sheet.charged) sheet.shipping = wish.shipping === null ? 0 : (shippingPrices[wish.shipping] ?? 0);
    if (sheet.charged) sheet.declared = 0;
  };
  if (!ships) return when(true, write);
  const fixed = sheet.group !== null || sheet.pieces.size === 0 || sheet.shippingRefunded > 0;
  const may = isOpen(sheet) && !(sheet.charged && fixed);
  return isUnsure(sheet) ? unsure(write) : when(may, write);
}
