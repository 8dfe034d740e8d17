import {
  type DecideContext,
  decideGroupPayment,
  err,
  type GroupPaymentCommand,
  type GroupStep,
  ok,
  type Order,
  payGroup,
  type Result,
} from '@orderloom/core';
import type { OpenPayment } from '@orderloom/core/inputs';
import {
  type EntityManager,
  groupOrderIds,
  keepCardToken,
  lockAllOrders,
  lockOrders,
  lockPurses,
  orderNames,
  type PaymentPlace,
} from '@orderloom/db';
import type { Refusal } from '../../errors.ts';
import type { Actor } from '../../trpc.ts';
import { policyOf, reaches, rulesOf } from '../policy.ts';
import { record } from '../record.ts';

/** A payment for all orders of a group that take one; the id that its parts share. */
export async function openGroupPayment(
  em: EntityManager,
  { group = '', method, amount, reference, cardToken, expectedVersion }: OpenPayment,
  ctx: Actor,
): Promise<Result<string, Refusal>> {
  const { tenantId } = ctx.caller;
  const locked = await lockOrders(em, tenantId, await groupOrderIds(em, tenantId, group));
  const orders = [...locked.values()];
  const [first] = orders;
  if (!first || !orders.every((order) => reaches(ctx, order)))
    return err({ code: 'REFERENCE_UNKNOWN', field: 'group', what: 'Group' });
  const standing = await standingOf(em, { ctx, orders, expectedVersion, payers: [] });
  if (!standing.ok) return standing;
  const way = method ?? first.paymentMethod ?? 'credit_card';
  const said = { amount: amount ?? null, reference: reference ?? null, process: false };
  const paid = payGroup(orders, { type: 'createPayment', method: way, ...said }, standing.value);
  if (!paid.ok) return paid;
  const { groupPaymentId, steps } = paid.value;
  const done = await recorded(em, ctx, { steps, reason: null, value: groupPaymentId });
  const [part] = steps.flatMap(({ events }) => events);
  if (done.ok && cardToken !== undefined && part?.type === 'payment.created')
    await keepCardToken(em, tenantId, { paymentId: part.payment.id, token: cardToken });
  return done;
}

/** A command on the payment of a group. */
type GroupChange = {
  readonly ctx: Actor;
  readonly place: PaymentPlace;
  readonly expectedVersion: number | undefined;
  readonly command: GroupPaymentCommand;
};

/** The road of a command on all orders of a group: locked by id, decided together, written together. */
export async function changeGroup(
  em: EntityManager,
  { ctx, place, expectedVersion, command }: GroupChange,
): Promise<Result<null, Refusal>> {
  const { tenantId } = ctx.caller;
  const lock = command.type === 'reportPayment' ? lockAllOrders : lockOrders;
  const orders = [...(await lock(em, tenantId, place.orderIds)).values()].toSorted(byId);
  if (!orders.every((order) => reaches(ctx, order)))
    return err({ code: 'PAYMENT_NOT_FOUND', id: command.paymentId });
  const payers = place.method === 'balance' ? orders.flatMap(({ customerId }) => customerId ?? []) : [];
  const standing = await standingOf(em, { ctx, orders, expectedVersion, payers });
  if (!standing.ok) return standing;
  const decided = decideGroupPayment(orders, command, standing.value);
  if (!decided.ok) return decided;
  const reason = 'reason' in command ? command.reason : null;
  return recorded(em, ctx, { steps: decided.value, reason, value: null });
}

// A gateway's total fills the parts in this order, whenever it is heard.
const byId = (a: Order, b: Order): number => (a.id < b.id ? -1 : 1);

type Standing = {
  readonly ctx: Actor;
  readonly orders: readonly Order[];
  readonly expectedVersion: number | undefined;
  /** Whose balances may be taken from. */
  readonly payers: readonly string[];
};

/** What a decision on these orders may look at, if they still are the version that is meant. */
async function standingOf(
  em: EntityManager,
  { ctx, orders, expectedVersion, payers }: Standing,
): Promise<Result<DecideContext, Refusal>> {
  const currentVersion = orders.reduce((all, { version }) => all + version, 0);
  if (expectedVersion !== undefined && expectedVersion !== currentVersion)
    return err({ code: 'VERSION_CONFLICT', currentVersion });
  const { tenant } = await orderNames(em, ctx.caller.tenantId, []);
  const purses = await lockPurses(em, tenant, [...new Set(payers)]);
  const house = { shelf: new Map(), purses };
  return ok({ at: ctx.at, policy: policyOf(tenant, ctx), house, rules: rulesOf(tenant, ctx) });
}

type Decided<T> = {
  readonly steps: readonly GroupStep[];
  readonly reason: string | null;
  readonly value: T;
};

/** Writes what was decided, all of it or nothing. */
async function recorded<T>(
  em: EntityManager,
  ctx: Actor,
  { steps, reason, value }: Decided<T>,
): Promise<Result<T, Refusal>> {
  const changes = steps.map(({ order, events }) => ({ ctx, before: order, events, reason }));
  const written = await record(em, changes);
  return written.find((result) => !result.ok) ?? ok(value);
}
