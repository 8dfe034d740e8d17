import {
  commandScopes,
  decide,
  err,
  type House,
  may,
  ok,
  type Order,
  type OrderCommand,
  type Result,
} from '@orderloom/core';
import type { ChangeOrder, OrderAction } from '@orderloom/core/inputs';
import {
  type EntityManager,
  lockLevels,
  lockOrders,
  lockPurses,
  orderIds,
  orderNames,
  type Tenant,
} from '@orderloom/db';
import type { Refusal } from '../errors.ts';
import type { Actor } from '../trpc.ts';
import { policyOf, reaches, rulesOf } from './policy.ts';
import { type Change, record } from './record.ts';
import { throughAll } from './through-all.ts';
import type { OrderFacts } from './views.ts';

/** One caller's command on one order, by any of its names. */
export type Command = {
  readonly ctx: Actor;
  readonly id: string;
  readonly expectedVersion: number | undefined;
  readonly command: OrderCommand;
};

type Answer = Result<OrderFacts, Refusal>;

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
  const recorded = await throughAll(decided, (all) => record(em, all));
  return recorded.map((order, at) => {
    const { ctx } = changes[at] ?? changes[0];
    return order.ok ? ok({ order: order.value, names: known, policy: policyOf(known.tenant, ctx) }) : order;
  });
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
  const decided = decide(order, command, { at: ctx.at, policy: policyOf(tenant, ctx), house, rules });
  const reason = 'reason' in command ? command.reason : null;
  return decided.ok ? ok({ ctx, before: order, events: decided.value, reason }) : decided;
}

type Pair = { readonly command: OrderCommand; readonly order: Order | undefined };

/**
 * The balances that payments of this list are taken from. Stock is always locked before balances (domain
 * 8.3), so a list that also moves stock locks its rows first.
 */
async function houseOf(em: EntityManager, tenant: Tenant, pairs: readonly Pair[]): Promise<House> {
  const payers = pairs.filter(paysFromBalance).flatMap(({ order }) => order?.customerId ?? []);
  const moving = payers.length > 0 ? pairs.filter(({ command }) => movesStock.includes(command.type)) : [];
  const variantIds = moving.flatMap(({ order }) => order?.lines.map(({ variantId }) => variantId) ?? []);
  if (variantIds.length > 0) await lockLevels(em, tenant.id, [...new Set(variantIds)]);
  return { shelf: new Map(), purses: await lockPurses(em, tenant, payers) };
}

const movesStock: readonly OrderCommand['type'][] = ['shipOrder', 'cancelOrder'];

function paysFromBalance({ command, order }: Pair): boolean {
  if (command.type === 'createPayment') return command.process && command.method === 'balance';
  if (command.type !== 'processPayment' && command.type !== 'authorizePayment') return false;
  return order?.payments.find(({ id }) => id === command.paymentId)?.method === 'balance';
}

const commandOf = (action: OrderAction) =>
  action.type === 'shipOrder' ? { type: action.type, trackingNumber: action.trackingNumber ?? null } : action;
