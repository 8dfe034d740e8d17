import { err, ok, type Result } from '@orderloom/core';
import { type EntityManager, lockRow, type Versioned } from '@orderloom/db';
import type { Refusal } from './errors.ts';
import type { Actor } from './trpc.ts';

export type Holding<T> = {
  readonly table: Versioned;
  /** Finds it by whatever name it was asked for. */
  readonly find: () => Promise<T | undefined>;
  readonly missing: Refusal;
  readonly expectedVersion: number | undefined;
};

/** What is to be changed, locked, if it is the version that the caller believes it to be. */
export async function hold<T extends { readonly id: string; readonly version: number }>(
  em: EntityManager,
  { caller }: Actor,
  { table, find, missing, expectedVersion }: Holding<T>,
): Promise<Result<T, Refusal>> {
  const named = await find();
  if (!named) return err(missing);
  await lockRow(em, table, { tenantId: caller.tenantId, id: named.id });
  // Whoever held it before may have changed it, or taken it away.
  const held = await find();
  if (!held) return err(missing);
  return expectedVersion !== undefined && expectedVersion !== held.version
    ? err({ code: 'VERSION_CONFLICT', currentVersion: held.version })
    : ok(held);
}
