import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, type PoolClient } from 'pg';
import { unwatch, watch } from './silence.ts';

/** What came of asking a replica; the primary answers all but the first. */
export type ReplicaOutcome = 'answered' | 'behind' | 'failed' | 'left alone';

/** Servers that follow the primary, for reads that cost much. */
export type Replicas = {
  /** A connection that sees all that is committed by now; `undefined` when no replica has come so far. */
  readonly caughtUp: () => Promise<Following | undefined>;
  readonly close: () => Promise<void>;
};

/** A connection to a replica, and how to say what came of it. */
export type Following = { readonly client: PoolClient; readonly tell: (outcome: ReplicaOutcome) => void };

export type ReplicasConfig = {
  readonly urls: readonly string[];
  /** Hears what came of every question. */
  readonly asked: (outcome: ReplicaOutcome) => void;
  /** Whether a replica must have come as far as the primary; always, but for tests. */
  readonly mustFollow: boolean;
};

type Replica = { readonly pool: Pool; restsUntilMs: number };

// How long a replica may take to answer, and to come as far as the primary; else it is left alone a while.
const knockMs = 500;
const catchUpMs = 50;
const pauseMs = 5;
const restMs: Partial<Record<ReplicaOutcome, number>> = { behind: 1_000, failed: 5_000 };

/** The replicas of a primary, asked in turns. They are connected to when they are first needed. */
export function followers(primary: Pool, { urls, asked, mustFollow }: ReplicasConfig): Replicas {
  const all = urls.map((url) => aReplica(primary, url));
  const tellOf = (replica: Replica) => (outcome: ReplicaOutcome) => {
    asked(outcome);
    const rest = restMs[outcome];
    if (rest !== undefined) replica.restsUntilMs = performance.now() + rest;
  };
  const caughtUp = async (): Promise<Following | undefined> => {
    if (all.length === 0) return undefined;
    const replica = all.find(({ restsUntilMs }) => restsUntilMs <= performance.now());
    if (!replica) {
      asked('left alone');
      return undefined;
    }
    all.push(...all.splice(all.indexOf(replica), 1));
    const position = mustFollow ? await positionOf(primary) : '0/0';
    const tell = tellOf(replica);
    const client = await connectionAt(replica.pool, position).catch(() => null);
    if (client) return { client, tell };
    tell(client === null ? 'failed' : 'behind');
    return undefined;
  };
  return { caughtUp, close: async () => void (await Promise.all(all.map(({ pool }) => pool.end()))) };
}

function aReplica(primary: Pool, url: string): Replica {
  const pool = new Pool({ ...primary.options, connectionString: url, connectionTimeoutMillis: knockMs });
  // A connection that breaks is noticed by whoever uses it, or is replaced.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return { pool, restsUntilMs: 0 };
}

// What can be seen on the primary has been flushed before, unless it does not wait for that.
const writtenSoFar = `
  select case current_setting('synchronous_commit')
    when 'off' then pg_current_wal_insert_lsn() else pg_current_wal_flush_lsn() end::text as position`;

/** How far the primary has come: everything that was ever acknowledged lies before it. */
async function positionOf(primary: Pool): Promise<string> {
  const client = await primary.connect();
  const row = await asking<{ position: string }>(client, { name: 'wal', text: writtenSoFar });
  client.release();
  return row?.position ?? '';
}

const shownSoFar = 'select pg_is_in_recovery() and pg_last_wal_replay_lsn() >= $1::pg_lsn as shown';

/** A connection to a replica that has come so far, within a moment. Seen from one connection, it stays so. */
async function connectionAt(pool: Pool, position: string): Promise<PoolClient | undefined> {
  const client = await pool.connect();
  const question = { name: 'replay', text: shownSoFar, values: [position] };
  for (const untilMs = performance.now() + catchUpMs; ;) {
    const row = await asking<{ shown: boolean | null }>(client, question, knockMs);
    if (row?.shown === true) return client;
    if (performance.now() > untilMs) break;
    await sleep(pauseMs);
  }
  client.release();
  return undefined;
}

type Question = { readonly name: string; readonly text: string; readonly values?: string[] };

/** The one row of an answer. A connection that does not give it is given up. */
async function asking<T extends object>(client: PoolClient, question: Question, mostMs?: number) {
  try {
    watch(client, mostMs);
    const { rows } = await client.query<T>(question);
    return rows[0];
  } catch (thrown) {
    client.release(true);
    throw thrown;
  } finally {
    unwatch(client);
  }
}
