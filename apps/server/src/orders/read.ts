import type { Order } from '@orderloom/core';
import type { AllOrders, ListOrders } from '@orderloom/core/inputs';
import {
  customerByName,
  type EntityManager,
  type ListQuery,
  type ListSpec,
  loadOrders,
  type OrderListing,
  orderNames,
  type OrderOutline,
  orderOutlines,
  ordersList,
  orderSummaries,
  type OrderSummary,
} from '@orderloom/db';
import { cached } from '../cached.ts';
import { refuse } from '../errors.ts';
import { type ListAsked, pageIn, sliceIn } from '../list.ts';
import type { Acting } from '../trpc.ts';
import { policyOf, reaches } from './policy.ts';
import { eventView } from './timeline.ts';
import { FullOrderPage, type OrderFacts, orderView, summaryView } from './views.ts';

const nobody = '00000000-0000-0000-0000-000000000000';

/** A caller with only its own reach sees its own orders, whatever it asks for. */
const within = ({ reach, caller }: Acting): Readonly<Record<string, string>> =>
  reach === 'all' ? {} : { 'o.customer_id': caller.customerId ?? nobody };

/** A page of order rows for the console. */
export const listOrders = (ctx: Acting, input: ListOrders) =>
  ctx.read(async (em) => {
    const { items, nextCursor } = await sliceFor<OrderSummary>(em, ctx, { input, spec: orderSummaries });
    return { items: items.map(summaryView), nextCursor };
  });

/** A page of whole orders, drafts too. */
export const sliceOfOrders = (ctx: Acting, input: ListOrders) =>
  ctx.read(async (em) => {
    const spec = { ...orderSummaries, columns: 'o.id', joins: '', name: 'service-orders' };
    const { items, nextCursor } = await sliceFor<OrderId>(em, ctx, { input, spec });
    return { items: await viewsOf(em, ctx, items), nextCursor };
  });

type OrderId = { readonly id: string };
type Slicing = { readonly input: ListOrders; readonly spec: ListSpec };

async function sliceFor<T>(em: EntityManager, ctx: Acting, { input, spec }: Slicing) {
  const { status = [], paymentStatus: payment = [], fulfillmentStatus: fulfillment = [] } = input;
  const { customer, search, limit: size, cursor = '' } = input;
  // What leads to the first page in other lists is no cursor that was ever given here.
  if (input.cursor === '') throw refuse({ code: 'INVALID_CURSOR' });
  const asked: ListAsked = {
    size,
    cursor,
    search,
    ordering: [],
    filters: { status, payment, fulfillment, customer: customer === undefined ? [] : [String(customer)] },
  };
  const { items, next } = await sliceIn<T>(em, ctx, { spec, asked, only: within(ctx) });
  return { items, nextCursor: next && 'cursor' in next ? next.cursor : null };
}

type Wanted = { readonly asked: ListAsked; readonly of?: OrderListing; readonly only?: ListQuery['only'] };

/** A page of whole orders with how many there are; drafts are among them when they are asked for. */
const wholePage = async (em: EntityManager, ctx: Acting, { asked, of, only = within(ctx) }: Wanted) => {
  const drafts = (asked.filters['status'] ?? []).some((word) => word.trim().toLowerCase() === 'draft');
  const spec = ordersList({ ...ctx.parts.config.orderLists, drafts, ...of });
  const { items, ...page } = await pageIn<OrderId>(em, ctx, { spec, asked, only });
  return { ...page, items: await viewsOf(em, ctx, items) };
};

export const pageOfOrders = (ctx: Acting, asked: ListAsked) =>
  ctx.readAnywhere((em) => wholePage(em, ctx, { asked }));

/** The caller's own orders; of somebody who is no customer, those that they placed for nobody else. */
export function myOrders(ctx: Acting, asked: ListAsked) {
  const { customerId, principalId } = ctx.caller;
  const name = 'my-orders';
  const mine: Omit<Wanted, 'asked'> =
    customerId === null
      ? { of: { name, forNobody: true }, only: { 'o.user_id': principalId ?? nobody } }
      : { of: { name }, only: { 'o.customer_id': customerId } };
  const ttlSeconds = ctx.parts.config.cacheSeconds.orders;
  return cached(ctx, { name, ttlSeconds, query: asked, shape: FullOrderPage }, (em) =>
    wholePage(em, ctx, { asked, ...mine }),
  );
}

const days = 86_400_000;

/** The orders of the last thirty days. */
export const recentOrders = (ctx: Acting, asked: ListAsked) =>
  ctx.readAnywhere((em) => {
    const since = new Date(Date.parse(ctx.at) - 30 * days).toISOString();
    return wholePage(em, ctx, { asked, of: { name: 'recent-orders', since } });
  });

/** The orders that nobody has confirmed yet. */
export const pendingOrders = (ctx: Acting, asked: ListAsked) =>
  ctx.readAnywhere((em) => {
    const only = { ...within(ctx), 'o.status': 'PENDING' };
    return wholePage(em, ctx, { asked, of: { name: 'pending-orders' }, only });
  });

/** Whole orders in the order of their ids, in two statements. */
async function viewsOf(em: EntityManager, ctx: Acting, found: readonly { readonly id: string }[]) {
  const ids = found.map(({ id }) => id);
  const orders = await loadOrders(em, ctx.caller.tenantId, ids);
  const names = await orderNames(em, ctx.caller.tenantId, [...orders.values()]);
  const policy = policyOf(names.tenant, ctx);
  return ids.flatMap((id) => {
    const order = orders.get(id);
    return order ? [orderView({ order, names, policy })] : [];
  });
}

const streamedAtOnce = 500;

/**
 * Every order of the tenant or of one customer, newest first. The first page is read before anything is
 * answered, so that a customer without orders can still be told; each later one while the one before it is
 * on its way.
 */
export async function allOrders(ctx: Acting, { customer }: AllOrders): Promise<AsyncIterable<OrderOutline>> {
  const customerId = await ctx.read((em) => customerFor(em, ctx, customer));
  const pageAfter = (last: OrderOutline | undefined) => {
    const after = last ? { at: last.createdAt, id: last.id } : null;
    return ctx.readAnywhere((em) =>
      orderOutlines(em, ctx.caller.tenantId, { customerId, after, limit: streamedAtOnce }),
    );
  };
  const first = await pageAfter(undefined);
  if (customer !== undefined && first.length === 0)
    throw refuse({ code: 'CUSTOMER_HAS_NO_ORDERS', id: customer });
  return (async function* () {
    for (let page = first; page.length > 0;) {
      const next = page.length < streamedAtOnce ? Promise.resolve([]) : pageAfter(page.at(-1));
      // Whoever stops reading does not hear whether it went well.
      next.catch(() => {});
      yield* page;
      page = await next;
    }
  })();
}

/** Whose orders are read, by the name that was asked for; `null` for everybody's. */
async function customerFor(em: EntityManager, ctx: Acting, name: AllOrders['customer']) {
  const asked =
    name === undefined ? null : ((await customerByName(em, ctx.caller.tenantId, name))?.id ?? nobody);
  if (ctx.reach === 'all') return asked;
  const own = ctx.caller.customerId ?? nobody;
  return asked === null || asked === own ? own : nobody;
}

/** The order that a UUID or number names, if the caller may see it. */
export async function findOrder(ctx: Acting, name: string): Promise<OrderFacts> {
  const { order, more: names } = seen(ctx, name, await ctx.parts.finding.whole(ctx.caller.tenantId, name));
  return { order, names, policy: policyOf(names.tenant, ctx) };
}

/** What happened to an order, newest first. */
export async function orderTimeline(ctx: Acting, name: string) {
  const { more } = seen(ctx, name, await ctx.parts.finding.timeline(ctx.caller.tenantId, name));
  return more.map(eventView);
}

/** What was found under a name, if the caller may see it. */
function seen<T extends { readonly order: Order }>(ctx: Acting, name: string, found: T | undefined): T {
  if (!found || !reaches(ctx, found.order)) throw refuse({ code: 'ORDER_NOT_FOUND', id: name });
  return found;
}

/** What an order may choose from. */
export const orderOptions = (ctx: Acting) =>
  ctx.read(async (em) => {
    const { tenant } = await orderNames(em, ctx.caller.tenantId, []);
    const methods = Object.entries(tenant.policies.shippingMethods);
    const shippingMethods = methods.map(([code, price]) => ({ code, price }));
    return { currency: tenant.currency, shippingMethods };
  });
