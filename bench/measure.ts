import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Asked, Found, Load } from './load.ts';
import { cpuOf, cpuOfAll } from './server.ts';
import { token } from './shop.ts';
import type { Stage } from './stage.ts';

/** What a load found, and what each of its requests cost. */
export type Measured = Found & {
  /** Milliseconds of CPU. */
  readonly cpu: { readonly server: number; readonly database: number };
  /** Of those who asked for it; not of the workers that carry events away. */
  readonly statements: number;
  readonly rows: number;
};

type What = Partial<Omit<Load, 'requests'>> & {
  readonly clients: number;
  readonly requests: readonly Asked[];
};

/** Lets a process of its own ask, and counts from when it is warm; that is when `meanwhile` begins. */
export async function measure(
  stage: Stage,
  { requests, ...what }: What,
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'orderloom-load-'));
  const file = join(folder, 'requests.json');
  writeFileSync(file, JSON.stringify(requests));
  try {
    return await counted(stage, { url: stage.url, token, seconds: 5, ...what, requests: file }, meanwhile);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function counted(stage: Stage, load: Load, meanwhile: () => Promise<unknown>): Promise<Measured> {
  let before: Promise<Spent> | undefined;
  const found = await inProcess(load, () => {
    before = spentBy(stage, true);
    return meanwhile();
  });
  const [start, end] = [await before, await spentBy(stage, false)];
  if (!start || found.count === 0) throw new Error(`nothing went well: ${found.refusal}`);
  const each = (from: number, to: number) => (to - from) / found.count;
  const cpu = {
    server: each(start.server, end.server) * 1_000,
    database: each(start.database, end.database) * 1_000,
  };
  return { ...found, cpu, statements: end.statements / found.count, rows: end.rows / found.count };
}

/** Asks until the load is over, or until `warm`, which hears when it begins to count, has ended. */
const inProcess = (load: Load, warm: () => Promise<unknown>): Promise<Found> =>
  new Promise((resolve, reject) => {
    const file = fileURLToPath(new URL('load.ts', import.meta.url));
    const child = spawn(process.execPath, [file, JSON.stringify(load)]);
    let [said, failed] = ['', ''];
    child.stdout.on('data', (text) => (said += text));
    child.stderr.on('data', (text) => {
      if (String(text) !== 'warm\n') failed += text;
      else warm().then(() => load.until === 'told' && child.kill('SIGTERM'), reject);
    });
    child.on('error', reject);
    child.on('close', () => (said === '' ? reject(new Error(failed)) : resolve(JSON.parse(said))));
  });

/** The same by two processes of half the clients each, one for each address. */
export async function inTwo(
  stage: Stage,
  urls: readonly [string, string],
  what: Omit<What, 'clients'>,
): Promise<Measured> {
  const [one, other] = await Promise.all(urls.map((url) => measure(stage, { ...what, clients: 32, url })));
  if (!one || !other) throw new RangeError('there are two');
  // Each counts what both cost, and shares it among its own.
  const share = one.count / (one.count + other.count);
  const each = (of: (found: Measured) => number) => of(one) * share;
  const worse = (of: (found: Measured) => number) => Math.max(of(one), of(other));
  return {
    count: one.count + other.count,
    accepted: one.accepted + other.accepted,
    perSecond: one.perSecond + other.perSecond,
    p50: worse(({ p50 }) => p50),
    p95: worse(({ p95 }) => p95),
    p99: worse(({ p99 }) => p99),
    refused: one.refused + other.refused,
    refusal: one.refusal ?? other.refusal,
    cpu: { server: each(({ cpu }) => cpu.server), database: each(({ cpu }) => cpu.database) },
    statements: each(({ statements }) => statements),
    rows: each(({ rows }) => rows),
  };
}

type Spent = {
  readonly server: number;
  readonly database: number;
  readonly statements: number;
  readonly rows: number;
};

/** Since ever, but for statements and rows, which are counted anew `afterwards`. */
async function spentBy(stage: Stage, afterwards: boolean): Promise<Spent> {
  const server = stage.servers.reduce((sum, one) => sum + cpuOf(one), 0);
  const database = cpuOfAll(stage.databasePid);
  if (afterwards) {
    await stage.db.pool.query('select pg_stat_statements_reset()');
    return { server, database, statements: 0, rows: 0 };
  }
  const { rows } = await stage.db.pool.query<Statement>(asked);
  const sum = (of: (one: Statement) => number) => rows.reduce((all, one) => all + of(one), 0);
  const told = { statements: sum(({ calls }) => Number(calls)), rows: sum((one) => Number(one.rows)) };
  if (process.env['BENCH_STATEMENTS']) console.table(rows.slice(0, 20));
  return { server, database, ...told };
}

type Statement = {
  readonly calls: string;
  readonly rows: string;
  readonly ms: number;
  readonly query: string;
};

// Beginning and ending are no statements here, nor is what the deferred triggers ask when it ends.
const asked = `
  select calls, rows, round(total_exec_time + total_plan_time)::int as ms,
    left(regexp_replace(query, '\\s+', ' ', 'g'), 100) as query
  from pg_stat_statements
  where userid <> 'orderloom_worker'::regrole
    and dbid = (select oid from pg_database where datname = current_database())
    and query !~* '^\\s*(begin|commit|rollback|listen|reset|select set_config|select pg_)|naive\\.|pg_stat'
    and query !~* '^\\s*(exists|select e\\.from_status)'
  order by total_exec_time + total_plan_time desc`;
