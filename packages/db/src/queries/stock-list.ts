import type { EntityManager } from '@mikro-orm/postgresql';
import type { Instant, MoveKind } from '@orderloom/core';
import { instant, rows } from '../sql.ts';

export type LevelRow = {
  readonly variantId: string;
  readonly locationId: string;
  readonly locationName: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
  readonly backorderLimit: number;
};

const level = `
  select l.variant_id as "variantId", l.location_id as "locationId", k.name as "locationName",
    l.on_hand as "onHand", l.reserved, l.on_hand - l.reserved as available,
    l.backorder_limit as "backorderLimit"`;

/** What lies where of a product's variants, the default one first, locations by priority. */
export const levelsOf = (em: EntityManager, tenantId: string, productId: string): Promise<LevelRow[]> =>
  rows<LevelRow>(
    em,
    `${level}
      from variants v
      join stock_levels l on l.tenant_id = v.tenant_id and l.variant_id = v.id
      join stock_locations k on k.tenant_id = l.tenant_id and k.id = l.location_id
      where v.tenant_id = $1 and v.product_id = $2
      order by v.position, k.priority, k.id`,
    [tenantId, productId],
  );

export type MovementRow = {
  readonly id: string;
  readonly at: Instant;
  readonly kind: MoveKind;
  readonly locationName: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly orderId: string | null;
  readonly orderNumber: string | null;
  readonly reason: string | null;
  readonly actor: string;
};

/**
 * The movements of a product's variants, newest first, behind `afterId`; one row more when there is a next
 * page.
 */
export const movementsOf = (
  em: EntityManager,
  tenantId: string,
  of: { readonly productId: string; readonly afterId: string | null; readonly limit: number },
): Promise<MovementRow[]> =>
  rows<MovementRow>(
    em,
    // Each level gives its newest rows by the index, so that the cost does not grow with the history.
    `select m.id, ${instant('m.at')} as at, m.kind, k.name as "locationName",
        m.on_hand as "onHand", m.reserved,
        m.order_id as "orderId", o.number as "orderNumber", m.reason, coalesce(a.name, 'System') as actor
      from variants v
      join stock_levels l on l.tenant_id = v.tenant_id and l.variant_id = v.id
      join stock_locations k on k.tenant_id = l.tenant_id and k.id = l.location_id
      cross join lateral (
        select * from stock_movements m
        where m.tenant_id = l.tenant_id and m.variant_id = l.variant_id and m.location_id = l.location_id
          and ($3::uuid is null or m.id < $3)
        order by m.id desc limit $4) m
      left join orders o on o.tenant_id = m.tenant_id and o.id = m.order_id
      left join principals a on a.tenant_id = m.tenant_id and a.id = m.actor_id
      where v.tenant_id = $1 and v.product_id = $2
      order by m.id desc
      limit $4`,
    [tenantId, of.productId, of.afterId, of.limit + 1],
  );

/** The levels of one variant, first choice of location first. */
export const levelsOfVariant = (
  em: EntityManager,
  tenantId: string,
  variantId: string,
): Promise<LevelRow[]> =>
  rows<LevelRow>(
    em,
    `${level}
      from stock_levels l
      join stock_locations k on k.tenant_id = l.tenant_id and k.id = l.location_id
      where l.tenant_id = $1 and l.variant_id = $2
      order by k.priority, k.id`,
    [tenantId, variantId],
  );
