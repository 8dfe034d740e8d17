import { err, isAwaited, may, ok, type Result } from '@orderloom/core';
import type { RefundOrder, RemoveOrder, UpdateOrder } from '@orderloom/core/inputs';
import { type Directory, type EntityManager, hideOrder, openDirectory } from '@orderloom/db';
import { actOf } from '../../act.ts';
import type { Refusal } from '../../errors.ts';
import type { Actor } from '../../trpc.ts';
import { changeOne } from './change.ts';
import type { Command } from './command.ts';
import { plainUpdate, type Update } from './update.ts';
import type { OrderFacts } from '../views.ts';
import { lineOf } from '../placing/wish.ts';

type Answer = Promise<Result<OrderFacts, Refusal>>;

/** Writes what is said on an order and leaves the rest, all in one version. */
export async function updateOrder(em: EntityManager, input: UpdateOrder, ctx: Actor): Answer {
  const { id, expectedVersion, items = [], shippingAddress, billingAddress } = input;
  const products = items.flatMap(({ product, variant }) => [product, variant ?? []].flat());
  const addresses = [shippingAddress ?? [], billingAddress ?? []].flat();
  const wanted = { products, customers: [], stores: [], addresses };
  const directory = await openDirectory(em, ctx.caller.tenantId, [wanted]);
  return changeOne(em, { ctx, id, expectedVersion, command: commandOf(input, directory, ctx) });
}

const detailNames = [
  'paymentMethod',
  'paymentReference',
  'shippingMethod',
  'trackingNumber',
  'notes',
] as const satisfies readonly (keyof Update['details'])[];

function commandOf(input: UpdateOrder, directory: Directory, { caller }: Actor): Update {
  const said = detailNames.filter((name) => input[name] !== undefined);
  const named = (id: string | null | undefined) =>
    typeof id === 'string' ? { id, found: directory.address(id) } : id;
  const items = input.items?.map(({ line, unitPrice, ...item }) => ({
    ...lineOf(item, directory),
    ...(line === undefined ? {} : { lineId: line }),
    unitPrice: unitPrice ?? null,
    storeId: directory.product(item.product)?.store.id,
  }));
  return {
    type: 'updateOrder',
    details: Object.fromEntries(said.map((name) => [name, input[name]])),
    addresses: {
      shippingAddress: named(input.shippingAddress),
      billingAddress: named(input.billingAddress),
    },
    items,
    status: input.status,
    overridePrice: may(caller, 'orders:override_price'),
  };
}

/** Gives back pieces of lines, shipping, or a free amount; the order's status stays. */
export function refundFor(input: RefundOrder, ctx: Actor): Command {
  const { id, expectedVersion, items, shipping, amount, to, reason } = input;
  const lines = items.map(({ id: lineId, quantity }) => ({ lineId, quantity }));
  const command = { type: 'refund', lines, shipping, amount, to, reason } as const;
  return { ctx, id, expectedVersion, command };
}

const holding: readonly string[] = ['DRAFT', 'PENDING', 'CONFIRMED', 'PROCESSING'];
const reason = 'deleted';

/**
 * Hides an order from every read; its ledger, stock history and events stay. What still holds pieces is
 * called off first, or they would be held for an order that nobody can find.
 */
export async function removeOrder(
  em: EntityManager,
  { id, expectedVersion }: RemoveOrder,
  ctx: Actor,
): Promise<Result<null, Refusal>> {
  const change = { ctx, id, expectedVersion };
  // An update of nothing locks the order and sees that it is there, and the version that is meant.
  const found = await changeOne(em, { ...change, command: plainUpdate });
  if (!found.ok) return found;
  const { status } = found.value.order;
  const off: Command['command'] | null = holding.includes(status) ? { type: 'cancelOrder', reason } : null;
  const ended = off === null ? found : await changeOne(em, { ...change, command: off });
  if (!ended.ok) return ended;
  // A gateway's word on an order that nobody finds would be lost, and its money with it.
  const busy = ended.value.order.payments.find(isAwaited);
  if (busy) return err({ code: 'PAYMENT_IN_PROGRESS', paymentId: busy.id });
  const hidden = await hideOrder(em, ctx.caller.tenantId, {
    ...actOf(ctx, reason),
    order: ended.value.order,
  });
  return hidden ? ok(null) : err({ code: 'VERSION_CONFLICT', currentVersion: null });
}
