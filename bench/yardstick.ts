import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { tables, yards } from './naive.ts';

/**
 * What a database does without any server around it, on tables of its own. pgbench asks it where it is
 * installed, else a client of our own does.
 */
export async function prepareYardstick(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(tables);
  await client.end();
}

export type Rate = { readonly name: string; readonly perSecond: number };
export type Effort = {
  readonly url: string;
  readonly clients: number;
  readonly seconds: number;
  /** B: the naive order transaction. H: the same, all of one product. */
  readonly yard: 'B' | 'H';
};

const debian = '/usr/lib/postgresql';
/** Where pgbench is, if it is. */
export function pgbenchPath(): string | undefined {
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const folders = [
    ...(process.env['PATH'] ?? '').split(':'),
    ...versions.map((version) => join(debian, version, 'bin')),
  ];
  return folders.map((folder) => join(folder, 'pgbench')).find((path) => existsSync(path));
}

export function yardstick(effort: Effort): Promise<Rate> {
  const pgbench = pgbenchPath();
  return pgbench ? byPgbench(pgbench, effort) : byOurselves(effort);
}

export async function byPgbench(pgbench: string, { url, clients, seconds, yard }: Effort): Promise<Rate> {
  const file = join(mkdtempSync(join(tmpdir(), 'naive-')), 'order.sql');
  const { products, steps } = yards[yard];
  const script = steps.map(({ sql, keeps }) => sql + (keeps ? ' \\gset' : ';'));
  const chosen = [`\\set product random(1, ${products})`, `\\set customer random(1, 200)`];
  writeFileSync(file, [...chosen, 'begin;', ...script, 'commit;', ''].join('\n'));
  const effort = ['-c', String(clients), '-j', '1', '-T', String(seconds)];
  const child = spawn(pgbench, ['-n', '-M', 'prepared', ...effort, '-f', file, url]);
  let [said, failed] = ['', ''];
  child.stdout.on('data', (text) => (said += text));
  child.stderr.on('data', (text) => (failed += text));
  await new Promise((resolve) => child.on('close', resolve));
  const perSecond = Number(/tps = ([\d.]+)/.exec(said)?.[1]);
  if (!perSecond) throw new Error(`pgbench: ${failed}`);
  return { name: `pgbench ${yard}`, perSecond };
}

export async function byOurselves({ url, clients, seconds, yard }: Effort): Promise<Rate> {
  const end = performance.now() + seconds * 1_000;
  const done = await Promise.all(Array.from({ length: clients }, () => oneClient(url, yard, end)));
  return { name: `own client ${yard}`, perSecond: done.reduce((sum, count) => sum + count, 0) / seconds };
}

async function oneClient(connectionString: string, yard: Effort['yard'], end: number): Promise<number> {
  const client = new Client({ connectionString });
  await client.connect();
  let count = 0;
  for (; performance.now() < end; count += 1) await naiveOrder(client, yard);
  await client.end();
  return count;
}

/** One order of one piece, statement by statement, each of them prepared. */
export async function naiveOrder(client: Client, yard: Effort['yard']): Promise<void> {
  const { products, steps } = yards[yard];
  const any = (most: number) => 1 + Math.floor(Math.random() * most);
  const values: Record<string, unknown> = { product: any(products), customer: any(200) };
  await client.query('begin');
  for (const [at, { sql }] of steps.entries()) {
    const names: string[] = [];
    const text = sql.replaceAll(/(?<!:):([a-z_]+)/g, (_, name: string) => `$${names.push(name)}`);
    const query = { name: `${yard}${at}`, text, values: names.map((name) => values[name]) };
    const { rows } = await client.query<Record<string, unknown>>(query);
    Object.assign(values, rows[0]);
  }
  await client.query('commit');
}
