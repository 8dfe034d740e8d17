import {
  commandScopes,
  decide,
  err,
  type House,
  may,
  ok,
  type Order,
  type OrderCommand,
  type OrderEvent,
  type OrderStatus,
  type Result,
  walk,
} from '@orderloom/core';
import type { ChangeOrder, OrderAction } from '@orderloom/core/inputs';
import {
  type EntityManager,
  lockLevels,
  lockOrders,
  lockPurses,
  lockShelf,
  orderIds,
  type OrderNames,
  orderNames,
  type Tenant,
} from '@orderloom/db';
import type { Refusal } from '../errors.ts';
import type { Actor } from '../trpc.ts';
import { policyOf, reaches, rulesOf } from './policy.ts';
import { type Change, record } from './record.ts';
import { throughAll } from './through-all.ts';
import type { OrderFacts } from './views.ts';
import { nowhere } from './wish.ts';

/** To a status, along the shortest way there (S3-13). */
export type Move = { readonly type: 'moveOrder'; readonly to: OrderStatus; readonly reason: string };

/** One caller's command on one order, by any of its names. */
export type Command = {
  readonly ctx: Actor;
  readonly id: string;
  readonly expectedVersion: number | undefined;
  readonly command: OrderCommand | Move;
};

/** An order after a command, and what happened to it. */
export type ChangedFacts = OrderFacts & { readonly events: readonly OrderEvent[] };
type Answer = Result<ChangedFacts, Refusal>;

/** The road of a single status command: a list of one. */
export async function changeOrder(em: EntityManager, input: ChangeOrder, ctx: Actor): Promise<Answer> {
  const command = commandOf(input.command);
  const needed = commandScopes[command.type];
  const reach = may(ctx.caller, needed.all)
    ? 'all'
    : needed.own && may(ctx.caller, needed.own)
      ? 'own'
      : null;
  if (reach === null) return err({ code: 'FORBIDDEN', scope: needed.own ?? needed.all });
  return changeOne(em, {
    ctx: { ...ctx, reach },
    id: input.id,
    expectedVersion: input.expectedVersion,
    command,
  });
}

/** A command on one order: what it would be in a list, alone. */
export async function changeOne(em: EntityManager, change: Command): Promise<Answer> {
  const [answer] = await changeOrders(em, [change]);
  return answer ?? err({ code: 'ORDER_NOT_FOUND', id: change.id });
}

/**
 * The one road for commands on orders that exist: lock the orders by id, ask core, write all at once, answer
 * each. A refused command is a value and takes no other with it. An order is named once in a
 * list.
 */
export async function changeOrders(
  em: EntityManager,
  changes: readonly [Command, ...Command[]],
): Promise<Answer[]> {
  const { tenantId } = changes[0].ctx.caller;
  const ids = await orderIds(
    em,
    tenantId,
    changes.map(({ id }) => id),
  );
  const locked = await lockOrders(em, tenantId, [...new Set(ids.values())]);
  const known = await orderNames(em, tenantId, [...locked.values()]);
  const orderOf = ({ id }: Command) => locked.get(ids.get(id) ?? '');
  const pairs = changes.map((change) => ({ command: change.command, order: orderOf(change) }));
  const house = await houseOf(em, known.tenant, pairs);

  const decided = changes.map((change) =>
    decideOne(change, orderOf(change), { tenant: known.tenant, house }),
  );
  const recorded = await throughAll(decided, (all) => recordAll(em, all));
  const names = await namesAfter(em, recorded, known);
  return recorded.map((order, at) => {
    const { ctx } = changes[at] ?? changes[0];
    const change = decided[at];
    const events = change?.ok ? change.value.events : [];
    return order.ok ? ok({ order: order.value, names, policy: policyOf(names.tenant, ctx), events }) : order;
  });
}

/** What changes nothing writes nothing: the order stays the version that it is. */
async function recordAll(em: EntityManager, changes: readonly Change[]): Promise<Result<Order, Refusal>[]> {
  const told = changes.map((change): Result<Change, Refusal> =>
    change.events.length > 0 ? ok(change) : err({ code: 'INTERNAL' }),
  );
  const recorded = await throughAll(told, (all) => record(em, all));
  return recorded.map((order, at) => {
    const { before = null, events = [] } = changes[at] ?? {};
    return events.length === 0 && before ? ok(before) : order;
  });
}

/** An edit may bring in products that the order did not have before. */
async function namesAfter(
  em: EntityManager,
  recorded: readonly Result<Order, Refusal>[],
  known: OrderNames,
): Promise<OrderNames> {
  const orders = recorded.flatMap((order) => (order.ok ? [order.value] : []));
  const isKnown = ({ lines }: Order) => lines.every(({ productId }) => known.products.has(productId));
  return orders.every(isKnown) ? known : orderNames(em, known.tenant.id, orders);
}

type Around = { readonly tenant: Tenant; readonly house: House };

function decideOne(
  { ctx, id, expectedVersion, command }: Command,
  order: Order | undefined,
  { tenant, house }: Around,
): Result<Change, Refusal> {
  if (!order || !reaches(ctx, order)) return err({ code: 'ORDER_NOT_FOUND', id });
  if (expectedVersion !== undefined && expectedVersion !== order.version)
    return err({ code: 'VERSION_CONFLICT', currentVersion: order.version });
  const rules = rulesOf(tenant, ctx.newId);
  const context = { at: ctx.at, policy: policyOf(tenant, ctx), house, rules };
  const reason = 'reason' in command ? command.reason : null;
  const decided =
    command.type === 'moveOrder'
      ? walkFor(ctx, walk(order, command.to, { ...context, reason: command.reason }))
      : decide(order, command, context);
  return decided.ok ? ok({ ctx, before: order, events: decided.value, reason }) : decided;
}

/** Whoever sends an order a long way needs the right to each step of it. */
function walkFor({ caller }: Actor, walked: ReturnType<typeof walk>): Result<readonly OrderEvent[], Refusal> {
  if (!walked.ok) return walked;
  const forbidden = walked.value.commands.find((name) => !may(caller, commandScopes[name].all));
  if (forbidden) return err({ code: 'FORBIDDEN', scope: commandScopes[forbidden].all });
  return ok(walked.value.events);
}

type Pair = { readonly command: OrderCommand | Move; readonly order: Order | undefined };

/**
 * The shelf that edits and drafts take from, and the balances that payments of this list are taken from.
 * Stock is always locked before balances, so a list that also moves stock locks its rows first.
 */
async function houseOf(em: EntityManager, tenant: Tenant, pairs: readonly Pair[]): Promise<House> {
  const shelf = await lockShelf(em, tenant.id, [...new Set(pairs.flatMap(takenBy))]);
  const payers = pairs.filter(paysFromBalance).flatMap(({ order }) => order?.customerId ?? []);
  const moving = payers.length > 0 ? pairs.filter(({ command }) => movesStock.includes(command.type)) : [];
  const variantIds = moving.flatMap(({ order }) => order?.lines.map(({ variantId }) => variantId) ?? []);
  if (variantIds.length > 0) await lockLevels(em, tenant.id, [...new Set(variantIds)]);
  return { shelf, purses: await lockPurses(em, tenant, payers) };
}

/** The variants that a command may take from the shelf: an edit's, and those of a draft that is placed. */
function takenBy({ command, order }: Pair): string[] {
  const held = order?.lines.map(({ variantId }) => variantId) ?? [];
  if (command.type === 'editOrder')
    return [...held, ...command.lines.map(({ variantId }) => variantId)].filter(isThere);
  return order?.placedAt === null ? held : [];
}

const isThere = (variantId: string): boolean => variantId !== nowhere;

const movesStock: readonly Pair['command']['type'][] = ['shipOrder', 'cancelOrder'];

function paysFromBalance({ command, order }: Pair): boolean {
  if (command.type === 'createPayment') return command.process && command.method === 'balance';
  if (command.type !== 'processPayment' && command.type !== 'authorizePayment') return false;
  return order?.payments.find(({ id }) => id === command.paymentId)?.method === 'balance';
}

const commandOf = (action: OrderAction) =>
  action.type === 'shipOrder' ? { type: action.type, trackingNumber: action.trackingNumber ?? null } : action;
