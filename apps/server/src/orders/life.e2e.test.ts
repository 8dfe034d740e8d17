import {
  anyShopWishes,
  type Book,
  buyers,
  foresee,
  heldBy,
  newBook,
  placeOf,
  prices,
  type Seen,
  shippingPrices,
  type ShopWish,
  storeOfVariant,
  totalOf,
} from '@orderloom/core/testing';
import { check } from '@orderloom/db';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aShop, aUser, procedures, refusalFrom, startApp } from '../testing.ts';
import { OrderView } from './views.ts';

const app = await startApp();
const opening = { stock: 40, balance: 20_000 };
/** How many steps: many more on demand. */
const { LAW_STEPS = '150', LAW_SEED = '20261121' } = process.env;

/** A shop with the book's goods, prices and people, all of it made by procedures. */
async function aBookshop() {
  const { tenant, admin } = await aShop(app, { balance: 0 });
  const { tenantId } = tenant;
  const policies = {
    taxRates: { standard: 1_000 },
    shippingMethods: shippingPrices,
    requirePaidBefore: 'none',
  };
  await app.db.pool.query('update tenants set policies = $2 where id = $1', [tenantId, policies]);
  const shop = await procedures(app, admin);
  await shop.stores.create({ name: 'store-2', slug: 'store-2' });
  const variants = new Map<string, string>();
  for (const [sku, price] of Object.entries(prices)) {
    const store = storeOfVariant(sku) === 'store-1' ? 'main' : 'store-2';
    const product = await shop.products.create({ name: sku, sku, price, store, quantity: opening.stock });
    variants.set(sku, product.variants[0]?.id ?? '');
  }
  const people = new Map<string, { id: string; asks: Awaited<ReturnType<typeof procedures>> }>();
  for (const name of buyers) {
    const { id } = await shop.customers.create({ name, email: `${name}@example.com` });
    await shop.customers.topUp({ id, amount: opening.balance, reason: 'opening' });
    const user = await aUser(app, { ...tenant, customerId: id }, 'customer');
    people.set(name, { id, asks: await procedures(app, user) });
  }
  return { shop, variants, people, views: new Array<OrderView>(), payments: new Array<string[]>() };
}
type Bookshop = Awaited<ReturnType<typeof aBookshop>>;

/** Instead of what no procedure knows of. */
const gift: ShopWish = { do: 'topUp', customer: 'ann', amount: 1 };

/** What the procedures know of: no gateway, so nothing of a card; taxes and shipping as everywhere. */
function asked(wish: ShopWish): ShopWish | null {
  if (wish.do === 'place') return { ...wish, charged: true, discount: 0 };
  if (wish.do === 'report' || (wish.do === 'status' && wish.command === 'placeDraft')) return null;
  if (wish.do === 'status') return { ...wish, cancelShipped: true };
  if (wish.do === 'pay') return { ...wish, group: false };
  if (wish.do !== 'payment') return wish;
  return wish.deed === 'fail' || wish.deed === 'expire' ? null : { ...wish, final: false };
}

const items = (lines: readonly { variant: string; quantity: number }[]) =>
  lines.map(({ variant, quantity }) => ({ product: variant, quantity }));

/** Asks the server for what is wished. */
function ask({ shop, variants, people, views, payments }: Bookshop, wish: ShopWish): Promise<unknown> {
  const idOf = (name: string) => people.get(name)?.id ?? '';
  const at = 'order' in wish ? wish.order % Math.max(1, views.length) : 0;
  const { id = '', lines = [], total = 0 } = views[at] ?? {};
  switch (wish.do) {
    case 'place': {
      const shippingMethod = wish.shipping ?? undefined;
      const onShortage = wish.partial ? 'partial' : 'reject';
      const said = { customer: idOf(wish.customer), items: items(wish.lines) };
      return shop.orders.place({ ...said, onShortage, ...(shippingMethod && { shippingMethod }) });
    }
    case 'draft':
      return shop.orders.draft({ customer: idOf(wish.customer) });
    case 'receive':
      return shop.stock.receive({ variant: variants.get(wish.variant) ?? '', quantity: wish.quantity });
    case 'topUp':
      return shop.customers.topUp({ id: idOf(wish.customer), amount: wish.amount, reason: 'gift' });
    case 'status':
      if (wish.command === 'placeDraft') throw new RangeError('no procedure places a draft');
      return shop.orders.change({ id, command: { type: wish.command } });
    case 'confirmDraft':
      return shop.orders.change({ id, command: { type: 'confirmDraft', declaredTotal: total + wish.off } });
    case 'edit':
      return shop.orders.edit({ id, items: items(wish.lines) });
    case 'describe':
      return shop.orders.update({ id, shippingMethod: wish.shipping, notes: wish.notes });
    case 'rate':
      return people.get(wish.by)?.asks.orders.rate({ id, score: wish.score }) ?? Promise.reject();
    case 'pay': {
      const { method, process, amount } = wish;
      return shop.payments.create({ order: id, method, process, ...(amount !== null && { amount }) });
    }
    case 'refund': {
      const line = wish.line === null ? undefined : lines[wish.line % Math.max(1, lines.length)];
      const { shipping, amount, to } = wish;
      const pieces = line ? [{ id: line.id, quantity: 1 }] : [];
      return shop.orders.refund({ id, items: pieces, shipping, amount, to });
    }
    case 'payment': {
      const own = payments[at] ?? [];
      return deal(shop, own[wish.payment % Math.max(1, own.length)] ?? '', wish);
    }
    case 'report':
      throw new RangeError('there is no gateway');
  }
}

type Deal = Extract<ShopWish, { do: 'payment' }>;

function deal({ payments }: Bookshop['shop'], id: string, { deed, amount }: Deal): Promise<unknown> {
  const some = { id, ...(amount !== null && { amount }) };
  const verbs = {
    process: () => payments.process({ id }),
    authorize: () => payments.hold({ id }),
    capture: () => payments.capture(some),
    void: () => payments.letGo({ id }),
    refund: () => payments.giveBack(some),
    delete: () => payments.remove({ id }),
  };
  if (deed === 'fail' || deed === 'expire') throw new RangeError(`no procedure can ${deed} a payment`);
  return verbs[deed]();
}

let steps = 0;

/** One wish, answered by the server and foreseen by the book. */
class Asked implements fc.AsyncCommand<Book, Bookshop> {
  readonly wish: ShopWish;
  constructor(wish: ShopWish) {
    this.wish = wish;
  }
  check = (): boolean => true;
  async run(book: Book, real: Bookshop): Promise<void> {
    const { shop, views, payments } = real;
    const { wish } = this;
    const foreseen = foresee(book, wish);
    const at = 'order' in wish ? placeOf(book, wish) : views.length;
    const before = views[at];
    let answer: unknown;
    const refusal = await refusalFrom(ask(real, wish).then((value) => (answer = value)));
    const went = refusal === 'went well';
    if (wish.do === 'place' || wish.do === 'draft') {
      if (went) for (const id of idsIn(answer)) views.push(await shop.orders.get({ id }));
    } else if (before) views[at] = await shop.orders.get({ id: before.id });
    const still = went && before?.version === views[at]?.version && before !== undefined;
    const what = went ? (still ? 'nothing' : 'accepted') : 'refused';
    foreseenAs(foreseen.says, { wish, what, refusal });
    for (const [place, view] of views.entries())
      for (const { id } of view.payments) {
        const own = (payments[place] ??= []);
        if (!own.includes(id)) own.push(id);
      }
    if (what === 'accepted') foreseen.write((place) => seenOf(wish, views[place], before));
    for (let place = at; place < views.length; place += 1) agrees(book, place, views[place]);
    await balanced(real, book);
    steps += 1;
  }
  toString = (): string => JSON.stringify(this.wish);
}

/** The answer is what the book foresaw, and never that something broke. */
function foreseenAs(
  says: string,
  { wish, what, refusal }: Record<'wish' | 'what' | 'refusal', unknown>,
): void {
  expect(refusal).not.toMatchObject({ code: 'INTERNAL' });
  if (says !== 'unknown') expect([wish, what, refusal]).toEqual([wish, says, refusal]);
}

const idsIn = (answer: unknown): string[] => {
  const { id, group } = OrderView.parse(answer);
  return group?.orderIds ?? [id];
};

/** What the book may read of an order: the shares of a group, and what the pieces of a refund have cost. */
function seenOf(wish: ShopWish, view: OrderView | undefined, before: OrderView | undefined): Seen {
  if (!view) throw new RangeError('an order that nobody has seen');
  const given = view.refunded - (before?.refunded ?? 0);
  const linesCost = wish.do === 'refund' ? given - wish.shipping - wish.amount : 0;
  return { ...view, linesCost };
}

/** An order is what the book says of it. */
function agrees(book: Book, place: number, view: OrderView | undefined): void {
  const sheet = book.sheets[place];
  if (!sheet || !view) throw new Error('an order that is not in the book, or not in the shop');
  const slips = sheet.slips.filter(({ deleted }) => !deleted);
  const pieces = [...sheet.pieces].filter(([, quantity]) => quantity > 0);
  const asSheet = {
    status: sheet.status,
    version: sheet.version,
    total: totalOf(sheet),
    paid: slips.reduce((all, { captured }) => all + captured, 0),
    refunded: slips.reduce((all, { refunded }) => all + refunded, 0),
    payments: slips.map((slip) => ({
      amount: slip.amount,
      captured: slip.captured,
      refunded: slip.refunded,
      held: heldBy(slip),
    })),
  };
  expect(view).toMatchObject(asSheet);
  const lines = new Map<string, number>();
  for (const { productSku, quantity } of view.lines)
    lines.set(productSku, (lines.get(productSku) ?? 0) + quantity);
  expect(Object.fromEntries(lines)).toEqual(Object.fromEntries(pieces));
}

/** Shelf and balances are what the book says. */
async function balanced({ shop, people }: Bookshop, book: Book): Promise<void> {
  for (const [variant, { onHand, reserved }] of book.shelf)
    expect((await shop.products.get({ id: variant })).variants[0]).toMatchObject({ onHand, reserved });
  for (const [name, { id }] of people)
    expect(await shop.customers.get({ id })).toMatchObject({
      balance: book.balance.get(name),
      held: book.held.get(name),
    });
}

const lives = fc.commands(
  anyShopWishes.map((wishes) => wishes.map((wish) => new Asked(asked(wish) ?? gift))),
  { maxCommands: 60, size: 'max' },
);

it('the server says, has and owes after every step what a book kept by hand says', async () => {
  for (let round = 0; steps < Number(LAW_STEPS); round += 1)
    await fc.assert(
      fc.asyncProperty(lives, async (wishes) => {
        const real = await aBookshop();
        const setup = () => ({ model: newBook({ gateway: false, ...opening }), real });
        await fc.asyncModelRun(setup, wishes);
      }),
      { numRuns: 1, seed: Number(LAW_SEED) + round, endOnFailure: true },
    );
  expect(steps).toBeGreaterThanOrEqual(Number(LAW_STEPS));
  expect(await check(app.db)).toEqual([]);
});

it('the tallies of payments follow an order that becomes one of several stores', async () => {
  const { shop } = await aBookshop();
  const order = await shop.orders.place({ customer: 1, items: [{ product: 'tea', quantity: 1 }] });
  await shop.payments.create({ order: order.id, method: 'cash' });
  await shop.orders.edit({ id: order.id, items: [{ product: 'pot', quantity: 1 }] });
  expect(await check(app.db, order.tenantId)).toEqual([]);
});
