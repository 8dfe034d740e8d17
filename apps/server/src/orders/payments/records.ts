import { err, ok, type Order, type PaymentCommand, paymentStatusOf, type Result } from '@orderloom/core';
import type { CapturePayment, DescribePayment, OpenPayment, PaymentNamed } from '@orderloom/core/inputs';
import {
  type EntityManager,
  findOrders,
  keepCardToken,
  paymentCustomer,
  paymentPlace,
  type PaymentRecord,
  paymentsById,
  paymentsList,
} from '@orderloom/db';
import { orThrow, type Refusal, refuse } from '../../errors.ts';
import { type ListAsked, listPage } from '../../list.ts';
import type { Acting, Actor } from '../../trpc.ts';
import { changeOne } from '../changing/change.ts';
import { changeAs } from '../changing/changing.ts';
import { reaches } from '../policy.ts';
import { changeGroup, openGroupPayment } from './group.ts';
import { mayTake, newPayment } from './payments.ts';
import { throughGateway } from './through-gateway.ts';

const nobody = '00000000-0000-0000-0000-000000000000';

/** A page of payments; a caller with only its own reach sees those of its own orders. */
export const pageOfPayments = (ctx: Acting, asked: ListAsked) =>
  listPage<PaymentRecord>(ctx, paymentsList, {
    asked,
    only: ctx.reach === 'all' ? {} : { [paymentCustomer]: ctx.caller.customerId ?? nobody },
  });

/** One payment, if the caller may see it. */
export async function findPayment(ctx: Acting, id: string): Promise<PaymentRecord> {
  const found = isUuid.test(id) ? await ctx.parts.finding.payment(ctx.caller.tenantId, id) : undefined;
  if (!found || !reaches(ctx, found)) throw refuse({ code: 'PAYMENT_NOT_FOUND', id });
  return found;
}

const isUuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

async function paymentFor(
  em: EntityManager,
  ctx: Actor,
  id: string,
): Promise<Result<PaymentRecord, Refusal>> {
  const known = isUuid.test(id) ? await paymentsById(em, ctx.caller.tenantId, [id]) : undefined;
  const found = known?.get(id.toLowerCase());
  return found && reaches(ctx, found) ? ok(found) : err({ code: 'PAYMENT_NOT_FOUND', id });
}

/** A new payment of an order or of a group, by the order’s method unless it says another one. */
export const openPayment = (ctx: Acting, input: OpenPayment) =>
  ctx.commit(async (em) => {
    const { order, group } = input;
    if ((order === undefined) === (group === undefined)) {
      const issue = { path: 'order', message: 'Either an order or a group is paid.' };
      return err({ code: 'INVALID_INPUT', issues: [issue] });
    }
    const made =
      order === undefined
        ? await openGroupPayment(em, input, ctx)
        : await openOne(em, { ...input, order }, ctx);
    return made.ok ? paymentFor(em, ctx, made.value) : made;
  });

async function openOne(
  em: EntityManager,
  { cardToken, method, group: _, ...input }: OpenPayment & { readonly order: string },
  ctx: Actor,
): Promise<Result<string, Refusal>> {
  const { tenantId } = ctx.caller;
  const order = (await findOrders(em, tenantId, [input.order])).get(input.order);
  if (!order || !reaches(ctx, order))
    return err({ code: 'REFERENCE_UNKNOWN', field: 'order', what: 'Order' });
  const way = method ?? order.paymentMethod ?? 'credit_card';
  const wanted = newPayment({ ...input, method: way, process: false }, ctx);
  if (!wanted.ok) return wanted;
  const created = await changeOne(em, wanted.value);
  if (!created.ok) return created;
  const paymentId = created.value.order.payments.at(-1)?.id ?? '';
  if (cardToken !== undefined) await keepCardToken(em, tenantId, { paymentId, token: cardToken });
  return ok(paymentId);
}

type Command = Exclude<PaymentCommand, { type: 'createPayment' }>;
type Done = PaymentNamed & { readonly command: Command };

/** A command on a payment, be it of one order or of a group; the payment as it is then. */
async function changePayment(
  em: EntityManager,
  { id, expectedVersion, command }: Done,
  ctx: Actor,
): Promise<Result<PaymentRecord, Refusal>> {
  const found = await paymentFor(em, ctx, id);
  const place = found.ok ? await paymentPlace(em, ctx.caller.tenantId, id) : undefined;
  if (!found.ok || !place) return err({ code: 'PAYMENT_NOT_FOUND', id });
  const allowed = mayGive(command, place, ctx);
  if (!allowed.ok) return allowed;
  const done = place.isGroup
    ? await changeGroup(em, { ctx, place, expectedVersion, command })
    : await changeOne(em, { ctx, id: place.orderIds[0], expectedVersion, command });
  if (!done.ok) return done;
  // What was deleted is told as it was.
  return command.type === 'deletePayment' ? found : paymentFor(em, ctx, id);
}

const takes = ({ type }: Command): boolean => type === 'processPayment' || type === 'authorizePayment';

const mayGive = (command: Command, { method }: Pick<PaymentRecord, 'method'>, ctx: Actor) =>
  takes(command) ? mayTake(method, ctx) : ok(null);

/** A command on a payment where no gateway is asked; that of one order goes in company. */
async function alone(ctx: Acting, done: Done): Promise<PaymentRecord> {
  const { id, expectedVersion, command } = done;
  const found = await findPayment(ctx, id);
  if (!found.order) return ctx.commit((em) => changePayment(em, done, ctx));
  orThrow(mayGive(command, found, ctx));
  const change = ok({ ctx, id: found.order.id, expectedVersion, command });
  return changeAs(ctx, change, ({ order, events }) => recordIn(order, found, events.length > 0));
}

/** A payment as it is after a command on its order. */
function recordIn(order: Order, before: PaymentRecord, changed: boolean): PaymentRecord {
  const payment = order.payments.find(({ id }) => id === before.id);
  if (!payment) throw new RangeError(`order ${order.id} has lost payment ${before.id}`);
  const { reference, captured, refunded, failure, processedAt, refundedAt } = payment;
  return {
    ...before,
    version: order.version,
    status: paymentStatusOf(payment),
    updatedAt: changed ? order.updatedAt : before.updatedAt,
    reference,
    captured,
    refunded,
    failure,
    processedAt,
    refundedAt,
  };
}

/** A command whose effect may be a gateway’s to have; money that it declines to take is refused. */
const asked = (ctx: Acting, done: Done): Promise<PaymentRecord> =>
  ctx.parts.gateway ? askedOf(ctx, done) : alone(ctx, done);

const askedOf = (ctx: Acting, done: Done) =>
  throughGateway(ctx, {
    work: (em) => changePayment(em, done, ctx),
    idOf: ({ id }) => id,
    ordersOf: async (em, id) => (await paymentPlace(em, ctx.caller.tenantId, id))?.orderIds ?? [],
    again: async (em) => {
      const found = await paymentFor(em, ctx, done.id);
      const isDeclined = found.ok && takes(done.command) && found.value.status === 'FAILED';
      return isDeclined ? err({ code: 'PAYMENT_DECLINED', id: done.id }) : found;
    },
    view: (payment) => payment,
  });

/** Takes the money of a payment; one that the gateway declines is refused, and stays as failed. */
export const takePayment = (ctx: Acting, { id, expectedVersion }: PaymentNamed) =>
  asked(ctx, { id, expectedVersion, command: { type: 'processPayment', paymentId: id } });

/** Sets the money of a payment aside. */
export const holdPayment = (ctx: Acting, { id, expectedVersion }: PaymentNamed) =>
  asked(ctx, { id, expectedVersion, command: { type: 'authorizePayment', paymentId: id } });

/** Takes some of what was set aside, or all of it. */
export const capturePayment = (ctx: Acting, { id, expectedVersion, amount }: CapturePayment) =>
  asked(ctx, {
    id,
    expectedVersion,
    command: { type: 'capturePayment', paymentId: id, amount: amount ?? null, final: false },
  });

/** Lets go of what is set aside, or of what was never taken. */
export const voidPayment = (ctx: Acting, { id, expectedVersion }: PaymentNamed) =>
  asked(ctx, { id, expectedVersion, command: { type: 'voidPayment', paymentId: id } });

/** Gives all of a payment back, or an amount. */
export const returnPayment = (ctx: Acting, { id, expectedVersion, amount }: CapturePayment) =>
  asked(ctx, {
    id,
    expectedVersion,
    command: { type: 'refundPayment', paymentId: id, amount: amount ?? null, reason: 'refunded' },
  });

/** Writes what the payment is called elsewhere; left out, it stays. */
export const describePayment = (ctx: Acting, { id, expectedVersion, reference }: DescribePayment) =>
  ctx.commit(async (em) => {
    const found = await paymentFor(em, ctx, id);
    if (!found.ok) return found;
    const said = reference === undefined ? found.value.reference : reference;
    const command = { type: 'describePayment', paymentId: id, reference: said } as const;
    return changePayment(em, { id, expectedVersion, command }, ctx);
  });

/** Hides a payment of which no money has moved from every read. */
export const removePayment = (ctx: Acting, { id, expectedVersion }: PaymentNamed) =>
  ctx.commit(async (em) => {
    const command = { type: 'deletePayment', paymentId: id } as const;
    const done = await changePayment(em, { id, expectedVersion, command }, ctx);
    return done.ok ? ok(null) : done;
  });
