import { setTimeout as sleep } from 'node:timers/promises';
import { check, type Database, tenantIds } from '@orderloom/db';
import type { Verdict } from '../verdicts.ts';

type Feed = { readonly events: number; readonly waiting: number };

async function feed({ pool }: Database): Promise<Feed> {
  const { rows } = await pool.query<{ readonly events: string; readonly waiting: string }>(
    'select count(*) as events, count(*) filter (where feed_seq is null) as waiting from events',
  );
  return { events: Number(rows[0]?.events), waiting: Number(rows[0]?.waiting) };
}

const patienceMs = 3_000;

/** Waits for the last event to be published, or until nothing has been for a while. */
async function published(db: Database): Promise<Feed> {
  let now = await feed(db);
  for (let since = performance.now(); now.waiting > 0 && performance.now() - since < patienceMs;) {
    await sleep(100);
    const next = await feed(db);
    if (next.waiting !== now.waiting) since = performance.now();
    now = next;
  }
  return now;
}

/** What only the database can tell; `null` when there is none to ask. */
export async function told(db: Database | null): Promise<Verdict> {
  const promise = 'outbox';
  if (!db) return { promise, words: 'whether every event left is told by the database alone', kept: null };
  const { events, waiting } = await published(db);
  return { promise, words: `${events} events: ${waiting} never published`, kept: waiting === 0 };
}

export async function agreement(db: Database | null): Promise<Verdict> {
  const promise = 'agreement';
  if (!db)
    return { promise, words: 'run `orderloom check` beside the server: it needs the database', kept: null };
  const differences = await check(db);
  const broken = [...new Set(differences.map(({ invariant }) => invariant))].sort().join(', ');
  const words = `check over ${(await tenantIds(db)).length} tenants: ${differences.length} differences`;
  return { promise, words: `${words} ${broken}`.trim(), kept: differences.length === 0 };
}
