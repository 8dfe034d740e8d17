import type { EntityManager } from '@mikro-orm/postgresql';
import type { Address } from '@orderloom/core';
import { rows } from '../sql.ts';
import type { Tenant } from '../tenant.ts';

export type CustomerName = {
  readonly id: string;
  readonly ref: number;
  readonly code: string;
  readonly name: string;
  readonly email: string;
};
export type StoreName = { readonly id: string; readonly ref: number; readonly name: string };

/** A product with its variants, the default one first. */
export type ProductName = {
  readonly id: string;
  readonly ref: number;
  readonly sku: string;
  readonly store: StoreName;
  readonly variants: readonly { readonly id: string; readonly sku: string }[];
};

/** The names that requests use: refs, UUIDs and words, as clients write them. */
export type Wanted = {
  readonly products: readonly string[];
  readonly customers: readonly string[];
  readonly stores: readonly string[];
  readonly addresses: readonly string[];
};

/** An order of a group, and what it comes to. */
export type GroupMember = { readonly id: string; readonly total: number };

/** The names of those that orders concern, by UUID. */
export type OrderNames = {
  readonly tenant: Tenant;
  readonly customers: ReadonlyMap<string, CustomerName>;
  readonly stores: ReadonlyMap<string, StoreName>;
  readonly products: ReadonlyMap<string, ProductName>;
  /** The orders of each group, the first one first. */
  readonly groups: ReadonlyMap<string, readonly GroupMember[]>;
};

/** What the names stand for, found in one statement. */
export type Directory = OrderNames & {
  readonly customer: (name: string) => CustomerName | undefined;
  readonly store: (name: string) => StoreName | undefined;
  /** Found by ref, UUID, its own sku or the sku of one of its variants. */
  readonly product: (name: string) => ProductName | undefined;
  readonly address: (id: string) => (Address & { readonly customerId: string | null }) | undefined;
};

type Found = {
  readonly tenant: Tenant;
  readonly customers: readonly CustomerName[];
  readonly stores: readonly (StoreName & { readonly slug: string })[];
  readonly products: readonly ProductName[];
  readonly addresses: readonly (Address & { readonly id: string; readonly customerId: string | null })[];
};

/** A name is a UUID, a ref (digits) or a word: no code, slug or sku is all digits. */
export type Names = { readonly ids: string[]; readonly refs: number[]; readonly words: string[] };

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Sorts names by kind; digits beyond an integer name nothing. */
export function namesOf(names: Iterable<string>): Names {
  const sorted: Names = { ids: [], refs: [], words: [] };
  for (const name of new Set(names)) {
    if (uuid.test(name)) sorted.ids.push(name.toLowerCase());
    else if (!/^\d+$/.test(name)) sorted.words.push(name);
    else if (Number(name) <= 2_147_483_647) sorted.refs.push(Number(name));
  }
  return sorted;
}

/** Finds everything that the requests of a batch name, and the tenant itself, in one statement. */
export async function openDirectory(
  em: EntityManager,
  tenantId: string,
  wanted: readonly Wanted[],
): Promise<Directory> {
  const customers = namesOf(wanted.flatMap((one) => one.customers));
  const stores = namesOf(wanted.flatMap((one) => one.stores));
  const products = namesOf(wanted.flatMap((one) => one.products));
  const addresses = namesOf(wanted.flatMap((one) => one.addresses));
  const [found] = await rows<Found>(em, statement, [
    tenantId,
    ...[customers, stores, products].flatMap(({ ids, refs, words }) => [ids, refs, words]),
    addresses.ids,
  ]);
  if (!found) throw new RangeError(`tenant ${tenantId} is not there`);
  return directoryOf(found);
}

/** The products that meet a condition, as JSON; $1 is the tenant. */
export const productNames = (where: string): string => `
  (select coalesce(json_agg(json_build_object('id', p.id, 'ref', p.ref, 'sku', p.sku,
      'store', json_build_object('id', s.id, 'ref', s.ref, 'name', s.name), 'variants', (
      select json_agg(json_build_object('id', v.id, 'sku', v.sku) order by v.position)
      from variants v where v.tenant_id = $1 and v.product_id = p.id))), '[]')
    from products p join stores s on s.tenant_id = p.tenant_id and s.id = p.store_id
    where p.tenant_id = $1 and ${where})`;

const statement = `
  select
    (select json_build_object('id', id, 'name', name, 'currency', default_currency, 'policies', policies)
      from tenants where id = $1) as tenant,
    (select coalesce(json_agg(json_build_object('id', id, 'ref', ref, 'code', code, 'name', name,
        'email', email)), '[]')
      from customers
      where tenant_id = $1 and (id = any ($2::uuid[]) or ref = any ($3::int[]) or code = any ($4::text[]))
    ) as customers,
    (select coalesce(json_agg(json_build_object('id', id, 'ref', ref, 'slug', slug, 'name', name)), '[]')
      from stores
      where tenant_id = $1 and (id = any ($5::uuid[]) or ref = any ($6::int[]) or slug = any ($7::text[]))
    ) as stores,
    ${productNames(`p.id in (
        select unnest($8::uuid[])
        union all
        select id from products where tenant_id = $1 and (ref = any ($9::int[]) or sku = any ($10::text[]))
        union all
        select product_id from variants where tenant_id = $1 and sku = any ($10::text[]))`)} as products,
    (select coalesce(json_agg(json_build_object('id', id, 'customerId', customer_id, 'name', name,
        'line1', line1, 'line2', line2, 'city', city, 'region', region, 'postcode', postcode,
        'country', country, 'phone', phone)), '[]')
      from addresses where tenant_id = $1 and id = any ($11::uuid[])) as addresses`;

function directoryOf(found: Found): Directory {
  const byName = <T extends { id: string; ref: number }>(
    all: readonly T[],
    wordsOf: (one: T) => readonly string[],
  ) => {
    const names = new Map(
      all.flatMap((one) => [one.id, String(one.ref), ...wordsOf(one)].map((name) => [name, one])),
    );
    return (name: string) =>
      names.get(uuid.test(name) ? name.toLowerCase() : name.replace(/^0+(?=\d+$)/, ''));
  };
  const addresses = new Map(found.addresses.map((address) => [address.id, address]));
  return {
    tenant: found.tenant,
    customers: new Map(found.customers.map((one) => [one.id, one])),
    stores: new Map(
      [...found.stores, ...found.products.map(({ store }) => store)].map(({ id, ref, name }) => [
        id,
        { id, ref, name },
      ]),
    ),
    products: new Map(found.products.map((one) => [one.id, one])),
    groups: new Map(),
    customer: byName(found.customers, ({ code }) => [code]),
    store: byName(found.stores, ({ slug }) => [slug]),
    product: byName(found.products, ({ sku, variants }) => [...variants.map((variant) => variant.sku), sku]),
    address: (id) => addresses.get(id.toLowerCase()),
  };
}
