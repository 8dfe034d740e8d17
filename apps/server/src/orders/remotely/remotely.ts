import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '@orderloom/core';
import { quantityMax } from '@orderloom/core/inputs';
import { type Database, openDirectory, releaseKeys, transact } from '@orderloom/db';
import type { Refusal } from '../../errors.ts';
import { countPlaced } from '../../metrics.ts';
import type { Answer, Replay } from '../../once.ts';
import type { Basket, Errand, Goods, Haul, Offer, Remote } from '../../remote.ts';
import type { Actor } from '../../trpc.ts';
import { claimed, settled } from '../../each-once.ts';
import { type Shopper, shopperOf } from './shopper.ts';
import { placeOrders } from '../placing/place.ts';
import { type PlacedFacts, placedView } from '../views.ts';
import type { Placing } from '../placing/placing.ts';
import { excessAt, wantedBy, type Wish, type Wished } from '../placing/wish.ts';

type House = { readonly db: Database; readonly remote: Remote };

/**
 * The same door where the catalogue or the carts are somebody else's: what comes in by the service family is
 * taken there first, and placed with it. No transaction is open while a service is being waited for.
 */
export const remotePlacing = (house: House, own: Placing): Placing => ({
  place: (ctx, asked) => {
    const { goods, baskets } = house.remote;
    const outside = goods !== null || (baskets !== null && asked.items === 'cart');
    return ctx.origin === 'service' && outside ? placeRemotely(house, { ctx, asked }) : own.place(ctx, asked);
  },
});

async function placeRemotely(house: House, wish: Wish): Promise<Answer<PlacedFacts>> {
  const opened = await open(house, wish);
  if (!opened.ok) return opened;
  const gathered: Gathered = { basket: null, haul: null };
  let placed = false;
  try {
    const { requestId, at, caller } = wish.ctx;
    const { currency } = opened.value;
    const errand = house.remote.errand({ tenantId: caller.tenantId, requestId, at, currency });
    const asked = await gather(house, { errand, wish, shopper: opened.value, gathered });
    const answer: Answer<PlacedFacts> = asked.ok
      ? await commit(house, { wish, asked: asked.value, gathered })
      : asked;
    placed = answer.ok;
    return answer;
  } finally {
    if (!placed) await letGo(house, wish, gathered);
    else await gathered.basket?.close();
  }
}

/** Nothing was placed: what was taken goes back, and a later try with the same key decides anew. */
async function letGo({ db }: House, { ctx }: Wish, { haul }: Gathered): Promise<void> {
  await haul?.giveBack();
  const { once, caller } = ctx;
  if (!once) return;
  const { tenantId } = caller;
  await transact(db, { tenantId }, async (em) => ok(await releaseKeys(em, tenantId, [once])));
}

const patience = { tries: 20, pauseMs: 100 };

/** Claims the key for as long as a service may take, and finds who wishes. */
async function open({ db }: House, wish: Wish): Promise<Result<Shopper, Refusal | Replay>> {
  const { tenantId } = wish.ctx.caller;
  for (let tried = 1; ; tried += 1) {
    const opened = await transact<Shopper, Refusal | Replay>(db, { tenantId }, async (em) => {
      const [claim] = await claimed(em, tenantId, [wish]);
      if (claim && !claim.ok) return claim;
      return shopperOf(em, wish, await openDirectory(em, tenantId, [wantedBy(wish)]));
    });
    const running = !opened.ok && opened.error.code === 'IDEMPOTENCY_IN_PROGRESS';
    if (!running || tried === patience.tries) return opened;
    await sleep(patience.pauseMs);
  }
}

/** What is held outside for a wish, filled as it is gathered. */
type Gathered = { basket: Basket | null; haul: Haul | null };
type Gathering = {
  readonly errand: Errand;
  readonly wish: Wish;
  readonly shopper: Shopper;
  readonly gathered: Gathered;
};
type Item = { readonly product: string; readonly quantity: number };

/** Asks for the cart, and takes the pieces; the wish as it can be placed with them. */
async function gather(
  { remote }: House,
  { errand, wish, shopper, gathered }: Gathering,
): Promise<Result<Wished, Refusal>> {
  const { asked } = wish;
  let items: readonly Item[] = asked.items === 'cart' ? shopper.cart : asked.items;
  if (asked.items === 'cart' && remote.baskets) {
    const found = shopper.customer === null ? ok(null) : await remote.baskets.find(errand, shopper.customer);
    if (!found.ok) return found;
    gathered.basket = found.value;
    items = found.value?.items ?? [];
  }
  if (asked.items === 'cart' && items.length === 0) return err({ code: 'CART_EMPTY' });
  if (!remote.goods) return ok({ ...asked, items: items.map((item) => ({ ...item })) });
  const wishes = await find(remote.goods, errand, { items, shopper });
  if (!wishes.ok) return wishes;
  const haul = await remote.goods.take(errand, { wishes: wishes.value, onShortage: asked.onShortage });
  if (!haul.ok) return haul;
  gathered.haul = haul.value;
  // Our own cart is ordered from, and closed, under its lock.
  if (asked.items === 'cart' && !remote.baskets) return ok(asked);
  const { portions, products } = haul.value;
  const placeable = portions.map(({ offer, wanted: quantity }) => ({
    product: products.get(offer.id)?.sku ?? offer.sku,
    quantity,
  }));
  return ok({ ...asked, items: placeable });
}

type Named = { readonly items: readonly Item[]; readonly shopper: Shopper };
type Found = { readonly offer: Offer; readonly quantity: number };

/** Offers for all items; those of one product are added up, by whatever name it was called. */
async function find(
  goods: Goods,
  errand: Errand,
  { items, shopper }: Named,
): Promise<Result<Found[], Refusal>> {
  const names = [...new Set(items.map(({ product }) => product))];
  const found = await goods.find(errand, names.map(shopper.nameOutside));
  if (!found.ok) return found;
  const offers = new Map(names.map((name, at) => [name, found.value[at] ?? null]));
  const wishes = new Map<string, Found>();
  for (const [line, { product, quantity }] of items.entries()) {
    const offer = offers.get(product);
    if (!offer) return err({ code: 'PRODUCT_UNKNOWN', line, ref: product });
    const sum = quantity + (wishes.get(offer.id)?.quantity ?? 0);
    if (sum > quantityMax) return err(excessAt(line));
    wishes.set(offer.id, { offer, quantity: sum });
  }
  return ok([...wishes.values()]);
}

type Placeable = { readonly wish: Wish; readonly asked: Wished; readonly gathered: Gathered };

/** Places the order with what was gathered for it, all in one transaction. */
async function commit({ db }: House, { wish, asked, gathered }: Placeable): Promise<Answer<PlacedFacts>> {
  const { basket, haul } = gathered;
  const ctx: Actor = { ...wish.ctx, once: null };
  const { tenantId } = ctx.caller;
  const done = await transact<Answer<PlacedFacts>, Refusal>(db, { tenantId }, async (em) => {
    const [answer] = await placeOrders(em, [{ ctx, asked, ...(haul ? { haul } : {}) }]);
    if (!answer) return err({ code: 'INTERNAL' });
    if (answer.ok && haul && !(await haul.keep(em))) return err({ code: 'BUSY', retryAfterSeconds: 1 });
    if (answer.ok && basket && !(await basket.meanToClose(em))) return err({ code: 'CART_EMPTY' });
    await settled(em, tenantId, { claims: [ok(wish)], answers: [answer], view: placedView });
    return ok(answer);
  });
  if (!done.ok) return done;
  if (done.value.ok) countPlaced(1);
  return done.value;
}
