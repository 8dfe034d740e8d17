import type { EntityManager } from '@mikro-orm/postgresql';
import type { Order } from '@orderloom/core';
import { rows } from '../sql.ts';
import type { Tenant } from '../tenant.ts';
import {
  type CustomerName,
  type GroupMember,
  type OrderNames,
  type ProductName,
  productNames,
  type StoreName,
} from './directory.ts';

type Found = {
  readonly tenant: Tenant;
  readonly customers: CustomerName[];
  readonly stores: StoreName[];
  readonly products: ProductName[];
  readonly groups: Readonly<Record<string, GroupMember[]>>;
};

/** The tenant, the customers, stores, products and groups of orders, in one statement. */
export async function orderNames(
  em: EntityManager,
  tenantId: string,
  orders: readonly Pick<Order, 'customerId' | 'storeId' | 'groupId' | 'lines'>[],
): Promise<OrderNames> {
  const idsOf = (ids: (string | null)[]) => [...new Set(ids.filter((id) => id !== null))];
  const [found] = await rows<Found>(em, statement, [
    tenantId,
    idsOf(orders.map(({ customerId }) => customerId)),
    idsOf(orders.map(({ storeId }) => storeId)),
    idsOf(orders.flatMap(({ lines }) => lines.map(({ productId }) => productId))),
    idsOf(orders.map(({ groupId }) => groupId)),
  ]);
  if (!found) throw new RangeError(`tenant ${tenantId} is not there`);
  const byId = <T extends { id: string }>(all: readonly T[]) => new Map(all.map((one) => [one.id, one]));
  return {
    tenant: found.tenant,
    customers: byId(found.customers),
    stores: byId(found.stores),
    products: byId(found.products),
    groups: new Map(Object.entries(found.groups)),
  };
}

const statement = `
  select
    (select json_build_object('id', id, 'name', name, 'currency', default_currency, 'policies', policies)
      from tenants where id = $1) as tenant,
    (select coalesce(json_agg(json_build_object('id', id, 'ref', ref, 'code', code, 'name', name,
        'email', email)), '[]')
      from customers where tenant_id = $1 and id = any ($2::uuid[])) as customers,
    (select coalesce(json_agg(json_build_object('id', id, 'ref', ref, 'name', name)), '[]')
      from stores where tenant_id = $1 and id = any ($3::uuid[])) as stores,
    ${productNames('p.id = any ($4::uuid[])')} as products,
    (select coalesce(json_object_agg(group_id, members), '{}') from (
      select group_id, json_agg(json_build_object('id', id, 'total', total_minor) order by id) as members
      from orders where tenant_id = $1 and group_id = any ($5::uuid[]) and deleted_at is null
      group by 1) g) as groups`;
