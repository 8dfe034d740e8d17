import type { Database } from './database.ts';

/**
 * Brings the database up to date and says what was done; whoever comes second waits and finds nothing to do.
 */
export const migrate = (db: Database): Promise<string[]> =>
  alone(db, async () => {
    const done = await db.orm.migrator.up();
    // Plans made for empty tables stay bad for as long as they are cached.
    return done.map(({ name }) => name);
  });

/** Takes the newest migration back and says which. */
export const rollback = (db: Database): Promise<string[]> =>
  alone(db, async () => (await db.orm.migrator.down()).map(({ name }) => name));

/** The migrations that are still to be done. */
export const pending = async (db: Database): Promise<string[]> =>
  (await db.orm.migrator.getPending()).map(({ name }) => name);

async function alone<T>(db: Database, work: () => Promise<T>): Promise<T> {
  const client = await db.pool.connect();
  const lock = `hashtext('orderloom migrations')`;
  try {
    await client.query(`select pg_advisory_lock(${lock})`);
    return await work();
  } finally {
    // Closing the connection frees the lock, whatever happened.
    client.release(true);
  }
}
