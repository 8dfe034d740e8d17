import {
  type Err,
  err,
  type House,
  isCharged,
  ok,
  type Order,
  type Placed,
  placeGroups,
  type PlaceRequest,
  type Result,
  type Shortage,
  split,
} from '@orderloom/core';
import {
  closeCarts,
  type Directory,
  type EntityManager,
  lockCarts,
  lockPurses,
  lockShelf,
  openDirectory,
  type OrderNames,
  orderNames,
  writeDeeds,
} from '@orderloom/db';
import { actOf } from '../../act.ts';
import type { Refusal } from '../../errors.ts';
import type { Batch } from '../../batches.ts';
import { eachOnce } from '../../each-once.ts';
import type { Answer } from '../../once.ts';
import type { Actor } from '../../trpc.ts';
import { receiveFor, shownOnly } from '../remotely/haul.ts';
import { policyOf, rulesOf } from '../policy.ts';
import { record } from '../record.ts';
import { throughAll } from '../../through-all.ts';
import { type PlacedFacts, placedView } from '../views.ts';
import { type Around, type Asked, customerOf, nowhere, requestOf, wantedBy, type Wish } from './wish.ts';

/**
 * Places what several callers of one tenant wish for, in one transaction: claim their keys, find what they
 * name, lock carts, stock and balances in key order, ask core once, write all at once. A refused wish is a
 * value and rolls nothing back.
 */
export const placeOrders = (em: EntityManager, wishes: Batch<Wish>): Promise<Answer<PlacedFacts>[]> =>
  eachOnce(em, wishes, { work: (all) => placeAll(em, all), view: placedView });

async function placeAll(em: EntityManager, wishes: Batch<Wish>): Promise<Answer<PlacedFacts>[]> {
  const [{ ctx: first }] = wishes;
  const { tenantId } = first.caller;
  const directory = await openDirectory(em, tenantId, wishes.map(wantedBy));
  const carts = await lockCarts(em, tenantId, shoppers(wishes, directory));
  const named = wishes.map((wish) => requestOf(wish, { directory, carts }));
  const firsts = firstsOf(named);
  const asked = named.map((one, at) => (firsts[at] === at ? one : err({ code: 'CART_EMPTY' as const })));
  const decided = await throughAll(asked, async (all) => {
    const requests = all.map(({ request }) => request);
    const house = shownOnly(await lockHouse(em, requests, directory), wishes);
    // In the balance and service families a request is one order.
    const groups = requests.map((one) => (isCharged(one) ? split(one, house.shelf, first.newId) : [one]));
    return placeGroups(groups, house, rulesOf(directory.tenant, first)).map((answer, at) =>
      answer.ok ? ok({ placed: answer.value, ctx: all[at]?.ctx ?? first }) : answer,
    );
  });
  if (decided.some(({ ok: went }) => went)) await receiveFor(em, wishes);
  const recorded = await throughAll(decided, (all) => recordGroups(em, all));
  await follow(em, first, { asked, decided });
  const names = await namesAround(em, recorded, { directory, carts });
  const answers = recorded.map((group, at): Answer<PlacedFacts> => {
    if (!group.ok) return whereAsked(group, wishes[at]);
    const [order] = group.value;
    if (!order) return err({ code: 'INTERNAL' });
    const { ctx, asked: wished } = wishes[at] ?? { ctx: first, asked: null };
    const policy = policyOf(directory.tenant, ctx);
    const placed = decided[at];
    const shortages = placed?.ok ? placed.value.placed.flatMap((one) => one.shortages) : [];
    const around = wished?.items === 'cart' ? names : directory;
    return ok({ order, names: { ...around, groups: groupsOf(group.value) }, policy, shortages });
  });
  // Whoever asks for a cart after somebody who did not get it does not get it either.
  return answers.map((answer, at) => {
    const before = answers[firsts[at] ?? at];
    return before?.ok === false ? before : answer;
  });
}

type Decision = { readonly placed: readonly Placed[]; readonly ctx: Actor };

/** Records the orders of all groups at once, each with a number of its own. */
async function recordGroups(
  em: EntityManager,
  all: readonly Decision[],
): Promise<Result<readonly Order[], Refusal>[]> {
  const changes = all.map(({ placed, ctx }) =>
    placed.map(({ events }) => ({ before: null, events, ctx, reason: null })),
  );
  const recorded = await record(em, changes.flat());
  return changes.map(({ length }) => {
    const group = recorded.splice(0, length);
    const refused = group.find((one) => !one.ok);
    return refused ?? ok(group.flatMap((one) => (one.ok ? [one.value] : [])));
  });
}

/** Lines that were added up are fewer: what is unknown is told by where it was asked for. */
function whereAsked(refused: Err<Refusal>, wish: Wish | undefined): Err<Refusal> {
  const { error } = refused;
  if (error.code !== 'PRODUCT_UNKNOWN' || wish?.ctx.origin !== 'service' || wish.asked.items === 'cart')
    return refused;
  return err({ ...error, line: wish.asked.items.findIndex(({ product }) => product === error.ref) });
}

/** The group that was just placed, if it is one. */
function groupsOf(orders: readonly Order[]): OrderNames['groups'] {
  const id = orders[0]?.groupId ?? null;
  return id === null
    ? new Map()
    : new Map([[id, orders.map(({ id: order, total }) => ({ id: order, total }))]]);
}

/** A cart is ordered once: for each wish the first one in the batch that is for the same cart. */
function firstsOf(asked: readonly Result<Asked, Refusal>[]): number[] {
  const firsts = new Map<string, number>();
  return asked.map((one, at) => {
    const cartId = one.ok ? one.value.cartId : null;
    if (cartId === null) return at;
    const first = firsts.get(cartId) ?? at;
    firsts.set(cartId, first);
    return first;
  });
}

/** What lay in a cart was named by nobody. */
async function namesAround(
  em: EntityManager,
  recorded: readonly Result<readonly Order[], Refusal>[],
  { directory, carts }: Around,
): Promise<OrderNames> {
  if (carts.size === 0) return directory;
  const orders = recorded.flatMap((group) => (group.ok ? group.value : []));
  return orderNames(em, directory.tenant.id, orders);
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
