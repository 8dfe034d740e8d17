import { err, may, ok, type Result } from '@orderloom/core';
import type { CreatePayment, ProcessPayment, RefundPayment } from '@orderloom/core/inputs';
import { type EntityManager, loadOrders, orderNames, paymentPlace, type PaymentPlace } from '@orderloom/db';
import type { Refusal } from '../../errors.ts';
import type { Acting, Actor } from '../../trpc.ts';
import { changeOne } from '../changing/change.ts';
import { change } from '../changing/changing.ts';
import type { Command } from '../changing/command.ts';
import { policyOf, reaches } from '../policy.ts';
import { throughGateway } from './through-gateway.ts';
import { type OrderFacts, type OrderView, orderView } from '../views.ts';

type Answer = Promise<Result<OrderFacts, Refusal>>;

/** P1, and P3 in the same step when the money is there. */
export function newPayment(input: CreatePayment, ctx: Actor): Result<Command, Refusal> {
  const { order: id, expectedVersion, method, amount, reference, process } = input;
  const allowed = process ? mayTake(method, ctx) : ok(null);
  if (!allowed.ok) return allowed;
  const rest = { amount: amount ?? null, reference: reference ?? null, process };
  const command = { type: 'createPayment', method, ...rest } as const;
  return ok({ ctx, id, expectedVersion, command });
}

/** P3: takes the money of a payment. */
export async function processPayment(em: EntityManager, input: ProcessPayment, ctx: Actor): Answer {
  const { id, expectedVersion } = input;
  const found = await placeFor(em, id, ctx);
  if (!found.ok) return found;
  const { orderIds, method } = found.value;
  const allowed = mayTake(method, ctx);
  if (!allowed.ok) return allowed;
  const command = { type: 'processPayment', paymentId: id } as const;
  return changeOne(em, { ctx, id: orderIds[0], expectedVersion, command });
}

/** P7: gives money of a payment back. */
export async function refundPayment(em: EntityManager, input: RefundPayment, ctx: Actor): Answer {
  const { id, expectedVersion, amount, reason } = input;
  const found = await placeFor(em, id, ctx);
  if (!found.ok) return found;
  const command = { type: 'refundPayment', paymentId: id, amount: amount ?? null, reason } as const;
  return changeOne(em, { ctx, id: found.value.orderIds[0], expectedVersion, command });
}

/** Where a payment of one order is, if the caller reaches it; that of a group has no order to answer. */
async function placeFor(em: EntityManager, id: string, ctx: Actor): Promise<Result<PaymentPlace, Refusal>> {
  const found = await paymentPlace(em, ctx.caller.tenantId, id);
  return found && !found.isGroup && reaches(ctx, found) ? ok(found) : err({ code: 'PAYMENT_NOT_FOUND', id });
}

/** The order after a command on its payments, when the gateway has answered or lets us wait too long. */
export const paidFor = (ctx: Acting, work: (em: EntityManager) => Answer) =>
  throughGateway(ctx, {
    work,
    idOf: ({ order }) => order.id,
    ordersOf: async (_em, id) => [id],
    again: async (em, id) => {
      const { tenantId } = ctx.caller;
      const order = (await loadOrders(em, tenantId, [id])).get(id);
      if (!order) return err({ code: 'ORDER_NOT_FOUND', id });
      const names = await orderNames(em, tenantId, [order]);
      return ok({ order, names, policy: policyOf(names.tenant, ctx) });
    },
    view: orderView,
  });

/** The order after a command by which money may go to and fro. */
export const changePaid = (ctx: Acting, command: Result<Command, Refusal>): Promise<OrderView> =>
  ctx.parts.gateway
    ? paidFor(ctx, async (em) => (command.ok ? changeOne(em, command.value) : command))
    : change(ctx, command);

/** Cash and transfers are recorded by those who see them arrive. */
export const mayTake = (method: CreatePayment['method'], { caller }: Actor): Result<null, Refusal> =>
  (method === 'cash' || method === 'bank_transfer') && !may(caller, 'payments:process_all')
    ? err({ code: 'FORBIDDEN', scope: 'payments:process_all' })
    : ok(null);
