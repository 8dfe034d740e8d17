import { err, may, ok, type Result } from '@orderloom/core';
import type { CreatePayment, ProcessPayment, RefundPayment } from '@orderloom/core/inputs';
import { type EntityManager, loadOrders, orderNames, paymentPlace } from '@orderloom/db';
import type { Refusal } from '../../errors.ts';
import type { Acting, Actor } from '../../trpc.ts';
import { changeOne } from '../changing/change.ts';
import { reaches } from '../policy.ts';
import { throughGateway } from './through-gateway.ts';
import { type OrderFacts, orderView } from '../views.ts';

type Answer = Promise<Result<OrderFacts, Refusal>>;

/** P1, and P3 in the same step when the money is there. */
export async function createPayment(em: EntityManager, input: CreatePayment, ctx: Actor): Answer {
  const { order: id, expectedVersion, method, amount, reference, process } = input;
  if (process && mustBeReceived(method, ctx))
    return err({ code: 'FORBIDDEN', scope: 'payments:process_all' });
  const rest = { amount: amount ?? null, reference: reference ?? null, process };
  const command = { type: 'createPayment', method, ...rest } as const;
  return changeOne(em, { ctx, id, expectedVersion, command });
}

/** P3: takes the money of a payment. */
export async function processPayment(em: EntityManager, input: ProcessPayment, ctx: Actor): Answer {
  const found = await paymentPlace(em, ctx.caller.tenantId, input.id);
  if (!found || !reaches(ctx, found)) return err({ code: 'PAYMENT_NOT_FOUND', id: input.id });
  if (mustBeReceived(found.method, ctx)) return err({ code: 'FORBIDDEN', scope: 'payments:process_all' });
  const { expectedVersion } = input;
  const command = { type: 'processPayment', paymentId: input.id } as const;
  return changeOne(em, { ctx, id: found.orderId, expectedVersion, command });
}

/** P7: gives money of a payment back. */
export async function refundPayment(em: EntityManager, input: RefundPayment, ctx: Actor): Answer {
  const found = await paymentPlace(em, ctx.caller.tenantId, input.id);
  if (!found) return err({ code: 'PAYMENT_NOT_FOUND', id: input.id });
  const { expectedVersion, amount, reason } = input;
  const command = { type: 'refundPayment', paymentId: input.id, amount: amount ?? null, reason } as const;
  return changeOne(em, { ctx, id: found.orderId, expectedVersion, command });
}

/** The order after a command on its payments, when the gateway has answered or lets us wait too long. */
export const paidFor = (ctx: Acting, work: (em: EntityManager) => Answer) =>
  throughGateway(ctx, {
    work,
    orderOf: ({ order }) => order.id,
    again: async (em, { order: { id }, policy }) => {
      const { tenantId } = ctx.caller;
      const order = (await loadOrders(em, tenantId, [id])).get(id);
      if (!order) return err({ code: 'ORDER_NOT_FOUND', id });
      return ok({ order, policy, names: await orderNames(em, tenantId, [order]) });
    },
    view: orderView,
  });

/** Cash and transfers are recorded by those who see them arrive. */
const mustBeReceived = (method: CreatePayment['method'], { caller }: Actor): boolean =>
  (method === 'cash' || method === 'bank_transfer') && !may(caller, 'payments:process_all');
