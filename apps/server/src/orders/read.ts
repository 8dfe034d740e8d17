import type { AllOrders, ListOrders } from '@orderloom/core/inputs';
import {
  customerByName,
  type EntityManager,
  loadOrders,
  orderCount,
  type OrderFilter,
  orderHistory,
  orderIds,
  orderList,
  type OrderOutline,
  orderOutlines,
  orderNames,
} from '@orderloom/db';
import { refuse } from '../errors.ts';
import { pageOf } from '../page.ts';
import type { Acting } from '../trpc.ts';
import { policyOf, reaches } from './policy.ts';
import { eventView } from './timeline.ts';
import { type OrderFacts, orderView, summaryView } from './views.ts';

/** A page of order rows for the console. */
export const listOrders = (ctx: Acting, input: ListOrders) =>
  ctx.read(async (em) => {
    const page = await pageOfOrders(em, { ctx, input, drafts: true });
    return { ...page, items: page.items.map(summaryView) };
  });

/** A page of whole orders, with how many there are: exact to 10,000, an estimate beyond. */
export const pageOrders = (ctx: Acting, input: ListOrders) =>
  ctx.read(async (em) => {
    const { items, nextCursor } = await pageOfOrders(em, { ctx, input, drafts: false });
    const views = await viewsOf(em, ctx, items);
    const counted = await orderCount(
      em,
      ctx.caller.tenantId,
      await filterOf(em, { ctx, input, drafts: false }),
    );
    return { items: views, nextCursor, count: counted.count, countIsEstimate: counted.isEstimate };
  });

/** A page of whole orders, drafts too. */
export const sliceOfOrders = (ctx: Acting, input: ListOrders) =>
  ctx.read(async (em) => {
    const { items, nextCursor } = await pageOfOrders(em, { ctx, input, drafts: true });
    return { items: await viewsOf(em, ctx, items), nextCursor };
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
  const filter = await ctx.read((em) => filterOf(em, { ctx, input: { customer, limit: 1 }, drafts: true }));
  const pageAfter = (last: OrderOutline | undefined) => {
    const after = last ? { at: last.createdAt, id: last.id } : null;
    return ctx.read((em) => orderOutlines(em, ctx.caller.tenantId, { filter, after, limit: streamedAtOnce }));
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

type Asking = { readonly ctx: Acting; readonly input: ListOrders; readonly drafts: boolean };

async function pageOfOrders(em: EntityManager, asking: Asking) {
  const { ctx, input } = asking;
  const { cursor, limit, ...filters } = input;
  const filter = await filterOf(em, asking);
  return pageOf(ctx, {
    key: {
      list: asking.drafts ? 'orders' : 'placed-orders',
      filters: { ...filters, own: filter.customerId },
    },
    limit,
    cursor,
    fetch: (slice) => orderList(em, ctx.caller.tenantId, { ...slice, filter }),
    position: ({ createdAt, id }) => ({ at: createdAt, id }),
  });
}

const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * A caller with only its own reach sees its own orders, whatever it asks for; an unknown customer has none.
 */
async function filterOf(em: EntityManager, { ctx, input, drafts }: Asking): Promise<OrderFilter> {
  const { customer, status, paymentStatus, fulfillmentStatus, search } = input;
  const filter = { status, paymentStatus, fulfillmentStatus, search: search || undefined, drafts };
  const asked = customer === undefined ? undefined : await customerByName(em, ctx.caller.tenantId, customer);
  const customerId = customer === undefined ? undefined : (asked?.id ?? nobody);
  if (ctx.reach === 'all') return { ...filter, customerId };
  const own = ctx.caller.customerId ?? nobody;
  return { ...filter, customerId: customerId === undefined || customerId === own ? own : nobody };
}

/** The order that a UUID or number names, if the caller may see it. */
export const findOrder = (ctx: Acting, name: string): Promise<OrderFacts> =>
  ctx.read(async (em) => {
    const { tenantId } = ctx.caller;
    const id = (await orderIds(em, tenantId, [name])).values().next().value;
    const order = id === undefined ? undefined : (await loadOrders(em, tenantId, [id])).get(id);
    if (!order || !reaches(ctx, order)) throw refuse({ code: 'ORDER_NOT_FOUND', id: name });
    const names = await orderNames(em, tenantId, [order]);
    return { order, names, policy: policyOf(names.tenant, ctx) };
  });

/** What happened to an order, newest first. */
export async function orderTimeline(ctx: Acting, name: string) {
  const { order } = await findOrder(ctx, name);
  const events = await ctx.read((em) => orderHistory(em, ctx.caller.tenantId, order.id));
  return events.map(eventView);
}

/** What an order may choose from. */
export const orderOptions = (ctx: Acting) =>
  ctx.read(async (em) => {
    const { tenant } = await orderNames(em, ctx.caller.tenantId, []);
    const methods = Object.entries(tenant.policies.shippingMethods);
    const shippingMethods = methods.map(([code, price]) => ({ code, price }));
    return { currency: tenant.currency, shippingMethods };
  });
