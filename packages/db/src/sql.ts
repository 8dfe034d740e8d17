import type { EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery, type Kysely } from 'kysely';
import { isOff } from './defence.ts';

/**
 * Runs one statement with real parameters (`$1` …) in the unit of work and gives its rows as the driver
 * does.
 */
export async function run<T>(em: EntityManager, text: string, params: readonly unknown[]): Promise<T[]> {
  const connection = em.getTransactionContext<Kysely<unknown>>();
  if (!connection) throw new Error('statements run inside transact or read');
  const said = isOff(em, 'tenant') ? ofAnyTenant(text) : text;
  return (await connection.executeQuery<T>(CompiledQuery.raw(said, [...params]))).rows;
}

/** The same statement without the condition by which all of them keep to their tenant. */
const ofAnyTenant = (text: string): string =>
  text.replaceAll(/\b(?:\w+\.)?tenant_id = \$1(?!\d)/g, '$1::text is not null');

/**
 * Runs one query and gives its rows as JSON has them: bigint as numbers, arrays and objects as such. Times
 * are asked for as text with `instant`. The shape is the caller's word.
 */
export async function rows<T>(em: EntityManager, text: string, params: readonly unknown[]): Promise<T[]> {
  const found = await run<{ row: string }>(em, `select to_json(t)::text as row from (${text}) t`, params);
  return found.map(({ row }) => JSON.parse(row));
}

/** SQL for a time as core has it: `2026-11-21T09:00:00.000Z`. */
export const instant = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
