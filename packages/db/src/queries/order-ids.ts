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
  const found = await rows<Named>(
    em,
    `select id, number from orders where tenant_id = $1 and deleted_at is null and ${orderNamed}`,
    [tenantId, ids, words.map((word) => word.toUpperCase())],
  );
  return new Map([...byOrderName(names, found)].map(([name, { id }]) => [name, id]));
}

type Named = { readonly id: string; readonly number: string | null };

/** That an order has one of the UUIDs in $2 or one of the numbers in $3. */
export const orderNamed = '(id = any ($2::uuid[]) or number = any ($3::text[]))';

/** Which of the orders each name means. */
export function byOrderName<T extends Named>(names: readonly string[], orders: readonly T[]): Map<string, T> {
  const known = new Map(
    orders.flatMap((order) => [[order.id, order] as const, [order.number ?? '', order] as const]),
  );
  return new Map(
    names.flatMap((name) => {
      const order = known.get(name.toLowerCase()) ?? known.get(name.toUpperCase());
      return order === undefined ? [] : [[name, order] as const];
    }),
  );
}
