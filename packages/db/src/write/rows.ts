import type { EntityManager } from '@mikro-orm/postgresql';
import type { Instant } from '@orderloom/core';
import { isOff } from '../defence.ts';
import { run } from '../sql.ts';

/** Things that are changed one by one, each with a version. */
export type Versioned = 'addresses' | 'customers' | 'principals' | 'products' | 'stores' | 'variants';

/** Locks a row until the end of the transaction; its version, or nothing where it is not. */
export async function lockRow(
  em: EntityManager,
  table: Versioned,
  { tenantId, id }: { readonly tenantId: string; readonly id: string },
): Promise<number | undefined> {
  const lock = isOff(em, 'version') ? '' : 'for no key update';
  const [found] = await run<{ version: number }>(
    em,
    `select version from ${table} where tenant_id = $1 and id = $2 ${lock}`,
    [tenantId, id],
  );
  return found?.version;
}

export type RowChange = {
  readonly tenantId: string;
  readonly id: string;
  readonly at: Instant;
  /** New values by column; what is `undefined` stays. */
  readonly columns: Readonly<Record<string, unknown>>;
};

/** Writes a row that the caller has locked, as its next version; nothing when nothing is to be written. */
export async function changeRow(
  em: EntityManager,
  table: Versioned,
  { tenantId, id, at, columns }: RowChange,
): Promise<void> {
  const changed = Object.entries(columns).filter(([, value]) => value !== undefined);
  if (changed.length === 0) return;
  const assignments = changed.map(([column], position) => `${column} = $${position + 4}`);
  await run(
    em,
    `update ${table} set ${assignments.join(', ')}, updated_at = $3, version = version + 1
     where tenant_id = $1 and id = $2`,
    [tenantId, id, at, ...changed.map(([, value]) => value)],
  );
}
