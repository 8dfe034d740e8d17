import type { EntityManager } from '@mikro-orm/postgresql';
import type { FulfillmentFacet, Instant, OrderStatus, PaymentFacet, PaymentMethod } from '@orderloom/core';
import { isOff } from '../defence.ts';
import { instant, rows } from '../sql.ts';
import { namesOf } from './directory.ts';

/** What a list of orders may be narrowed to; every filter is optional. */
export type OrderFilter = {
  readonly status?: readonly OrderStatus[] | undefined;
  /** Whether drafts are shown although `status` does not ask for them. */
  readonly drafts?: boolean | undefined;
  readonly paymentStatus?: readonly PaymentFacet[] | undefined;
  readonly fulfillmentStatus?: readonly FulfillmentFacet[] | undefined;
  readonly customerId?: string | undefined;
  readonly search?: string | undefined;
};

/** Where a page begins: right behind this row. */
export type After = { readonly at: string; readonly id: string } | null;
export type Slice = { readonly after: After; readonly limit: number };

export type OrderSummary = {
  readonly id: string;
  readonly number: string | null;
  readonly version: number;
  readonly status: OrderStatus;
  readonly paymentStatus: PaymentFacet;
  readonly fulfillmentStatus: FulfillmentFacet;
  readonly customerName: string | null;
  readonly storeName: string | null;
  readonly currency: string;
  readonly total: number;
  readonly pieces: number;
  readonly createdAt: Instant;
};

/** One page of orders, newest first, and one row more when there is a next page. */
export function orderList(
  em: EntityManager,
  tenantId: string,
  { filter, after, limit }: Slice & { readonly filter: OrderFilter },
): Promise<OrderSummary[]> {
  const { where, params } = conditions(tenantId, filter);
  if (after) where.push(behind(em, after, params));
  return rows<OrderSummary>(
    em,
    `select o.id, o.number, o.version, o.status, o.payment_status as "paymentStatus",
        o.fulfillment_status as "fulfillmentStatus", c.name as "customerName", s.name as "storeName",
        o.currency, o.total_minor as total, ${instant('o.created_at')} as "createdAt",
        (select coalesce(sum(i.quantity - i.cancelled_quantity), 0) from order_items i
          where i.tenant_id = o.tenant_id and i.order_id = o.id) as pieces
      from orders o
      left join customers c on c.tenant_id = o.tenant_id and c.id = o.customer_id
      left join stores s on s.tenant_id = o.tenant_id and s.id = o.store_id
      where ${where.join(' and ')}
      order by o.created_at desc, o.id desc
      limit $${params.push(limit + 1)}`,
    params,
  );
}

/** What of an order is told where orders are told by the million. */
export type OrderOutline = {
  readonly tenantId: string;
  readonly id: string;
  readonly version: number;
  readonly status: OrderStatus;
  readonly total: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly customer: { readonly ref: number } | null;
  readonly lines: readonly {
    readonly variantId: string;
    readonly productRef: number;
    readonly productSku: string;
    readonly quantity: number;
  }[];
};

/** Orders, newest first, with what is in them: no more than `limit`, right behind `after`. */
export function orderOutlines(
  em: EntityManager,
  tenantId: string,
  { filter, after, limit }: Slice & { readonly filter: OrderFilter },
): Promise<OrderOutline[]> {
  const { where, params } = conditions(tenantId, filter);
  if (after) where.push(behind(em, after, params));
  return rows(
    em,
    `select o.tenant_id as "tenantId", o.id, o.version, o.status, o.total_minor as total,
        ${instant('o.created_at')} as "createdAt", ${instant('o.updated_at')} as "updatedAt",
        (select json_build_object('ref', c.ref) from customers c
          where c.tenant_id = $1 and c.id = o.customer_id) as customer,
        (select coalesce(json_agg(json_build_object('variantId', i.variant_id, 'productRef', n.ref,
            'productSku', n.sku, 'quantity', i.quantity) order by i.position), '[]')
          from order_items i cross join lateral (${soldAs}) n
          where i.tenant_id = $1 and i.order_id = o.id and i.quantity > 0) as lines
      from orders o
      where ${where.join(' and ')}
      order by o.created_at desc, o.id desc
      limit $${params.push(limit)}`,
    params,
  );
}

// The product's sku; the variant's own for another than the first one. The limit keeps it a look-up for each
// line: joined as a whole, every product of the tenant would be read for every order.
const soldAs = `select p.ref, case when exists (select from variants w where w.tenant_id = $1
    and w.product_id = v.product_id and w.position < v.position) then v.sku else p.sku end as sku
  from variants v join products p on p.tenant_id = $1 and p.id = v.product_id
  where v.tenant_id = $1 and v.id = i.variant_id limit 1`;

// Rows of one moment are told apart by their ids: by its time alone, a page would skip its twins.
const behind = (em: EntityManager, { at, id }: { at: string; id: string }, params: unknown[]): string =>
  isOff(em, 'keyset')
    ? `o.created_at < $${params.push(at)}`
    : `(o.created_at, o.id) < ($${params.push(at)}, $${params.push(id)})`;

const countedExactly = 10_000;

/** How many orders a filter finds: exact to 10,000, the planner's estimate beyond. */
export async function orderCount(
  em: EntityManager,
  tenantId: string,
  filter: OrderFilter,
): Promise<{ readonly count: number; readonly isEstimate: boolean }> {
  const { where, params } = conditions(tenantId, filter);
  const found = `select 1 from orders o where ${where.join(' and ')}`;
  const [counted] = await rows<{ count: number }>(
    em,
    `select count(*) as count from (${found} limit ${countedExactly + 1}) found`,
    params,
  );
  const count = counted?.count ?? 0;
  return { count, isEstimate: count > countedExactly };
}

function conditions(tenantId: string, filter: OrderFilter): { where: string[]; params: unknown[] } {
  const params: unknown[] = [tenantId];
  const where = ['o.tenant_id = $1', 'o.deleted_at is null'];
  const oneOf = (column: string, words: readonly string[] | undefined) => {
    if (words && words.length > 0) where.push(`${column} = any ($${params.push(words)}::text[])`);
  };
  oneOf('o.status', filter.status);
  if (!filter.drafts && !filter.status?.length) where.push(`o.status <> 'DRAFT'`);
  oneOf('o.payment_status', filter.paymentStatus);
  oneOf('o.fulfillment_status', filter.fulfillmentStatus);
  if (filter.customerId) where.push(`o.customer_id = $${params.push(filter.customerId)}`);
  if (filter.search) where.push(matching(filter.search, params));
  return { where, params };
}

/** A whole order number finds that order only; anything else is part of a number, a name or an e-mail. */
function matching(search: string, params: unknown[]): string {
  if (/^ORD-\d{8}-\d{4,}$/i.test(search)) return `o.number = $${params.push(search.toUpperCase())}`;
  const part = `$${params.push(`%${search.replace(/[\\%_]/g, '\\$&')}%`)}`;
  const exact = `$${params.push(search)}`;
  return `(o.number ilike ${part} or o.tracking_number = ${exact} or o.payment_reference = ${exact}
    or o.customer_id in (select c.id from customers c
      where c.tenant_id = $1 and (c.name ilike ${part} or c.email ilike ${part})))`;
}

/** The ids of the orders that UUIDs and numbers (in any case) name, by name; hidden orders are not found. */
export async function orderIds(
  em: EntityManager,
  tenantId: string,
  names: readonly string[],
): Promise<Map<string, string>> {
  const { ids, words } = namesOf(names);
  const found = await rows<{ id: string; number: string | null }>(
    em,
    `select id, number from orders
      where tenant_id = $1 and deleted_at is null and (id = any ($2::uuid[]) or number = any ($3::text[]))`,
    [tenantId, ids, words.map((word) => word.toUpperCase())],
  );
  const byName = new Map(found.flatMap(({ id, number }) => [[id, id] as const, [number ?? '', id] as const]));
  return new Map(
    names.flatMap((name) => {
      const id = byName.get(name.toLowerCase()) ?? byName.get(name.toUpperCase());
      return id === undefined ? [] : [[name, id] as const];
    }),
  );
}

export type PaymentPlace = {
  readonly orderId: string;
  readonly customerId: string | null;
  readonly method: PaymentMethod;
};

/** The order that a payment belongs to, whose it is, and how it is paid. */
export async function paymentPlace(
  em: EntityManager,
  tenantId: string,
  paymentId: string,
): Promise<PaymentPlace | undefined> {
  const [found] = await rows<PaymentPlace>(
    em,
    `select p.order_id as "orderId", o.customer_id as "customerId", p.method
      from payments p join orders o on o.tenant_id = p.tenant_id and o.id = p.order_id
      where p.tenant_id = $1 and p.id = $2`,
    [tenantId, paymentId],
  );
  return found;
}
