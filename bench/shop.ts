import { createHash } from 'node:crypto';
import { ok, scopesOf, topUp } from '@orderloom/core';
import { type Database, newId, transact, writeDeeds } from '@orderloom/db';

export const shop = { tenantId: 'bench', customers: 200, products: 1_000 };
export type Shop = typeof shop;

export const tokenOf = ({ tenantId }: Shop): string => `olm_live_${tenantId}`;
export const token = tokenOf(shop);

/** A shop with rich customers and products of which there is always enough. */
export async function openShop(db: Database, of: Shop = shop): Promise<void> {
  const { tenantId, customers, products } = of;
  const secretHash = createHash('sha256').update(tokenOf(of)).digest('hex');
  await db.pool.query(people, [tenantId, customers, secretHash, scopesOf.staff]);
  await db.pool.query(goods, [tenantId, products]);
  const levels = await idsOf(
    db,
    'select variant_id as id, location_id as other from stock_levels where tenant_id = $1',
    tenantId,
  );
  const payers = await idsOf(db, 'select id, id as other from customers where tenant_id = $1', tenantId);
  const act = {
    commandId: newId(),
    requestId: 'bench',
    actorId: null,
    tokenId: null,
    reason: 'Opening',
    at: new Date().toISOString(),
  };
  const moves = levels.map(({ id, other }) => ({
    kind: 'RECEIVE' as const,
    variantId: id,
    locationId: other,
    lineId: null,
    onHand: 100_000_000,
    reserved: 0,
  }));
  const entries = payers.map(({ id }) =>
    topUp(id, 'USD', { amount: 1_000_000_000_000, reason: 'Opening', source: 'cash' }),
  );
  const deed = { ...act, moves, entries, events: [] };
  await transact(db, { tenantId }, async (em) => ok(await writeDeeds(em, tenantId, [deed])));
  // Never an empty table: what is planned for no rows takes any index, and keeps it while the table grows.
  await db.pool.query('analyze products, variants, stock_levels, customers, accounts');
}

type Pair = { readonly id: string; readonly other: string };

async function idsOf(db: Database, text: string, tenantId: string): Promise<Pair[]> {
  return (await db.pool.query<Pair>(text, [tenantId])).rows;
}

const people = `
  with t as (
    insert into tenants (id, name, default_currency, policies, created_at)
    values ($1, 'Bench', 'USD', '{"taxRates": {}, "shippingMethods": {}, "requirePaidBefore": "none"}', now())
  ), p as (
    insert into principals (tenant_id, id, kind, name, role, created_at, updated_at)
    values ($1, '00000000-0000-7000-8000-000000000001', 'service', 'Bench', 'staff', now(), now())
  ), k as (
    insert into api_tokens (tenant_id, id, principal_id, name, prefix, secret_hash, scopes, created_at)
    values ($1, '00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'Bench',
      'olm_live_bench', $3, $4, now())
  ), c as (
    insert into customers (tenant_id, id, ref, code, name, email, credit_limit_minor, locale, created_at,
      updated_at)
    select $1, uuidv7(), n, 'CUST' || n, 'Customer ' || n, 'c' || n || '@bench.test', 0, 'en', now(), now()
    from generate_series(1, $2::int) n returning id
  )
  insert into accounts (tenant_id, customer_id, kind, currency, balance_minor, floor_minor)
  select $1, c.id, kind, 'USD', 0, 0 from c, unnest(array['balance', 'held']) kind`;

const goods = `
  with s as (
    insert into stores (tenant_id, id, ref, slug, name, commission_bp, active, created_at, updated_at)
    values ($1, uuidv7(), 1, 'main', 'Main', 0, true, now(), now()) returning id
  ), l as (
    insert into stock_locations (tenant_id, id, name, priority, active, created_at, updated_at)
    values ($1, uuidv7(), 'Main', 0, true, now(), now()) returning id
  ), p as (
    insert into products (tenant_id, id, ref, sku, name, store_id, price_minor, currency, tax_class,
      track_stock, active, created_at, updated_at)
    select $1, uuidv7(), n, 'P-' || n, 'Product ' || n, s.id, 2500, 'USD', 'standard', true, true, now(),
      now()
    from s, generate_series(1, $2::int) n returning id, sku, name
  ), v as (
    insert into variants (tenant_id, id, product_id, sku, name, options, position, created_at, updated_at)
    select $1, uuidv7(), id, sku, name, '{}', 0, now(), now() from p returning id
  )
  insert into stock_levels (tenant_id, variant_id, location_id, on_hand, reserved, backorder_limit, version,
    updated_at)
  select $1, v.id, l.id, 0, 0, 0, 1, now() from v, l`;
