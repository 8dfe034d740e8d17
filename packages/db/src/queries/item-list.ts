import type { EntityManager } from '@mikro-orm/postgresql';
import type { Instant } from '@orderloom/core';
import type { ListSpec } from '../lists/list.ts';
import { instant, rows } from '../sql.ts';

/** An item of an order as it is told alone: what its lines come to together. */
export type ItemRecord = {
  readonly id: string;
  readonly order: { readonly id: string; readonly customerId: string | null };
  /** The order's. */
  readonly version: number;
  readonly productId: string;
  readonly variantId: string;
  readonly sku: string;
  readonly name: string;
  readonly currency: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly discount: number;
  readonly tax: number;
  readonly total: number;
  readonly shippedQuantity: number;
  readonly createdAt: Instant;
  /** When its order was changed last. */
  readonly updatedAt: Instant;
};

// The first 48 bits of an id are its milliseconds.
const drawn = `timestamptz 'epoch'
  + ('x' || left(replace(i.id::text, '-', ''), 12))::bit(48)::bigint * interval '1 millisecond'`;

const columns = `
  i.id, json_build_object('id', o.id, 'customerId', o.customer_id) as order, o.version,
  i.product_id as "productId", i.variant_id as "variantId", i.sku, i.name, o.currency,
  i.item_quantity as quantity, i.unit_price_minor as "unitPrice", s.discount, s.tax,
  i.item_total_minor as total, s.shipped as "shippedQuantity", ${instant(`(${drawn})`)} as "createdAt",
  ${instant(`greatest(o.updated_at, ${drawn})`)} as "updatedAt"`;

// What nobody orders by is added up for the rows of one page only.
const joins = `
  join orders o on o.tenant_id = i.tenant_id and o.id = i.order_id
  cross join lateral (
    select sum(l.discount_minor) as discount, sum(l.tax_minor) as tax, sum(l.shipped_quantity) as shipped
    from order_items l where l.tenant_id = i.tenant_id and l.order_id = i.order_id and l.quantity > 0
      and l.variant_id = i.variant_id and l.unit_price_minor = i.unit_price_minor) s`;

const shown = `i.item_quantity is not null and (
  select o.deleted_at from orders o where o.tenant_id = i.tenant_id and o.id = i.order_id) is null`;

/** The scope of the items of one customer's orders. */
export const itemCustomer = 'customer';

// Looked up once and beforehand: where there is none of them, no item is read at all.
const ofVariants = (ids: string): string => `(exists (${ids}) and i.variant_id = any (array(${ids})))`;

/** The items of a tenant's orders; a variant is searched by what the catalogue calls it now. */
export const itemsList: ListSpec = {
  name: 'order-items',
  table: 'order_items',
  as: 'i',
  id: 'i.id',
  where: shown,
  columns,
  joins,
  filters: {
    order: { kind: 'named', column: 'i.order_id', of: 'orders' },
    product: {
      kind: 'among',
      of: 'products',
      holds: (id) =>
        ofVariants(`select v.id from variants v where v.tenant_id = $1 and v.product_id = ${id}`),
    },
    store: { kind: 'named', column: 'i.store_id', of: 'stores' },
    created_after: { kind: 'since', column: 'i.id', ofId: true },
    created_before: { kind: 'before', column: 'i.id', ofId: true },
  },
  orderings: {
    created_at: ['i.id', 'uuid'],
    quantity: ['i.item_quantity', 'bigint'],
    total_price: ['i.item_total_minor', 'bigint'],
  },
  scopes: {
    // An array, so that the few orders of most customers are looked up, and not met by walking through all.
    [itemCustomer]: (customer) =>
      `i.order_id = any (array(
        select o.id from orders o where o.tenant_id = $1 and o.customer_id = ${customer}))`,
  },
  search: (text, push) => {
    const part = push(`%${text.replace(/[\\%_]/g, '\\$&')}%`);
    return ofVariants(`
      select v.id from variants v join products p on p.tenant_id = $1 and p.id = v.product_id
      where v.tenant_id = $1 and (v.sku ilike ${part} or v.name ilike ${part} or p.name ilike ${part})`);
  },
};

/** The item that a line belongs to. */
export async function itemById(
  em: EntityManager,
  tenantId: string,
  lineId: string,
): Promise<ItemRecord | undefined> {
  const [found] = await rows<ItemRecord>(
    em,
    `select ${columns} from order_items n
     join order_items i on i.tenant_id = n.tenant_id and i.order_id = n.order_id
       and i.variant_id = n.variant_id and i.unit_price_minor = n.unit_price_minor ${joins}
     where n.tenant_id = $1 and n.id = $2 and n.quantity > 0 and ${shown}`,
    [tenantId, lineId],
  );
  return found;
}
