import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { migrate, openDatabase, type Database, type Defence } from '@orderloom/db';
import { dropVersionDefence } from '@orderloom/db/testing';
import { openShop } from '../../bench/shop.ts';
import { type MailSink, startMailSink } from '../../apps/server/src/testing/mail-sink.ts';
import { findProgram, freePort } from '../../apps/server/src/testing/program.ts';
import { type Server, type ServerOptions, startServer } from '../server.ts';
import { type Gateway, type Redis, startGateway, startRedis } from './neighbours.ts';
import { type Postgres, startPostgres } from './postgres.ts';
import { type Warehouse, startWarehouse } from './warehouse.ts';
import { type Proxy, startProxy } from './proxy.ts';

/** One of the two servers; it may be down, and comes back at the same address. */
export type Slot = {
  readonly name: string;
  readonly url: string;
  readonly logFile: string;
  /** The process that is, or was. */
  server: Server;
  readonly start: (env?: Readonly<Record<string, string>>) => Promise<void>;
};

/** Two servers on one PostgreSQL, and everybody they speak with, each behind a line of its own. */
export type World = {
  readonly dir: string;
  readonly postgres: Postgres;
  /** Our own way to the database, which no fault touches but those of the database itself. */
  readonly db: Database;
  readonly servers: readonly [Slot, Slot];
  readonly lines: Readonly<Record<Line, Proxy>>;
  readonly redis: Redis | null;
  readonly gateway: Gateway;
  readonly mail: MailSink;
  /** Whose shelves are sold from; `null`: our own. */
  readonly warehouse: Warehouse | null;
  /** Leads both ways to the database to where it listens now. */
  readonly aim: () => void;
  readonly stop: () => Promise<void>;
};
export type Line = 'database' | 'redis' | 'gateway' | 'mail' | 'warehouse';
export type WorldOptions = {
  readonly dir: string;
  readonly chance: () => number;
  readonly defenceOff: readonly Defence[];
  /** Whether another Orderloom is the catalogue. */
  readonly remote?: boolean;
  /** Settings of both servers besides those that every world has. */
  readonly env?: Readonly<Record<string, string>>;
};

export async function startWorld(options: WorldOptions): Promise<World> {
  const { dir, chance, defenceOff, env = {} } = options;
  mkdirSync(dir, { recursive: true });
  chmodSync(dir, 0o755);
  const postgres = await startPostgres(dir);
  const line = (port: number) => startProxy(port, chance);
  const own = await line(postgres.port());
  const db = await openShopAt(through(postgres.url(), own.port), defenceOff);
  const ports: [number, number] = [await freePort(), await freePort()];
  const others = await startOthers(options, { url: through(postgres.url(), own.port), db, port: ports[0] });
  const { redis, gateway, mail, warehouse } = others;
  const lines = {
    database: await line(postgres.port()),
    redis: await line(redis?.port ?? 1),
    gateway: await line(gateway.port),
    mail: await line(mail.port),
    warehouse: await line(warehouse?.port ?? 1),
  };
  const settings = { ...settingsFor(lines, others), DEFENCE_OFF: defenceOff.join(','), ...env };
  const databaseUrl = through(postgres.url(), lines.database.port);
  const slot = (name: string, port: number) => aSlot({ name, port, dir, databaseUrl, settings });
  const servers: [Slot, Slot] = [await slot('a', ports[0]), await slot('b', ports[1])];
  const aim = () => {
    for (const way of [lines.database, own]) way.aim(postgres.port());
  };
  const stop = async () => {
    for (const { server } of servers) await server.kill();
    await warehouse?.stop();
    await db.close().catch(() => {});
    for (const way of [own, ...Object.values(lines)]) await way.close();
    await Promise.all([redis?.kill(), gateway.kill(), mail.stop()]);
    await postgres.stop();
  };
  return { dir, postgres, db, servers, lines, ...others, aim, stop };
}

type Others = Pick<World, 'redis' | 'gateway' | 'mail' | 'warehouse'>;
type Beside = { readonly url: string; readonly db: Database; readonly port: number };

async function startOthers(
  { dir, remote = false }: WorldOptions,
  { url, db, port }: Beside,
): Promise<Others> {
  return {
    redis: findProgram('redis-server') === undefined ? null : await startRedis(),
    gateway: await startGateway(dir, port),
    mail: await startMailSink(),
    warehouse: remote ? await startWarehouse(url, db, dir) : null,
  };
}

const settingsFor = (lines: World['lines'], { redis, gateway, warehouse }: Others) => ({
  ...gateway.env(lines.gateway.port),
  ...(redis ? { REDIS_URL: `redis://127.0.0.1:${lines.redis.port}/0` } : {}),
  ...(warehouse ? { CATALOG_URL: `http://127.0.0.1:${lines.warehouse.port}` } : {}),
  SMTP_URL: `smtp://127.0.0.1:${lines.mail.port}`,
});

type SlotOptions = {
  readonly name: string;
  readonly port: number;
  readonly dir: string;
  readonly databaseUrl: string;
  readonly settings: Readonly<Record<string, string>>;
};

async function aSlot({ name, port, dir, databaseUrl, settings }: SlotOptions): Promise<Slot> {
  const logFile = join(dir, `server-${name}.log`);
  const run = (env: Readonly<Record<string, string>> = {}) =>
    supervised({ databaseUrl, port, logFile, env: { ...settings, ...env } });
  const slot: Slot = {
    name,
    url: `http://127.0.0.1:${port}`,
    logFile,
    server: await run(),
    start: async (env) => {
      slot.server = await run(env);
    },
  };
  return slot;
}

/** As whoever supervises it does: a server that ends because its database has no time is started again. */
async function supervised(options: ServerOptions): Promise<Server> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startServer(options);
    } catch (thrown) {
      if (tries === 10) throw thrown;
    }
  }
}

/** The shop of the benches: 200 customers with money, 1,000 products of which there is always enough. */
async function openShopAt(url: string, defenceOff: readonly Defence[]): Promise<Database> {
  const db = await openDatabase({ url, poolMax: 3, acquireTimeoutMs: 2_000, applicationName: 'lab' });
  db.pool.on('error', () => {});
  await migrate(db);
  await openShop(db);
  if (defenceOff.includes('version')) await dropVersionDefence(db);
  return db;
}

/** The same database by another port. */
function through(url: string, port: number): string {
  const address = new URL(url);
  address.port = String(port);
  return address.href;
}
