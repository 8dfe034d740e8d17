import type { EntityManager } from '@mikro-orm/postgresql';
import type { Instant } from '@orderloom/core';
import { newId } from '../ids.ts';
import { takeSerials } from '../locks.ts';
import { firstStore, locationIds } from '../queries/product-list.ts';
import { rows, run } from '../sql.ts';
import { openLevels } from './levels.ts';
import { writeProduct } from './products.ts';

/** A product as a catalogue of somebody else describes it; the price in minor units. */
export type Offered = {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly price: number;
};

/** Our product for one of another catalogue, and where its pieces are received. */
export type Mirrored = {
  readonly productId: string;
  readonly variantId: string;
  readonly sku: string;
};
type Known = Mirrored & {
  readonly ref: number;
  readonly remoteId: string | null;
  readonly name: string;
  readonly price: number;
  readonly active: boolean;
};
type House = { readonly at: Instant; readonly currency: string };

/** Where pieces lie that were taken from somebody else's catalogue. */
const locationName = 'remote';

/** Makes sure that the place of remote pieces is there; its id. */
export async function remoteLocation(em: EntityManager, tenantId: string, at: Instant): Promise<string> {
  const find = () =>
    rows<{ id: string }>(em, 'select id from stock_locations where tenant_id = $1 and name = $2', [
      tenantId,
      locationName,
    ]);
  const [found] = await find();
  if (found) return found.id;
  // Last in every choice: nothing but orders of remote pieces is meant to be served from there.
  await run(
    em,
    `insert into stock_locations (tenant_id, id, name, priority, active, version, created_at, updated_at)
     values ($1, $2, $3, 1000000, true, 1, $4::timestamptz, $4::timestamptz) on conflict do nothing`,
    [tenantId, newId(), locationName, at],
  );
  const [made] = await find();
  if (!made) throw new RangeError('the place of remote pieces was just made');
  return made.id;
}

/**
 * Our product for each offer, made or brought up to date: the one it is known to be, else the one of its sku,
 * else the one of its number if that has no sku of its own, else a new one. One server at a time does this
 * for a tenant.
 */
export async function mirrorProducts(
  em: EntityManager,
  tenantId: string,
  { offers, ...house }: House & { readonly offers: readonly Offered[] },
): Promise<Map<string, Mirrored>> {
  const mirrored = new Map<string, Mirrored>();
  const found = await knownProducts(em, tenantId, offers);
  if (offers.some((offer) => !isSame(offer, found)))
    await run(em, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [`mirror ${tenantId}`]);
  for (const offer of offers) {
    const known = isSame(offer, found) ?? (await mirrorOne(em, tenantId, { offer, ...house }));
    mirrored.set(offer.id, known);
  }
  return mirrored;
}

const isSame = (offer: Offered, known: readonly Known[]): Known | undefined =>
  known.find(({ remoteId, ...one }) => remoteId === offer.id && isUpToDate(one, offer));

const isUpToDate = (one: Pick<Known, 'name' | 'price' | 'active'>, { name, price }: Offered): boolean =>
  one.active && one.name === name && one.price === price;

const refOf = (id: string): number | null => (/^\d{1,9}$/.test(id) && Number(id) > 0 ? Number(id) : null);

/** The products that could stand for these offers. */
const knownProducts = (em: EntityManager, tenantId: string, offers: readonly Offered[]): Promise<Known[]> =>
  rows(
    em,
    `select p.id as "productId", v.id as "variantId", p.ref, p.sku, p.name,
       coalesce(v.price_minor, p.price_minor) as price, p.active, m.remote_id as "remoteId"
     from products p
     join variants v on v.tenant_id = $1 and v.product_id = p.id and v.position = 0
     left join remote_products m on m.tenant_id = $1 and m.product_id = p.id
     where p.tenant_id = $1 and p.id in (
       select product_id from remote_products where tenant_id = $1 and remote_id = any ($2::text[])
       union all select id from products where tenant_id = $1 and sku = any ($3::text[])
       union all select id from products where tenant_id = $1 and ref = any ($4::int[]))`,
    [
      tenantId,
      offers.map(({ id }) => id),
      offers.map(({ sku }) => sku),
      offers.flatMap(({ id }) => refOf(id) ?? []),
    ],
  );

type One = House & { readonly offer: Offered };

async function mirrorOne(em: EntityManager, tenantId: string, { offer, ...house }: One): Promise<Mirrored> {
  const candidates = await knownProducts(em, tenantId, [offer]);
  const free = candidates.filter(({ remoteId }) => remoteId === null);
  const ours =
    candidates.find(({ remoteId }) => remoteId === offer.id) ??
    free.find(({ sku }) => sku === offer.sku) ??
    free.find(({ ref, sku }) => ref === refOf(offer.id) && sku === `P-${ref}`);
  const isRefFree = candidates.every(({ ref }) => ref !== refOf(offer.id));
  const mirrored = ours ?? (await createProduct(em, tenantId, { offer, isRefFree, ...house }));
  const { productId: id } = mirrored;
  const { name, price } = offer;
  if (ours && !isUpToDate(ours, offer))
    await writeProduct(em, tenantId, { id, name, price, active: true, at: house.at });
  await run(
    em,
    `insert into remote_products (tenant_id, remote_id, product_id, created_at)
     values ($1, $2, $3, $4::timestamptz) on conflict do nothing`,
    [tenantId, offer.id, id, house.at],
  );
  return mirrored;
}

type New = One & { readonly isRefFree: boolean };

/** A product under the number that it has over there, or under our next one when that is taken. */
async function createProduct(
  em: EntityManager,
  tenantId: string,
  { offer, isRefFree, at, currency }: New,
): Promise<Mirrored> {
  const { sku, name, price } = offer;
  const [productId, variantId] = [newId(), newId()];
  const store = await firstStore(em, tenantId);
  if (!store) throw new RangeError(`tenant ${tenantId} has no store`);
  await run(
    em,
    `insert into products (tenant_id, id, ref, sku, name, store_id, price_minor, currency, tax_class,
       track_stock, active, version, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'standard', true, true, 1, $9::timestamptz, $9::timestamptz)`,
    [
      tenantId,
      productId,
      await refFor(em, tenantId, isRefFree ? refOf(offer.id) : null),
      sku,
      name,
      store.id,
      price,
      currency,
      at,
    ],
  );
  await run(
    em,
    `insert into variants
       (tenant_id, id, product_id, sku, name, options, position, version, created_at, updated_at)
     values ($1, $2, $3, $4, $5, '{}', 0, 1, $6::timestamptz, $6::timestamptz)`,
    [tenantId, variantId, productId, sku, name, at],
  );
  const keys = (await locationIds(em, tenantId)).map((locationId) => ({ variantId, locationId }));
  await openLevels(em, tenantId, { keys, at });
  return { productId, variantId, sku };
}

/** The wished number, which the counter then passes over, or the next one. */
async function refFor(em: EntityManager, tenantId: string, wished: number | null): Promise<number> {
  if (wished === null)
    return (await takeSerials(em, tenantId, new Map([['product', 1]]))).get('product') ?? 1;
  await run(
    em,
    `insert into number_counters as c (tenant_id, name, value) values ($1, 'product', $2)
     on conflict (tenant_id, name) do update set value = greatest(c.value, excluded.value)`,
    [tenantId, wished],
  );
  return wished;
}

/** Pieces that lie at the place of remote ones and belong to no order. */
export type IdlePieces = {
  readonly remoteId: string;
  readonly variantId: string;
  readonly locationId: string;
  readonly available: number;
};

export const idlePieces = (em: EntityManager, tenantId: string): Promise<IdlePieces[]> =>
  rows(
    em,
    `select m.remote_id as "remoteId", l.variant_id as "variantId", l.location_id as "locationId",
       l.on_hand - l.reserved as available
     from stock_locations k
     join stock_levels l on l.tenant_id = $1 and l.location_id = k.id
     join variants v on v.tenant_id = $1 and v.id = l.variant_id
     join remote_products m on m.tenant_id = $1 and m.product_id = v.product_id
     where k.tenant_id = $1 and k.name = $2 and l.on_hand > l.reserved
     order by l.variant_id, l.location_id for no key update of l`,
    [tenantId, locationName],
  );

/** What there is to do about services outside: effects that are due, idle pieces, open incidents. */
export type Chores = { readonly due: boolean; readonly idle: boolean; readonly incidents: string[] };

export async function remoteChores(
  em: EntityManager,
  tenantId: string,
  kinds: readonly string[],
): Promise<Chores> {
  const [chores] = await rows<Chores>(
    em,
    `select
       exists (select from intents where tenant_id = $1 and state in ('OPEN', 'RUNNING')
         and next_at <= clock_timestamp() and kind = any ($2::text[])) as due,
       exists (select from remote_products m
         join variants v on v.tenant_id = $1 and v.product_id = m.product_id
         join stock_locations k on k.tenant_id = $1 and k.name = $3
         join stock_levels l on l.tenant_id = $1 and l.variant_id = v.id and l.location_id = k.id
         where m.tenant_id = $1 and l.on_hand > l.reserved) as idle,
       (select coalesce(json_agg(kind), '[]') from incidents where tenant_id = $1 and closed_at is null)
         as incidents`,
    [tenantId, [...kinds], locationName],
  );
  return chores ?? { due: false, idle: false, incidents: [] };
}
