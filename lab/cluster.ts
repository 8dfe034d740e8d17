import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase } from '@orderloom/db';
import { type Embedded, startEmbedded } from '@orderloom/db/embedded';
import { Client } from 'pg';

/** A PostgreSQL of the lab's own, where every run gets a database that nobody has used. */
export type Cluster = {
  readonly url: string;
  /** The address of a new, migrated database. */
  readonly fresh: () => Promise<string>;
  readonly stop: () => Promise<void>;
};

const template = 'lab_template';

/** Starts it in a folder that goes away with it; durable as in production unless the caller is in a hurry. */
export async function startCluster({ durable = true } = {}): Promise<Cluster> {
  const dataDir = mkdtempSync(join(tmpdir(), 'orderloom-lab-'));
  const embedded = await startEmbedded({ dataDir, durable });
  await migrateTemplate(embedded);
  let made = 0;
  return {
    url: embedded.url,
    fresh: async () => {
      made += 1;
      await administer(embedded.url, `create database lab_${made} template ${template}`);
      return named(embedded.url, `lab_${made}`);
    },
    stop: async () => {
      await embedded.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function migrateTemplate({ url }: Embedded): Promise<void> {
  await administer(url, `create database ${template}`);
  const db = await openDatabase({ url: named(url, template), poolMax: 2, acquireTimeoutMs: 10_000 });
  await migrate(db);
  await db.close();
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
