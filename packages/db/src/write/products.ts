import type { EntityManager } from '@mikro-orm/postgresql';
import type { Instant } from '@orderloom/core';
import { isOff } from '../defence.ts';
import { lockLevels } from '../locks.ts';
import { catalogueRow, type CatalogueRow } from '../queries/product-list.ts';
import { run } from '../sql.ts';

/** What changes of a product that the caller has locked; what is `null` stays. */
export type ProductChange = {
  readonly id: string;
  readonly name: string | null;
  readonly price: number | null;
  readonly active: boolean;
  readonly at: Instant;
};

/** Writes a product. A variant that bears its name is renamed with it; the default one takes its price. */
export async function writeProduct(
  em: EntityManager,
  tenantId: string,
  { id, name, price, active, at }: ProductChange,
): Promise<void> {
  if (name !== null || price !== null)
    await run(
      em,
      `update variants v set
         name = case when v.name = p.name then coalesce($3::text, v.name) else v.name end,
         price_minor = case when v.position = 0 and $4::bigint is not null then null else v.price_minor end,
         version = v.version + 1, updated_at = $5::timestamptz
       from products p
       where p.tenant_id = $1 and p.id = $2 and v.tenant_id = $1 and v.product_id = $2
         and (v.name = p.name or v.position = 0)`,
      [tenantId, id, name, price, at],
    );
  await run(
    em,
    `update products set name = coalesce($3::text, name), price_minor = coalesce($4::bigint, price_minor),
       active = $5, version = version + 1, updated_at = $6::timestamptz
     where tenant_id = $1 and id = $2`,
    [tenantId, id, name, price, active, at],
  );
}

/** The product for sale that a ref, UUID or sku names, locked together with its stock. */
export async function lockOnSale(
  em: EntityManager,
  tenantId: string,
  name: string,
): Promise<CatalogueRow | undefined> {
  const named = await catalogueRow(em, tenantId, name);
  if (!named || isOff(em, 'version')) return named;
  await run(em, 'select from products where tenant_id = $1 and id = $2 for no key update', [
    tenantId,
    named.id,
  ]);
  await lockLevels(em, tenantId, [named.variantId]);
  return catalogueRow(em, tenantId, named.id);
}
