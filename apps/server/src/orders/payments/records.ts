import { err, ok, type Result } from '@orderloom/core';
import type { OpenPayment, PaymentNamed } from '@orderloom/core/inputs';
import {
  type EntityManager,
  keepCardToken,
  loadOrders,
  orderIds,
  paymentById,
  paymentCustomer,
  type PaymentRecord,
  paymentsList,
} from '@orderloom/db';
import { orThrow, type Refusal } from '../../errors.ts';
import { type ListAsked, listPage } from '../../list.ts';
import type { Acting } from '../../trpc.ts';
import { createPayment, processPayment, refundPayment } from './payments.ts';
import { reaches } from '../policy.ts';
import { throughGateway } from './through-gateway.ts';

const nobody = '00000000-0000-0000-0000-000000000000';

/** A page of payments; a caller with only its own reach sees those of its own orders. */
export const pageOfPayments = (ctx: Acting, asked: ListAsked) =>
  listPage<PaymentRecord>(ctx, paymentsList, {
    asked,
    only: ctx.reach === 'all' ? {} : { [paymentCustomer]: ctx.caller.customerId ?? nobody },
  });

/** One payment, if the caller may see it. */
export const findPayment = async (ctx: Acting, id: string) =>
  orThrow(await ctx.read((em) => paymentFor(em, ctx, id)));

const isUuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

async function paymentFor(
  em: EntityManager,
  ctx: Acting,
  id: string,
): Promise<Result<PaymentRecord, Refusal>> {
  const found = isUuid.test(id) ? await paymentById(em, ctx.caller.tenantId, id) : undefined;
  return found && reaches(ctx, found.order) ? ok(found) : err({ code: 'PAYMENT_NOT_FOUND', id });
}

/** A new payment of an order, by the order's method unless it says another one. */
export const openPayment = (ctx: Acting, { cardToken, method, ...input }: OpenPayment) =>
  ctx.commit(async (em) => {
    const { tenantId } = ctx.caller;
    const id = (await orderIds(em, tenantId, [input.order])).get(input.order);
    const order = id === undefined ? undefined : (await loadOrders(em, tenantId, [id])).get(id);
    if (!order || !reaches(ctx, order))
      return err({ code: 'REFERENCE_UNKNOWN', field: 'order', what: 'Order' });
    const way = method ?? order.paymentMethod ?? 'credit_card';
    const created = await createPayment(em, { ...input, method: way, process: false }, ctx);
    if (!created.ok) return created;
    const paymentId = created.value.order.payments.at(-1)?.id ?? '';
    if (cardToken !== undefined) await keepCardToken(em, tenantId, { paymentId, token: cardToken });
    return paymentFor(em, ctx, paymentId);
  });

/** Takes the money of a payment; one that the gateway declines is refused, and stays as failed. */
export const takePayment = (ctx: Acting, { id, expectedVersion }: PaymentNamed) =>
  throughGateway(ctx, {
    work: async (em) => {
      const named = await paymentFor(em, ctx, id);
      if (!named.ok) return named;
      const done = await processPayment(em, { id, expectedVersion }, ctx);
      return done.ok ? paymentFor(em, ctx, id) : done;
    },
    orderOf: ({ order }) => order.id,
    again: async (em) => {
      const found = await paymentFor(em, ctx, id);
      const isDeclined = found.ok && found.value.status === 'FAILED';
      return isDeclined ? err({ code: 'PAYMENT_DECLINED', id }) : found;
    },
    view: (payment) => payment,
  });

/** Gives all of a payment back. */
export const returnPayment = (ctx: Acting, { id, expectedVersion }: PaymentNamed) =>
  throughGateway(ctx, {
    work: async (em) => {
      const named = await paymentFor(em, ctx, id);
      if (!named.ok) return named;
      const done = await refundPayment(em, { id, expectedVersion, reason: 'refunded' }, ctx);
      return done.ok ? paymentFor(em, ctx, id) : done;
    },
    orderOf: ({ order }) => order.id,
    again: (em) => paymentFor(em, ctx, id),
    view: (payment) => payment,
  });
