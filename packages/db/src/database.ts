import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import { Pool } from 'pg';
import { migrationsList } from '../migrations/index.ts';
import { aBell, type Bell, publishedBell } from './bell.ts';
import type { Defence } from './defence.ts';
import { followers, type ReplicaOutcome, type Replicas } from './replicas.ts';
import { rows } from './rows.ts';

/** Where the database is, and how much of it one process may use. */
export type DatabaseConfig = {
  readonly url: string;
  readonly poolMax: number;
  readonly applicationName?: string;
  /** How long a caller waits for a free connection before it is refused. */
  readonly acquireTimeoutMs?: number;
  /** Streaming replicas, and who hears what came of asking them. */
  readonly replicaUrls?: readonly string[];
  readonly replicaAsked?: (outcome: ReplicaOutcome) => void;
  /** For self-tests of race tests only. */
  readonly defenceOff?: readonly Defence[];
};

/** An open database: MikroORM for rows and migrations, and the one pool that all units of work share. */
export type Database = {
  readonly orm: MikroORM;
  readonly pool: Pool;
  readonly replicas: Replicas;
  readonly defenceOff: readonly Defence[];
  /** Rings in this process when a transaction that wrote events has committed. */
  readonly written: Bell;
  /** Rings in every process when events were published. */
  readonly published: Pick<Bell, 'hear'>;
  readonly close: () => Promise<void>;
};

/** Opens the database. The URL is the driver's own (`sslmode` and all). */
export async function openDatabase(config: DatabaseConfig): Promise<Database> {
  const { url, poolMax, applicationName = 'orderloom', acquireTimeoutMs = 500, defenceOff = [] } = config;
  const orm = await MikroORM.init({
    clientUrl: url,
    dbName: decodeURIComponent(new URL(url).pathname.slice(1)),
    entities: rows,
    extensions: [Migrator],
    migrations: {
      migrationsList: [...migrationsList],
      snapshot: false,
      disableForeignKeys: false,
      silent: true,
    },
    // Batched updates skip the version check and lose updates (measured: 171 of 219).
    useBatchUpdates: false,
    driverOptions: {
      connectionString: url,
      max: poolMax,
      connectionTimeoutMillis: acquireTimeoutMs,
      application_name: applicationName,
      // What does not wait for an answer goes with what was sent before it.
      pipeline: true,
    },
  });
  const pool: unknown = await orm.em.getConnection().getNativeClient();
  if (!(pool instanceof Pool)) throw new TypeError('the driver keeps no pool');
  const published = publishedBell(pool);
  const { replicaUrls: urls = [], replicaAsked: asked = () => {} } = config;
  const replicas = followers(pool, { urls, asked, mustFollow: !defenceOff.includes('replay') });
  const close = async () => {
    await published.close();
    await replicas.close();
    await orm.close();
  };
  return { orm, pool, replicas, defenceOff, written: aBell(), published, close };
}

/** How long callers wait for a free connection from now on. */
export function acquireWithin({ pool }: Pick<Database, 'pool'>, ms: number): void {
  pool.options.connectionTimeoutMillis = ms;
}
