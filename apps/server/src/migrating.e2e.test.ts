import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { migrationsList, newId } from '@orderloom/db';
import { freshDatabase } from '@orderloom/db/testing';
import { Pool } from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { call } from './testing.ts';
import { aServer, quickStart } from './testing/process.ts';

const { pool: admin, url: there } = await freshDatabase();

/** A database with nothing in it. */
async function anEmptyDatabase() {
  const name = `empty_${newId().replaceAll('-', '')}`;
  await admin.query(`create database ${name}`);
  const url = new URL(there);
  url.pathname = `/${name}`;
  const pool = new Pool({ connectionString: url.href, max: 2 });
  afterAll(async () => {
    await pool.end();
    await admin.query(`drop database ${name} with (force)`);
  });
  const one = async (sql: string): Promise<unknown> =>
    Object.values((await pool.query(sql)).rows[0] ?? {})[0];
  return { url: url.href, one };
}

/** The command line, as an operator uses it. */
async function orderloom(command: string, url: string): Promise<string> {
  const file = fileURLToPath(new URL('./cli.ts', import.meta.url));
  const env = { PATH: process.env['PATH'], DATABASE_URL: url, NODE_ENV: 'test', ...quickStart };
  return (await promisify(execFile)(process.execPath, [file, command], { env })).stdout.trim();
}
const history = `select json_agg(h order by h)::text from (
  select (select count(*) from orders) as orders, (select count(*) from events) as events,
    (select sum(balance_minor) from accounts) as money, (select sum(on_hand) from stock_levels) as goods) h`;

// Every step of these is a process of its own.
const patience = { timeout: 180_000 };

describe('two servers that start together on an empty database', patience, () => {
  it('migrate it once, open one demo shop, and both answer', async () => {
    const { url, one } = await anEmptyDatabase();
    const servers = await Promise.all([
      aServer(url, { env: { DEMO: 'on' } }),
      aServer(url, { env: { DEMO: 'on' } }),
    ]);
    for (const server of servers) {
      expect((await call(server, '/readyz')).status).toBe(200);
      const order = { customer_id: 1, product_id: 1, quantity: 1 };
      expect((await call(server, '/order/', { token: 'olm_test_customer', body: order })).status).toBe(200);
    }
    expect(await one('select array_agg(name order by name) from mikro_orm_migrations')).toEqual(
      migrationsList.map(({ name }) => name),
    );
    expect(await one(`select count(*)::int from tenants where id = 'shop-1'`)).toBe(1);
    await Promise.all(servers.map(({ kill }) => kill()));
    expect(await orderloom('check', url)).toMatch(/^0 differences/m);
  });
});

describe('the newest migration', patience, () => {
  it('can be taken back and done again with a shop at work, and nothing is lost', async () => {
    const { url, one } = await anEmptyDatabase();
    await orderloom('seed', url);
    const before = await one(history);
    const newest = migrationsList.at(-1)?.name ?? '';
    expect(await orderloom('rollback', url)).toBe(`Taken back: ${newest}`);
    expect(await one(`select count(*)::int from mikro_orm_migrations where name = '${newest}'`)).toBe(0);
    await expect(orderloom('check', url)).rejects.toThrow(`Migrate first; missing: ${newest}`);
    expect(await orderloom('migrate', url)).toBe(`Done: ${newest}`);
    expect(await orderloom('migrate', url)).toBe('Nothing to do: the database is up to date.');
    expect(await one(history)).toBe(before);
    expect(await orderloom('check', url)).toMatch(/^0 differences/m);
  });
});
