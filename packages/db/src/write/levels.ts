import type { EntityManager } from '@mikro-orm/postgresql';
import type { Instant } from '@orderloom/core';
import { run } from '../sql.ts';

export type LevelKey = { readonly variantId: string; readonly locationId: string };

/** Makes sure that these variants have a level at these locations; what is there stays as it is. */
export const openLevels = async (
  em: EntityManager,
  tenantId: string,
  { keys, at }: { readonly keys: readonly LevelKey[]; readonly at: Instant },
): Promise<void> => {
  await run(
    em,
    `insert into stock_levels
       (tenant_id, variant_id, location_id, on_hand, reserved, backorder_limit, version, updated_at)
     select $1, u.variant_id, u.location_id, 0, 0, 0, 1, $4::timestamptz
     from unnest($2::uuid[], $3::uuid[]) as u (variant_id, location_id)
     on conflict do nothing`,
    [tenantId, keys.map(({ variantId }) => variantId), keys.map(({ locationId }) => locationId), at],
  );
};
