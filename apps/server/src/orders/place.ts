import { err, type House, ok, place, type PlaceRequest, type Result, type Shortage } from '@orderloom/core';
import {
  closeCarts,
  type Directory,
  type EntityManager,
  lockCarts,
  lockPurses,
  lockShelf,
  openDirectory,
  orderNames,
  writeDeeds,
} from '@orderloom/db';
import { actOf } from '../act.ts';
import type { Refusal } from '../errors.ts';
import type { Replay } from '../once.ts';
import type { Actor } from '../trpc.ts';
import { claimed, settled } from './claims.ts';
import { receiveFor, shownOnly } from './haul.ts';
import { policyOf, rulesOf } from './policy.ts';
import { record } from './record.ts';
import { throughAll } from './through-all.ts';
import type { PlacedFacts } from './views.ts';
import { type Asked, customerOf, nowhere, requestOf, wantedBy, type Wish } from './wish.ts';

/** What became of a wish. */
export type Answer = Result<PlacedFacts, Refusal | Replay>;

/**
 * Places what several callers of one tenant wish for, in one transaction: claim their keys, find what they
 * name, lock carts, stock and balances in key order, ask core once, write all at once. A refused wish is a
 * value and rolls nothing back.
 */
export async function placeOrders(em: EntityManager, wishes: readonly [Wish, ...Wish[]]): Promise<Answer[]> {
  const [{ ctx: first }] = wishes;
  const { tenantId } = first.caller;
  const claims = await claimed(em, tenantId, wishes);
  const answers = await throughAll(claims, (all) => placeClaimed(em, first, all));
  await settled(em, tenantId, { wishes, claims, answers });
  return answers;
}

async function placeClaimed(em: EntityManager, first: Actor, wishes: readonly Wish[]): Promise<Answer[]> {
  const { tenantId } = first.caller;
  const directory = await openDirectory(em, tenantId, wishes.map(wantedBy));
  const carts = await lockCarts(em, tenantId, shoppers(wishes, directory));
  const asked = onePerCart(wishes.map((wish) => requestOf(wish, { directory, carts })));
  const decided = await throughAll(asked, async (all) => {
    const requests = all.map(({ request }) => request);
    const house = shownOnly(await lockHouse(em, requests, directory), wishes);
    return place(requests, house, rulesOf(directory.tenant, first.newId)).map((answer, at) =>
      answer.ok ? ok({ ...answer.value, ctx: all[at]?.ctx ?? first }) : answer,
    );
  });
  if (decided.some(({ ok: went }) => went)) await receiveFor(em, wishes);
  const recorded = await throughAll(decided, (all) =>
    record(
      em,
      all.map(({ events, ctx }) => ({ before: null, events, ctx, reason: null })),
    ),
  );
  await follow(em, first, { asked, decided });
  // What lay in a cart was named by nobody.
  const orders = carts.size === 0 ? [] : recorded.flatMap((order) => (order.ok ? [order.value] : []));
  const names = carts.size === 0 ? directory : await orderNames(em, tenantId, orders);
  return recorded.map((order, at) => {
    if (!order.ok) return order;
    const policy = policyOf(directory.tenant, wishes[at]?.ctx ?? first);
    const placed = decided[at];
    const shortages = placed?.ok ? placed.value.shortages : [];
    return ok({ order: order.value, names, policy, shortages });
  });
}

/** A cart is ordered once: whoever comes second in the same batch finds it empty. */
function onePerCart(asked: readonly Result<Asked, Refusal>[]): Result<Asked, Refusal>[] {
  const taken = new Set<string>();
  return asked.map((one) => {
    if (!one.ok || one.value.cartId === null) return one;
    if (taken.has(one.value.cartId)) return err({ code: 'CART_EMPTY' });
    taken.add(one.value.cartId);
    return one;
  });
}

/** Whose carts are to be ordered from. */
function shoppers(wishes: readonly Wish[], directory: Directory): string[] {
  return wishes.flatMap((wish) => {
    const customerId = customerOf(wish, directory);
    return wish.asked.items === 'cart' && customerId.ok && customerId.value !== null
      ? [customerId.value]
      : [];
  });
}

type Decided = {
  readonly asked: readonly Result<Asked, Refusal>[];
  readonly decided: readonly Result<unknown, Refusal>[];
};

/** What is done besides the orders: carts that were ordered are closed, what was short is told (S1-11). */
async function follow(em: EntityManager, first: Actor, { asked, decided }: Decided): Promise<void> {
  const { tenantId } = first.caller;
  const all = asked.flatMap((one, at) => (one.ok ? [{ ...one.value, answer: decided[at] }] : []));
  const carts = all.flatMap(({ cartId, answer }) => (cartId !== null && answer?.ok ? [cartId] : []));
  if (carts.length > 0) await closeCarts(em, tenantId, { cartIds: carts, at: first.at });
  const deeds = all.flatMap(({ ctx, answer }) => {
    if (!answer || answer.ok || answer.error.code !== 'INSUFFICIENT_STOCK') return [];
    return ctx.origin === 'service' ? [shortageDeed(ctx, answer.error.shortages)] : [];
  });
  if (deeds.length > 0) await writeDeeds(em, tenantId, deeds);
}

const shortageDeed = (ctx: Actor, shortages: readonly Shortage[]) => ({
  ...actOf(ctx, null),
  moves: [],
  entries: [],
  events: shortages.map(({ line: _, ...data }) => ({ id: ctx.newId(), type: 'stock.short', data })),
});

/** Locks what the requests compete for: the stock rows first, then the balances, each in key order. */
async function lockHouse(
  em: EntityManager,
  requests: readonly PlaceRequest[],
  { tenant }: Directory,
): Promise<House> {
  const variantIds = requests.flatMap(({ lines }) => lines.map(({ variantId }) => variantId));
  const payers = requests.flatMap(({ payFromBalance, customerId }) =>
    payFromBalance && customerId !== null ? [customerId] : [],
  );
  const shelf = await lockShelf(
    em,
    tenant.id,
    variantIds.filter((id) => id !== nowhere),
  );
  const purses = await lockPurses(em, tenant, payers);
  return { shelf, purses };
}
