import {
  type Address,
  err,
  type House,
  may,
  ok,
  place,
  type PlaceRequest,
  type Result,
} from '@orderloom/core';
import {
  type Directory,
  type EntityManager,
  lockPurses,
  lockShelf,
  openDirectory,
  type Wanted,
} from '@orderloom/db';
import type { Refusal } from '../errors.ts';
import { policyOf, rulesOf } from './policy.ts';
import type { Wish } from './placing.ts';
import { record } from './record.ts';
import { throughAll } from './through-all.ts';
import type { OrderFacts } from './views.ts';

/**
 * Places what several callers of one tenant wish for, in one transaction: find what they name, lock stock and
 * balances in key order, ask core once, write all at once. A refused wish is a value and rolls nothing back.
 */
export async function placeOrders(
  em: EntityManager,
  wishes: readonly [Wish, ...Wish[]],
): Promise<Result<OrderFacts, Refusal>[]> {
  const [{ ctx: first }] = wishes;
  const directory = await openDirectory(em, first.caller.tenantId, wishes.map(wantedBy));
  const { tenant } = directory;

  const asked = wishes.map((wish) => requestOf(wish, directory));
  const decided = await throughAll(asked, async (all) => {
    const requests = all.map(({ request }) => request);
    const placed = place(requests, await lockHouse(em, requests, directory), rulesOf(tenant, first.newId));
    return placed.map((answer, at) =>
      answer.ok ? ok({ ...answer.value, ctx: all[at]?.ctx ?? first }) : answer,
    );
  });
  const recorded = await throughAll(decided, (all) =>
    record(
      em,
      all.map(({ events, ctx }) => ({ before: null, events, ctx, reason: null })),
    ),
  );
  return recorded.map((order, at) =>
    order.ok
      ? ok({ order: order.value, names: directory, policy: policyOf(tenant, wishes[at]?.ctx ?? first) })
      : order,
  );
}

const wantedBy = ({ asked, ctx }: Wish): Wanted => ({
  products: asked.items.flatMap(({ product, variant }) =>
    variant === undefined ? [product] : [product, variant],
  ),
  customers: [asked.customer ?? ctx.caller.customerId ?? []].flat(),
  stores: [asked.store ?? []].flat(),
  addresses: [asked.shippingAddress ?? [], asked.billingAddress ?? []].flat(),
});

type Asked = { readonly ctx: Wish['ctx']; readonly request: PlaceRequest };

/** The wish in core's words, or what it names that is not there or not the caller's. */
function requestOf({ ctx, asked }: Wish, directory: Directory): Result<Asked, Refusal> {
  const customerId = customerOf({ ctx, asked }, directory);
  if (!customerId.ok) return customerId;
  const storeId = asked.store === undefined ? null : (directory.store(asked.store)?.id ?? undefined);
  if (storeId === undefined) return err({ code: 'REFERENCE_UNKNOWN', field: 'store', what: 'Store' });
  const shippingAddress = addressOf(asked.shippingAddress, customerId.value, directory);
  if (shippingAddress === undefined) return unknownAddress('shippingAddress');
  const billingAddress = addressOf(asked.billingAddress, customerId.value, directory);
  if (billingAddress === undefined) return unknownAddress('billingAddress');

  const payFromBalance = asked.settle === 'balance';
  const request: PlaceRequest = {
    id: ctx.newId(),
    at: ctx.at,
    origin: payFromBalance ? 'balance' : ctx.cookie ? 'admin' : 'api',
    customerId: customerId.value,
    userId: ctx.caller.principalId,
    storeId,
    lines: asked.items.map((item) => lineOf(item, directory)),
    onShortage: 'reject',
    overridePrice: may(ctx.caller, 'orders:override_price'),
    discount: 0,
    charged: !payFromBalance,
    payFromBalance,
    paymentMethod: asked.paymentMethod ?? null,
    shippingMethod: asked.shippingMethod ?? null,
    shippingAddress,
    billingAddress,
    notes: asked.notes ?? null,
  };
  return ok({ ctx, request });
}

/** A customer orders for itself and for nobody else; staff for whom they name, or for nobody. */
function customerOf({ ctx, asked }: Wish, directory: Directory): Result<string | null, Refusal> {
  if (asked.customer === undefined) return ok(ctx.caller.customerId);
  const id = directory.customer(asked.customer)?.id;
  return id !== undefined && (ctx.reach === 'all' || id === ctx.caller.customerId)
    ? ok(id)
    : err({ code: 'REFERENCE_UNKNOWN', field: 'customer', what: 'Customer' });
}

/** A copy of the address, `null` when none is named, `undefined` when it is not this customer's. */
function addressOf(
  id: string | undefined,
  customerId: string | null,
  directory: Directory,
): Address | null | undefined {
  if (id === undefined) return null;
  const found = directory.address(id);
  if (!found || found.customerId !== customerId) return undefined;
  const { customerId: _, ...address } = found;
  return address;
}

const unknownAddress = (field: string) => err({ code: 'REFERENCE_UNKNOWN' as const, field, what: 'Address' });

/** Core refuses a variant that the shelf does not know: `nowhere` is never on it. */
const nowhere = 'no such variant';

function lineOf(item: Wish['asked']['items'][number], directory: Directory): PlaceRequest['lines'][number] {
  const product = directory.product(item.product);
  const wanted = item.variant?.toLowerCase() ?? item.product.toLowerCase();
  const named = product?.variants.find(({ id, sku }) => id === wanted || sku.toLowerCase() === wanted);
  const variant = named ?? (item.variant === undefined ? product?.variants[0] : undefined);
  return {
    variantId: variant?.id ?? nowhere,
    ref: item.product,
    quantity: item.quantity,
    unitPrice: item.unitPrice ?? null,
  };
}

/**
 * Locks what the requests compete for: the stock rows first, then the balances, each in key order (domain
 * 8.3).
 */
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
