import type { Order } from '@orderloom/core';
import {
  type Database,
  type EntityManager,
  findOrders,
  orderHistories,
  type OrderNames,
  orderNames,
  type PaymentRecord,
  paymentsById,
  read,
  type TimelineEvent,
} from '@orderloom/db';
import { together } from '../together.ts';

/** Finds single orders and payments: in one transaction those that a tenant asks for at once. */
export type Finding = {
  /** An order by its UUID or number, with the names of those it concerns. */
  readonly whole: (tenantId: string, name: string) => Promise<Found<OrderNames>>;
  /** The same with what happened to it. */
  readonly timeline: (tenantId: string, name: string) => Promise<Found<readonly TimelineEvent[]>>;
  /** A payment by its UUID. */
  readonly payment: (tenantId: string, id: string) => Promise<PaymentRecord | undefined>;
};

/** The order, not yet seen to be within the caller's reach, and what was found about it. */
type Found<T> = { readonly order: Order; readonly more: T } | undefined;
/** What there is to say about each of the orders. */
type Telling<T> = (
  em: EntityManager,
  tenantId: string,
  orders: readonly Order[],
) => Promise<(id: string) => T>;

export function createFinding(db: Database): Finding {
  const finder = <T>(telling: Telling<T>) => {
    const look = together((tenantId: string, names: readonly string[]) =>
      read(db, { tenantId }, async (em) => {
        const orders = await findOrders(em, tenantId, [...new Set(names)]);
        return { orders, tell: await telling(em, tenantId, [...orders.values()]) };
      }),
    );
    return async (tenantId: string, name: string): Promise<Found<T>> => {
      const { orders, tell } = await look(tenantId, name);
      const order = orders.get(name);
      return order && { order, more: tell(order.id) };
    };
  };
  const payments = together((tenantId: string, ids: readonly string[]) =>
    read(db, { tenantId }, (em) => paymentsById(em, tenantId, [...new Set(ids)])),
  );
  return {
    payment: async (tenantId, id) => (await payments(tenantId, id)).get(id.toLowerCase()),
    whole: finder(async (em, tenantId, orders) => {
      const names = await orderNames(em, tenantId, orders);
      return () => names;
    }),
    timeline: finder(async (em, tenantId, orders) => {
      const ids = orders.map(({ id }) => id);
      const histories = await orderHistories(em, tenantId, ids);
      return (id) => histories.get(id) ?? [];
    }),
  };
}
