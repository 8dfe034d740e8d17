import type { Database } from '@orderloom/db';
import { Client } from 'pg';

type Way = { readonly url: string; readonly reset: () => void };

/** Takes every connection that the database has left and cuts those of the servers, until the end. */
export async function holdAll(db: Database, { url, reset }: Way): Promise<() => Promise<void>> {
  const held: Client[] = [];
  const hold = async (): Promise<boolean> => {
    const client = new Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
      held.push(client);
      void client.query('select pg_sleep(60)').catch(() => {});
      return true;
    } catch {
      await client.end().catch(() => {});
      return false;
    }
  };
  const [most] = (await db.pool.query<{ max_connections: string }>('show max_connections')).rows;
  const fill = async () => {
    for (let left = Number(most?.max_connections); left > 0 && (await hold()); left -= 1);
  };
  await fill();
  reset();
  await fill();
  return async () => {
    await db.pool
      .query(`select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)%'
      and pid <> pg_backend_pid()`);
    await Promise.all(held.map((client) => client.end().catch(() => {})));
  };
}
