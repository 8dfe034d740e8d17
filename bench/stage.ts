import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Database, migrate, openDatabase } from '@orderloom/db';
import { startEmbedded } from '@orderloom/db/embedded';
import { copyStories, settle, undisturbed } from './seed.ts';
import { startServer, stopServer } from './server.ts';
import { openShop, type Shop, shop } from './shop.ts';
import { tellStories } from './stories.ts';

/** A database with so many orders in one tenant of twenty, and the server on it. */
export type Stage = {
  readonly orders: number;
  readonly db: Database;
  readonly databaseUrl: string;
  readonly databasePid: number;
  readonly servers: ChildProcess[];
  /** Where the first server is. */
  readonly url: string;
  /** Starts one more server. */
  readonly join: (settings?: Settings) => Promise<string>;
  readonly close: () => Promise<void>;
};
export type Settings = Readonly<Record<string, string>>;

// Beside the cases, out of git: what was filled once is used again.
const shelf = fileURLToPath(new URL('.data/', import.meta.url));
/** Larger databases are not copied for each case, so they grow by what the cases do. */
const copiedMax = 100_000;
const others = { tenants: 19, orders: 500 };

export async function openStage(orders: number, settings: Settings = {}): Promise<Stage> {
  const filled = await filledWith(orders);
  const dataDir = orders <= copiedMax ? `${shelf}run-${process.pid}` : filled;
  if (dataDir !== filled) spawnSync('cp', ['-a', filled, dataDir], { stdio: 'inherit' });
  const embedded = await startEmbedded({ dataDir });
  const { url: databaseUrl } = embedded;
  const db = await openDatabase({ url: databaseUrl, poolMax: 4, acquireTimeoutMs: 10_000 });
  const servers: ChildProcess[] = [];
  const join = async (more: Settings = {}) => {
    const port = await freePort();
    servers.push(await startServer(databaseUrl, port, { ...settings, ...more }));
    return `http://127.0.0.1:${port}`;
  };
  const close = async () => {
    await Promise.all(servers.map(stopServer));
    await db.close();
    await embedded.stop();
    if (dataDir !== filled) rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    await migrate(db);
    await db.pool.query('create extension if not exists pg_stat_statements');
    const { rows } = await db.pool.query<{ pid: number }>(
      `select split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int as pid`,
    );
    const databasePid = rows[0]?.pid ?? 0;
    return { orders, db, databaseUrl, databasePid, servers, url: await join(), join, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

export async function filledWith(orders: number): Promise<string> {
  const filled = `${shelf}${orders}`;
  if (existsSync(filled)) return filled;
  mkdirSync(shelf, { recursive: true });
  const from = performance.now();
  const draft = `${filled}.new`;
  rmSync(draft, { recursive: true, force: true });
  await fill(draft, orders);
  renameSync(draft, filled);
  console.log(
    `seeded ${orders.toLocaleString('en')} orders in ${Math.round((performance.now() - from) / 1_000)} s`,
  );
  return filled;
}

/** Opens twenty shops, lets their first orders be placed over HTTP, and copies those. */
async function fill(dataDir: string, orders: number): Promise<void> {
  const embedded = await startEmbedded({ dataDir, durable: false });
  const db = await openDatabase({ url: embedded.url, poolMax: 4, acquireTimeoutMs: 10_000 });
  try {
    await migrate(db);
    const small = Array.from({ length: others.tenants }, (_, at): Shop => ({
      tenantId: `bench-${at + 2}`,
      customers: 40,
      products: 60,
    }));
    const shops = [shop, ...small];
    for (const one of shops) await openShop(db, one);
    const port = await freePort();
    const server = await startServer(embedded.url, port);
    const stories = new Map<string, string[]>();
    for (const one of shops) stories.set(one.tenantId, await tellStories(`http://127.0.0.1:${port}`, one));
    await quiet(db);
    await stopServer(server);
    for (const statement of undisturbed) await db.pool.query(statement);
    for (const [tenantId, told] of stories) {
      const all = tenantId === shop.tenantId ? orders : others.orders;
      const count = Math.max(0, all - new Set(told).size);
      await copyStories({ url: embedded.url, tenantId, stories: told, count });
    }
    await settle(db);
  } finally {
    await db.close();
    await embedded.stop();
  }
}

/** Waits until all events have left. */
export async function quiet(db: Database): Promise<void> {
  for (let tries = 0; tries < 1_200; tries += 1) {
    const { rows } = await db.pool.query<{ busy: boolean }>(
      `select exists (select from events where published_at is null)
         or exists (select from deliveries) as busy`,
    );
    if (rows[0]?.busy === false) return;
    await sleep(100);
  }
  throw new Error('events are still waiting');
}

let lastPort = 10_000 + (process.pid % 1_000) * 20;
/** Below those that connections are given: until the server listens, nobody else takes it. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    lastPort += 1;
    const port = lastPort;
    const probe = createServer().once('error', () => freePort().then(resolve, reject));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(port)));
  });
