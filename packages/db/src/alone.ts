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

/**
 * Does what only one server may do at a time to one thing, outside any transaction, because it takes longer
 * than a transaction may. Waits two seconds at most.
 */
export async function aloneWith<T>(db: Database, thing: string, work: () => Promise<T>): Promise<T> {
  if (db.defenceOff.includes('stock')) return work();
  const client = await db.pool.connect();
  try {
    await client.query(`set lock_timeout = '2s'`);
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [thing]);
    return await work();
  } finally {
    client.release(true);
  }
}
