import type { EntityManager } from '@mikro-orm/postgresql';
import type { Instant, OrderStatus } from '@orderloom/core';
import { instant, rows } from '../sql.ts';

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

/** Where a page begins: right behind this row. */
export type After = { readonly at: string; readonly id: string } | null;
export type Slice = { readonly after: After; readonly limit: number };

/** Orders, newest first, of one customer or all, with what is in them: `limit` right behind `after`. */
export function orderOutlines(
  em: EntityManager,
  tenantId: string,
  { customerId, after, limit }: Slice & { readonly customerId: string | null },
): Promise<OrderOutline[]> {
  const params: unknown[] = [tenantId];
  const where = ['o.tenant_id = $1', 'o.deleted_at is null'];
  if (customerId !== null) where.push(`o.customer_id = $${params.push(customerId)}`);
  if (after) where.push(`(o.created_at, o.id) < ($${params.push(after.at)}, $${params.push(after.id)})`);
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
