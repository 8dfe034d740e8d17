import type { EntityManager } from '@mikro-orm/postgresql';
import { rows } from '../sql.ts';

/** What products of ours are called in the catalogue of somebody else, by our ids; not those it never had. */
export async function remoteNames(
  em: EntityManager,
  tenantId: string,
  productIds: readonly string[],
): Promise<Map<string, string>> {
  const found = await rows<{ productId: string; remoteId: string }>(
    em,
    `select product_id as "productId", remote_id as "remoteId" from remote_products
     where tenant_id = $1 and product_id = any ($2::uuid[])`,
    [tenantId, [...productIds]],
  );
  return new Map(found.map(({ productId, remoteId }) => [productId, remoteId]));
}
