import type { EntityManager } from '@mikro-orm/postgresql';
import type { Instant } from '@orderloom/core';
import { flag } from '../lists/filter.ts';
import { holding, type ListSpec } from '../lists/list.ts';
import { instant, rows } from '../sql.ts';
import { namesOf, type StoreName } from './directory.ts';
import type { Slice } from './order-outlines.ts';

export type VariantStock = {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly options: Record<string, string>;
  readonly price: number;
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
};

export type ProductStock = {
  readonly id: string;
  readonly ref: number;
  readonly sku: string;
  readonly name: string;
  readonly store: { readonly id: string; readonly ref: number; readonly name: string };
  readonly price: number;
  readonly currency: string;
  readonly active: boolean;
  readonly available: number;
  readonly variants: VariantStock[];
  /** Grows with every change of the product, its price or its stock. */
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

const columns = `
  p.id, p.ref, p.sku, p.name, (select json_build_object('id', s.id, 'ref', s.ref, 'name', s.name)
      from stores s where s.tenant_id = p.tenant_id and s.id = p.store_id) as store,
    p.price_minor as price, p.currency, p.active, coalesce(v.available, 0) as available,
    coalesce(v.variants, '[]') as variants, p.version + coalesce(v.version, 0) as version,
    ${instant('p.created_at')} as "createdAt", ${instant('p.updated_at')} as "updatedAt"`;
const joins = `
  left join lateral (
    select sum(l.on_hand - l.reserved) as available, sum(l.version) as version,
      json_agg(json_build_object('id', v.id, 'sku', v.sku,
      'name', v.name, 'options', v.options, 'price', coalesce(v.price_minor, p.price_minor),
      'onHand', l.on_hand, 'reserved', l.reserved, 'available', l.on_hand - l.reserved)
      order by v.position) as variants
    from variants v
    cross join lateral (
      select coalesce(sum(on_hand), 0) as on_hand, coalesce(sum(reserved), 0) as reserved,
        coalesce(sum(version), 0) as version
      from stock_levels l where l.tenant_id = v.tenant_id and l.variant_id = v.id) l
    where v.tenant_id = p.tenant_id and v.product_id = p.id) v on true`;
const product = `select ${columns} from products p ${joins}`;

/** The products of a tenant. */
export const productsList: ListSpec = {
  name: 'products',
  table: 'products',
  as: 'p',
  id: 'p.id',
  columns,
  joins,
  filters: {
    store: { kind: 'named', column: 'p.store_id', of: 'stores' },
    active: { kind: 'word', column: 'p.active', words: flag },
  },
  orderings: {
    created_at: ['p.created_at', 'timestamptz'],
    name: ['p.name', 'text'],
    price: ['p.price_minor', 'bigint'],
  },
  search: (text, push) =>
    `(${holding('p.name', 'p.sku')(text, push)} or exists (select from variants v
      where v.tenant_id = $1 and v.product_id = p.id and ${holding('v.sku')(text, push)}))`,
};

/** A page of products by name, and one row more when there is a next page. */
export function productList(
  em: EntityManager,
  tenantId: string,
  { search, after, limit }: Slice & { readonly search?: string | undefined },
): Promise<ProductStock[]> {
  const params: unknown[] = [tenantId];
  const where = ['p.tenant_id = $1'];
  if (after) where.push(`(p.name, p.id) > ($${params.push(after.at)}, $${params.push(after.id)})`);
  if (search) {
    const part = `$${params.push(`%${search.replace(/[\\%_]/g, '\\$&')}%`)}`;
    where.push(`(p.name ilike ${part} or p.sku ilike ${part} or p.id in (
      select v.product_id from variants v where v.tenant_id = $1 and v.sku ilike ${part}))`);
  }
  return rows<ProductStock>(
    em,
    `${product} where ${where.join(' and ')} order by p.name, p.id limit $${params.push(limit + 1)}`,
    params,
  );
}

/** The product that a ref, UUID or sku names. */
export async function productByName(
  em: EntityManager,
  tenantId: string,
  name: string,
): Promise<ProductStock | undefined> {
  const { ids, refs, words } = namesOf([name]);
  const [found] = await rows<ProductStock>(
    em,
    `${product} where p.tenant_id = $1
      and (p.id = any ($2::uuid[]) or p.ref = any ($3::int[]) or p.sku = any ($4::text[])) limit 1`,
    [tenantId, ids, refs, words],
  );
  return found;
}

/** A product that is for sale, with what its default variant can still sell. */
export type CatalogueRow = {
  readonly id: string;
  readonly ref: number;
  readonly sku: string;
  readonly name: string;
  readonly price: number;
  readonly currency: string;
  readonly available: number;
  /** Grows with every change of the product, its price or its stock. */
  readonly version: number;
  readonly variantId: string;
};

const onSale = (where: string) => `
  select p.id, p.ref, p.sku, p.name, coalesce(v.price_minor, p.price_minor) as price, p.currency,
    coalesce(sum(l.on_hand - l.reserved), 0) as available,
    p.version + coalesce(sum(l.version), 0) as version, v.id as "variantId"
  from products p
  join stores s on s.tenant_id = p.tenant_id and s.id = p.store_id and s.active
  join variants v on v.tenant_id = p.tenant_id and v.product_id = p.id and v.position = 0
  left join stock_levels l on l.tenant_id = v.tenant_id and l.variant_id = v.id
  where p.tenant_id = $1 and p.active ${where}
  group by p.tenant_id, p.id, v.id, v.price_minor
  order by p.ref`;

/** Every product that is for sale, by ref. */
export const catalogueRows = (em: EntityManager, tenantId: string): Promise<CatalogueRow[]> =>
  rows<CatalogueRow>(em, onSale(''), [tenantId]);

/** The product for sale that a ref, UUID or sku names. */
export async function catalogueRow(
  em: EntityManager,
  tenantId: string,
  name: string,
): Promise<CatalogueRow | undefined> {
  const { ids, refs, words } = namesOf([name]);
  const [found] = await rows<CatalogueRow>(
    em,
    onSale('and (p.id = any ($2::uuid[]) or p.ref = any ($3::int[]) or p.sku = any ($4::text[]))'),
    [tenantId, ids, refs, words],
  );
  return found;
}

/** The store that is meant when none is named. */
export async function firstStore(em: EntityManager, tenantId: string): Promise<StoreName | undefined> {
  const [found] = await rows<StoreName>(
    em,
    'select id, ref, name from stores where tenant_id = $1 and active order by ref limit 1',
    [tenantId],
  );
  return found;
}

/** Where goods can lie, first choice first. */
export async function locationIds(em: EntityManager, tenantId: string): Promise<string[]> {
  const found = await rows<{ id: string }>(
    em,
    'select id from stock_locations where tenant_id = $1 and active order by priority, id',
    [tenantId],
  );
  return found.map(({ id }) => id);
}
