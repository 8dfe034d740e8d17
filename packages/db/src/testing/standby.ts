import { appendFile, copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Client } from 'pg';
import { startEmbedded } from '../embedded.ts';
import { readLock } from '../embedded-process.ts';

/** A server that follows another one. */
export type Standby = {
  readonly url: string;
  /** Holds back what arrives, so that the server falls behind, and lets it come again. */
  readonly pause: () => Promise<void>;
  readonly resume: () => Promise<void>;
  readonly query: <T extends object>(text: string) => Promise<T[]>;
  /** Without a word to anybody. */
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Begins to follow the embedded server of `from`: its files are copied while it serves, as a backup is. */
export async function aStandby(url: string, { from, to }: Record<'from' | 'to', string>): Promise<Standby> {
  await mkdir(to, { recursive: true });
  await copyFile(join(from, 'postgres.password'), join(to, 'postgres.password'));
  const cluster = join(to, 'postgres');
  await backUp(url, join(from, 'postgres'), cluster);
  await appendFile(join(cluster, 'postgresql.auto.conf'), `primary_conninfo = '${url}'\n`);
  await writeFile(join(cluster, 'standby.signal'), '');
  const embedded = await startEmbedded({ dataDir: to, durable: false });
  const query: Standby['query'] = (text) =>
    within(embedded.url, async (client) => (await client.query(text)).rows);
  return {
    url: embedded.url,
    query,
    pause: async () => {
      await query('select pg_wal_replay_pause()');
      for (let state = ''; state !== 'paused';)
        [{ state } = { state }] = await query<{ state: string }>(
          'select pg_get_wal_replay_pause_state() state',
        );
    },
    resume: async () => void (await query('select pg_wal_replay_resume()')),
    kill: async () => {
      const lock = await readLock(cluster);
      if (lock) process.kill(lock.pid, 'SIGKILL');
    },
    stop: () => embedded.stop(),
  };
}

// What belongs to the running server alone, or comes by itself from the server that is followed.
const left = /^(?:postmaster\.(?:pid|opts)|pg_(?:wal|replslot|stat_tmp|dynshmem|notify|subtrans)\/.+)$/;

const backUp = (url: string, from: string, to: string): Promise<void> =>
  within(url, async (client) => {
    // Whoever follows is told of a commit when it is flushed.
    await client.query('alter role all set synchronous_commit = on');
    await client.query(`select pg_backup_start('standby', true)`);
    await cp(from, to, { recursive: true, filter: (path) => !left.test(relative(from, path)) });
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    await writeFile(join(to, 'backup_label'), rows[0]?.labelfile ?? '');
  });

async function within<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
