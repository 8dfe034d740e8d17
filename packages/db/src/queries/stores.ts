import type { EntityManager } from '@mikro-orm/postgresql';
import type { Instant } from '@orderloom/core';
import { holding, type ListSpec } from '../lists/list.ts';
import { instant, rows } from '../sql.ts';
import { namesOf } from './directory.ts';

/** A store, with all that is told of it. */
export type StoreLine = {
  readonly id: string;
  readonly ref: number;
  readonly slug: string;
  readonly name: string;
  readonly active: boolean;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

const columns = `s.id, s.ref, s.slug, s.name, s.active, s.version, ${instant('s.created_at')} as "createdAt",
  ${instant('s.updated_at')} as "updatedAt"`;

/** The stores of a tenant. */
export const storesList: ListSpec = {
  name: 'stores',
  table: 'stores',
  as: 's',
  id: 's.id',
  columns,
  filters: {},
  orderings: { created_at: ['s.created_at', 'timestamptz'], name: ['s.name', 'text'] },
  search: holding('s.name', 's.slug'),
};

/** The store that a ref, UUID or slug names. */
export async function storeByName(
  em: EntityManager,
  tenantId: string,
  name: string,
): Promise<StoreLine | undefined> {
  const { ids, refs, words } = namesOf([name]);
  const [found] = await rows<StoreLine>(
    em,
    `select ${columns} from stores s where s.tenant_id = $1
      and (s.id = any ($2::uuid[]) or s.ref = any ($3::int[]) or s.slug = any ($4::text[])) limit 1`,
    [tenantId, ids, refs, words],
  );
  return found;
}

/** The ids of the stores that these refs, UUIDs and slugs name; what names none is left out. */
export async function storeIds(
  em: EntityManager,
  tenantId: string,
  names: readonly string[],
): Promise<string[]> {
  const { ids, refs, words } = namesOf(names);
  const found = await rows<{ id: string }>(
    em,
    `select id from stores where tenant_id = $1
      and (id = any ($2::uuid[]) or ref = any ($3::int[]) or slug = any ($4::text[]))`,
    [tenantId, ids, refs, words],
  );
  return found.map(({ id }) => id);
}
