import type { EntityManager } from '@mikro-orm/postgresql';
import { rows } from '../sql.ts';
import { namesOf } from './directory.ts';

/** The ids of the orders that UUIDs and numbers (in any case) name, by name; hidden orders are not found. */
export async function orderIds(
  em: EntityManager,
  tenantId: string,
  names: readonly string[],
): Promise<Map<string, string>> {
  const { ids, words } = namesOf(names);
  const found = await rows<{ id: string; number: string | null }>(
    em,
    `select id, number from orders
      where tenant_id = $1 and deleted_at is null and (id = any ($2::uuid[]) or number = any ($3::text[]))`,
    [tenantId, ids, words.map((word) => word.toUpperCase())],
  );
  const byName = new Map(found.flatMap(({ id, number }) => [[id, id] as const, [number ?? '', id] as const]));
  return new Map(
    names.flatMap((name) => {
      const id = byName.get(name.toLowerCase()) ?? byName.get(name.toUpperCase());
      return id === undefined ? [] : [[name, id] as const];
    }),
  );
}
