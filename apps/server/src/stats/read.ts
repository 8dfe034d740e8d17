import { orderStats, paymentStats } from '@orderloom/core';
import type { Statistics } from '@orderloom/core/inputs';
import {
  type Counted,
  type EntityManager,
  listRows,
  loadOrders,
  newestOrders,
  orderGroups,
  orderNames,
  paymentCustomer,
  paymentGroups,
  type PaymentRecord,
  paymentsList,
  storeIds,
} from '@orderloom/db';
import { cached } from '../cached.ts';
import { orderView } from '../orders/views.ts';
import type { Acting } from '../trpc.ts';
import { OrderStatsView, PaymentStatsView } from './views.ts';

const nobody = '00000000-0000-0000-0000-000000000000';
const shownRecently = 10;

/** How the orders of the tenant, or of the caller, are doing. */
export const statsOfOrders = (ctx: Acting, asked: Statistics): Promise<OrderStatsView> =>
  cached(ctx, keeping(ctx, { name: 'order_stats', asked, shape: OrderStatsView }), async (em) => {
    const { tenantId } = ctx.caller;
    const of = await countedFor(em, ctx, asked);
    const ids = await newestOrders(em, tenantId, of);
    const orders = await loadOrders(em, tenantId, ids);
    const names = await orderNames(em, tenantId, [...orders.values()]);
    const { currency, policies } = names.tenant;
    const policy = { requirePaidBefore: policies.requirePaidBefore, cancelShipped: ctx.reach === 'all' };
    const recent = ids.flatMap((id) => {
      const order = orders.get(id);
      return order ? [orderView({ order, names, policy })] : [];
    });
    const { groups, scores } = await orderGroups(em, tenantId, of);
    return { stats: orderStats(groups, { currency, scores }), recent };
  });

/** The same for payments. */
export const statsOfPayments = (ctx: Acting, asked: Statistics): Promise<PaymentStatsView> =>
  cached(ctx, keeping(ctx, { name: 'payment_stats', asked, shape: PaymentStatsView }), async (em) => {
    const { tenantId } = ctx.caller;
    const of = await countedFor(em, ctx, asked);
    const only = of.customerId === null ? {} : { [paymentCustomer]: of.customerId };
    const recent = await listRows<PaymentRecord>(em, tenantId, {
      spec: paymentsList,
      query: { filters: { store: asked.stores }, ordering: [], only },
      slice: { offset: 0, limit: shownRecently },
    });
    const { currency } = (await orderNames(em, tenantId, [])).tenant;
    return { stats: paymentStats(await paymentGroups(em, tenantId, of), currency), recent };
  });

type Keeping<T> = { readonly name: string; readonly asked: Statistics; readonly shape: T };

const keeping = <T>({ parts }: Acting, { name, asked, shape }: Keeping<T>) => ({
  name,
  ttlSeconds: parts.config.cacheSeconds.statistics,
  query: asked,
  shape,
});

/** What is counted for the caller; a store that is not there has nothing. */
async function countedFor(em: EntityManager, ctx: Acting, { stores }: Statistics): Promise<Counted> {
  const customerId = ctx.reach === 'all' ? null : (ctx.caller.customerId ?? nobody);
  return { customerId, storeIds: stores.length > 0 ? await storeIds(em, ctx.caller.tenantId, stores) : null };
}
