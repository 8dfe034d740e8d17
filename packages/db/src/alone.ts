import type { Database } from './database.ts';

/** Does what only one process may do at a time: whoever comes second waits, and finds it done. */
export async function alone<T>(db: Database, work: () => Promise<T>): Promise<T> {
  const client = await db.pool.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtext('orderloom set-up'))`);
    return await work();
  } finally {
    // Closing the connection frees the lock, whatever happened.
    client.release(true);
  }
}
