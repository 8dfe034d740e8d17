import type { EntityManager } from '@mikro-orm/postgresql';
import { type Level, sellable, type ShelfItem } from '@orderloom/core';
import { isOff } from './defence.ts';
import { rows, run } from './sql.ts';
import type { Tenant } from './tenant.ts';

type Item = Omit<ShelfItem, 'levels'>;
type LevelKey = { readonly variantId: string; readonly locationId: string };
type Lying = Item & Level & { readonly locationId: string | null };

// Levels are locked in the order of their key, so that nobody ever waits for somebody who waits for him.
const shelf = (lock: string) => `
  with locked as (
    select variant_id, location_id, on_hand, reserved, backorder_limit from stock_levels
    where tenant_id = $1 and variant_id = any ($2::uuid[]) order by variant_id, location_id ${lock}
  )
  select p.id as "productId", v.id as "variantId", p.store_id as "storeId", v.sku,
    coalesce(v.price_minor, p.price_minor) as price,
    case when v.name = p.name or v.name = '' then p.name else p.name || ', ' || v.name end as name,
    p.currency, p.tax_class as "taxClass", p.active and w.active as active, s.id as "locationId",
    l.on_hand as "onHand", l.reserved, l.backorder_limit as "backorderLimit"
  from variants v
  join products p on p.tenant_id = $1 and p.id = v.product_id
  join stores w on w.tenant_id = $1 and w.id = p.store_id
  left join locked l on l.variant_id = v.id
  left join stock_locations s on s.tenant_id = $1 and s.id = l.location_id and s.active
  where v.tenant_id = $1 and v.id = any ($2::uuid[])
  order by s.priority, s.id`;
const lockedShelf = shelf('for no key update');
const openShelf = shelf('');

/**
 * What is for sale of these variants, locked until the end of the transaction; first choice of location
 * first.
 */
export async function lockShelf(
  em: EntityManager,
  tenantId: string,
  variantIds: readonly string[],
): Promise<Map<string, ShelfItem>> {
  if (variantIds.length === 0) return new Map();
  const statement = isOff(em, 'stock') ? openShelf : lockedShelf;
  const items = new Map<string, ShelfItem>();
  for (const { locationId, onHand, reserved, backorderLimit, ...item } of await rows<Lying>(em, statement, [
    tenantId,
    [...variantIds],
  ])) {
    const levels = [...(items.get(item.variantId)?.levels ?? [])];
    if (locationId !== null)
      levels.push({ locationId, sellable: sellable({ onHand, reserved, backorderLimit }) });
    items.set(item.variantId, { ...item, levels });
  }
  return items;
}

/** The levels of these variants at all their locations, locked. */
export const lockLevels = (
  em: EntityManager,
  tenantId: string,
  variantIds: readonly string[],
): Promise<(LevelKey & Level)[]> =>
  run(
    em,
    `select variant_id as "variantId", location_id as "locationId", on_hand as "onHand", reserved,
       backorder_limit as "backorderLimit"
     from stock_levels where tenant_id = $1 and variant_id = any ($2::uuid[])
     order by variant_id, location_id for no key update`,
    [tenantId, [...variantIds]],
  );

/**
 * What each customer's balance can still pay (down to its floor), locked. Customers without an account are
 * left out.
 */
export async function lockPurses(
  em: EntityManager,
  { id: tenantId, currency }: Pick<Tenant, 'id' | 'currency'>,
  customerIds: readonly string[],
): Promise<Map<string, number>> {
  if (customerIds.length === 0) return new Map();
  const lock = isOff(em, 'balance') ? '' : 'for no key update';
  const accounts = await run<{ customer_id: string; kind: string; left: string }>(
    em,
    `select customer_id, kind, balance_minor - floor_minor as left from accounts
     where tenant_id = $1 and customer_id = any ($2::uuid[]) and currency = $3
     order by customer_id, kind ${lock}`,
    [tenantId, [...customerIds], currency],
  );
  const balances = accounts.filter(({ kind }) => kind === 'balance');
  return new Map(balances.map(({ customer_id, left }) => [customer_id, Number(left)]));
}

/** Draws `count` numbers of each counter and gives the first of each. Counters are locked last of all. */
export async function takeSerials(
  em: EntityManager,
  tenantId: string,
  wanted: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  if (wanted.size === 0) return new Map();
  const names = [...wanted.keys()].sort();
  const drawn = await run<{ name: string; value: string }>(
    em,
    `insert into number_counters as c (tenant_id, name, value)
     select $1, u.name, u.count from unnest($2::text[], $3::bigint[]) u (name, count)
     on conflict (tenant_id, name) do update set value = c.value + excluded.value
     returning name, value`,
    [tenantId, names, names.map((name) => wanted.get(name))],
  );
  return new Map(drawn.map(({ name, value }) => [name, Number(value) - (wanted.get(name) ?? 0) + 1]));
}
