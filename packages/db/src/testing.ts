import { Client } from 'pg';
import { check } from './check.ts';
import { type Database, openDatabase } from './database.ts';
import type { Defence } from './defence.ts';
import { newId } from './ids.ts';
import { migrate } from './migrate.ts';

export { dropVersionDefence } from './defence.ts';
export { copyOrder } from './testing/copies.ts';
export { aStandby, type Standby } from './testing/standby.ts';
export { raceUntil } from './testing/races.ts';
export { anAct, aTenant, type TenantOptions, type TestTenant } from './testing/tenant.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    databaseUrl: string;
  }
}

const template = 'orderloom_template';

/** Makes a migrated database once per run; every test file copies it, which is much faster than migrating. */
export async function migrateTemplate(url: string): Promise<void> {
  await administer(url, `drop database if exists ${template} with (force)`);
  await administer(url, `create database ${template}`);
  const db = await openDatabase({ url: named(url, template), poolMax: 2, acquireTimeoutMs: 10_000 });
  await migrate(db);
  await db.close();
}

export type TestDatabase = Database & { readonly url: string };
export type FreshOptions = {
  readonly defenceOff?: readonly Defence[];
  readonly poolMax?: number;
  /** Another server than that of the tests, with a template of its own. */
  readonly server?: string;
  /** Whether the invariants are recomputed at the end; not where a test breaks them on purpose. */
  readonly checked?: boolean;
};

/**
 * A database of its own for a test file, to be called at its top. At the end of the file the invariants are
 * recomputed, any difference fails the file, and the database goes away.
 */
export async function freshDatabase(options: FreshOptions = {}): Promise<TestDatabase> {
  const { defenceOff = [], poolMax = 10, checked = true } = options;
  const { afterAll, expect, inject } = await import('vitest');
  const { server = inject('databaseUrl') } = options;
  const name = `orderloom_${newId().replaceAll('-', '')}`;
  await administer(server, `create database ${name} template ${template}`);
  const url = named(server, name);
  // A loaded test machine may take longer than production allows to hand out a connection.
  const db = await openDatabase({ url, poolMax, acquireTimeoutMs: 20_000, defenceOff });
  afterAll(async () => {
    try {
      if (checked) expect(await check(db)).toEqual([]);
    } finally {
      await db.close();
      await administer(server, `drop database ${name} with (force)`);
    }
  });
  return { ...db, url };
}

/** The address of another database of the same server. */
function named(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
