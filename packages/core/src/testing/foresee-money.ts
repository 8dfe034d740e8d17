import type { OrderStatus } from '../order/order.ts';
import {
  type Book,
  done,
  type Foreseen,
  giveBack,
  heldBy,
  hold,
  isAuthorized,
  isUnsure,
  isUntouched,
  lapse,
  letGo,
  newSlip,
  type On,
  openOf,
  refused,
  type Seen,
  type Sheet,
  type Slip,
  take,
  totalOf,
  unsure,
  when,
} from './book.ts';
import type { OrderWish } from './wishes.ts';

type Wish<Do extends OrderWish['do']> = Extract<OrderWish, { do: Do }>;

const closed: readonly OrderStatus[] = ['DRAFT', 'CANCELLED', 'REFUNDED', 'CLOSED'];
const isPaying = ({ status }: Sheet): boolean => !closed.includes(status);
const shown = ({ slips }: Sheet): Slip[] => slips.filter(({ deleted }) => !deleted);
const balanceOf = (book: Book, customer: string): number => book.balance.get(customer) ?? 0;

/** Somebody wants to pay an order, or all orders of a group together. */
export function paying(book: Book, { sheet, at }: On, wish: Wish<'pay'>): Foreseen {
  const { method, process } = wish;
  const all = book.sheets.map((one, place) => ({ sheet: one, at: place }));
  const together = wish.group && sheet.group !== null;
  const orders = together ? all.filter((one) => one.sheet.group === sheet.group) : [{ sheet, at }];
  const open = orders.map((one) => (isPaying(one.sheet) ? openOf(one.sheet) : 0)).reduce((a, b) => a + b, 0);
  const amount = wish.amount ?? open;
  const may = amount > 0 && amount <= open && orders.some((one) => isPaying(one.sheet));
  const has = method !== 'balance' || balanceOf(book, sheet.customer) >= amount;
  const can = method !== 'credit_card' || book.gateway;
  return when(may && (!process || (has && can)), (seen) => {
    let rest = amount;
    for (const one of orders) {
      const payments = seen(one.at).payments;
      const added = payments.slice(shown(one.sheet).length);
      if (added.length > 1) throw new Error('an order was given two payments at once');
      for (const part of added) rest -= pay(book, one.sheet, { ...wish, amount: part.amount, together });
      if (together) one.sheet.version += added.length;
    }
    if (rest !== 0) throw new Error(`the parts of a payment are off by ${rest}`);
  });
}

type Part = Wish<'pay'> & { readonly amount: number; readonly together: boolean };

function pay(book: Book, sheet: Sheet, { amount, method, process, together }: Part): number {
  if (amount > openOf(sheet)) throw new Error('more was asked for than is open');
  const slip = newSlip({ customer: sheet.customer, method, amount, ofGroup: together });
  sheet.slips.push(slip);
  if (!process) return amount;
  if (method === 'credit_card') slip.atGateway = true;
  else take(book, slip, amount);
  return amount;
}

/** Somebody wants something of a payment that is there. */
export function dealing(book: Book, { sheet }: On, wish: Wish<'payment'>): Foreseen {
  const slip = sheet.slips[wish.payment % Math.max(1, sheet.slips.length)];
  if (!slip || slip.deleted) return refused;
  switch (wish.deed) {
    case 'process':
    case 'authorize':
      return taking(book, { sheet, slip }, wish.deed);
    case 'fail':
      return when(isUntouched(slip), () => (slip.failed = true));
    case 'expire':
      return when(isAuthorized(slip), () => lapse(book, slip));
    case 'delete': {
      const still = slip.captured === 0 && !isAuthorized(slip) && !slip.ofGroup;
      const write = () => {
        slip.deleted = true;
      };
      return slip.atGateway && still ? unsure(write) : when(still, write);
    }
    case 'capture':
    case 'void':
    case 'refund':
      return moving(book, slip, wish);
  }
}

type OnSlip = { readonly sheet: Sheet; readonly slip: Slip };

function taking(book: Book, { sheet, slip }: OnSlip, deed: 'process' | 'authorize'): Foreseen {
  const { method, amount } = slip;
  if (!isUntouched(slip) || !isPaying(sheet) || (slip.failed && amount > openOf(sheet))) return refused;
  if (method === 'credit_card') {
    const ask = () => {
      slip.atGateway = true;
      slip.failed = false;
    };
    return slip.atGateway && !slip.ofGroup ? unsure(ask) : when(book.gateway && !slip.ofGroup, ask);
  }
  if (method !== 'balance') return when(deed === 'process', () => take(book, slip, amount));
  const set = deed === 'process' ? take : hold;
  return when(balanceOf(book, slip.customer) >= amount, () => set(book, slip, amount));
}

function moving(book: Book, slip: Slip, { deed, amount, final }: Wish<'payment'>): Foreseen {
  const held = heldBy(slip);
  const refundable = slip.captured - slip.refunded;
  const promised = isUntouched(slip) && !slip.failed ? slip.amount : held;
  const most = { capture: held, refund: refundable, void: promised }[String(deed)] ?? 0;
  const asked = deed === 'void' ? promised : (amount ?? most);
  const may = asked > 0 && asked <= most;
  // A gateway is asked, and moves nothing until it says so.
  if (slip.atGateway) return may ? unsure(done) : refused;
  return when(may, () => {
    if (deed === 'void') letGo(book, slip, asked);
    if (deed === 'refund') giveBack(book, slip, { amount: asked, to: 'original' });
    if (deed !== 'capture') return;
    take(book, slip, asked);
    if (final && held > asked) letGo(book, slip, held - asked);
  });
}

/** A gateway says something of a card's payment: totals, in any order and any number of times. */
export function hearing(book: Book, { sheet, at }: On, wish: Wish<'report'>): Foreseen {
  const slip = sheet.slips[wish.payment % Math.max(1, sheet.slips.length)];
  if (!slip || slip.method !== 'credit_card' || wish.amount > slip.amount) return refused;
  const { authorized, captured, voided, refunded, expired } = afterReport(slip, wish);
  const grows = authorized > slip.authorized || captured > slip.captured || refunded > slip.refunded;
  const says = grows || voided > slip.voided || expired !== slip.expired ? 'accepted' : 'unknown';
  const write = (seen: (order: number) => Seen) => {
    book.till.set('credit_card', tillOf(book) + captured - slip.captured - (refunded - slip.refunded));
    if (authorized > slip.authorized || captured > slip.captured) slip.deleted = false;
    Object.assign(slip, { authorized, captured, voided, refunded, expired });
    slip.atGateway ||= authorized > 0;
    if (!slip.deleted) slip.failed = seen(at).payments[shown(sheet).indexOf(slip)]?.failure !== null;
  };
  return { says, write };
}

const tillOf = (book: Book): number => book.till.get('credit_card') ?? 0;

function afterReport(slip: Slip, { kind, amount }: Wish<'report'>): Slip {
  const next = { ...slip };
  if (kind === 'authorized') next.authorized = Math.max(slip.authorized, amount);
  if (kind === 'captured') next.captured = Math.max(slip.captured, amount);
  if (kind === 'refunded' && amount > 0) {
    next.refunded = Math.max(slip.refunded, Math.min(slip.amount, amount + slip.elsewhere));
    if (next.refunded > slip.refunded) next.captured = Math.max(slip.captured, next.refunded);
  }
  if (kind === 'voided') next.voided = Math.max(slip.voided, Math.min(amount, slip.amount - slip.captured));
  if (kind === 'expired') next.expired = true;
  next.authorized = Math.max(next.authorized, next.captured);
  // What a gateway took after all was not let go.
  if (next.captured > slip.captured) next.voided = Math.min(next.voided, slip.amount - next.captured);
  return next;
}

/** Money is to go back for pieces, shipping, or out of good will: the last payment first. */
export function givingBack(book: Book, { sheet, at }: On, wish: Wish<'refund'>): Foreseen {
  const { line, shipping, amount: free, to } = wish;
  const refundable = sheet.slips.reduce((all, slip) => all + slip.captured - slip.refunded, 0);
  const write = (seen: (order: number) => Seen) => {
    const cost = line === null ? 0 : seen(at).linesCost;
    if (cost < 0 || cost > totalOf(sheet)) throw new Error('pieces were paid back for more than they cost');
    let open = cost + shipping + free;
    if (open > refundable) throw new Error('more was paid back than was there');
    for (const slip of sheet.slips.toReversed()) {
      const amount = Math.min(open, slip.captured - slip.refunded);
      if (amount > 0 && !(slip.atGateway && to === 'original')) giveBack(book, slip, { amount, to });
      open -= amount;
    }
    sheet.shippingRefunded += shipping;
    sheet.paidBack ||= line !== null && sheet.pieces.size > 0;
  };
  if (line !== null || isUnsure(sheet)) return refundable === 0 ? refused : unsure(write);
  const total = shipping + free;
  return when(total > 0 && total <= refundable && shipping <= sheet.shipping - sheet.shippingRefunded, write);
}
