import { setTimeout as sleep } from 'node:timers/promises';
import { type Instant, ok } from '@orderloom/core';
import {
  alone,
  byCredential,
  type Database,
  type DatabaseConfig,
  demoTraces,
  forgetKeys,
  forgetOldAttempts,
  hasAdmin,
  isUnavailable,
  migrateOpenly,
  missingMigrations,
  openDatabase,
  read,
  sqlStateOf,
  tenantIds,
  transact,
} from '@orderloom/db';
import type { Logger } from 'pino';
import { sweepSessions } from './auth/sessions.ts';
import { memoryCache, redisCache } from './cache.ts';
import type { Config } from './config.ts';
import type { Parts } from './context.ts';
import { demoPassword, shop1, shop2 } from './demo/people.ts';
import { seedDemo } from './demo/seed.ts';
import { createLimits } from './limits.ts';
import { createLive } from './live.ts';
import { logFailure } from './log.ts';
import { createMail } from './mail/mail.ts';
import { countReplica } from './metrics.ts';
import { cardsBy } from './orders/payments/card-work.ts';
import { createFinding } from './orders/finding.ts';
import { createChanging } from './orders/changing/changing.ts';
import { createPlacing } from './orders/placing/placing.ts';
import { remotePlacing } from './orders/remotely/remotely.ts';
import { hashPassword } from './password.ts';
import { connectRedis } from './redis.ts';
import { brokerOf } from './relay/broker.ts';
import { natsPublisher } from './relay/nats.ts';
import { noticesTo } from './relay/notices.ts';
import { type RelayParts, startRelay } from './relay/relay.ts';
import { createRemote, startSweeping } from './remote/compose.ts';
import { gatewayAt } from './remote/gateway.ts';
import { startFolding } from './stats/fold.ts';
import { createSuperuser, type Superuser } from './users/superuser.ts';

/** A database that can be used, and how to let go of it. */
export type House = { readonly db: Database; readonly close: () => Promise<void> };

/** What a person must change before the server can start; said without a stack. */
export class Unready extends Error {}

type Where = { readonly url: string; readonly ownerUrl: string; readonly stop: () => Promise<void> };

/** Finds the database: the one that the settings name, or the one that comes with the packages. */
async function locate({ databaseUrl: url, databaseOwnerUrl, dataDir }: Config): Promise<Where> {
  if (url !== null) return { url, ownerUrl: databaseOwnerUrl ?? url, stop: async () => {} };
  const { startEmbedded } = await import('@orderloom/db/embedded');
  const embedded = await startEmbedded({ dataDir });
  return { url: embedded.url, ownerUrl: embedded.url, stop: () => embedded.stop() };
}

/**
 * Opens the database, migrated by the role that owns the tables unless the caller wants to do that itself.
 */
export async function openHouse(config: Config, log: Logger, { migrated = true } = {}): Promise<House> {
  const where = await locate(config);
  try {
    const { defenceOff } = config;
    const pool = { poolMax: config.poolMax, applicationName: 'orderloom' };
    if (migrated && where.ownerUrl !== where.url) await migrateAs(where.ownerUrl, log);
    const url = migrated ? where.url : where.ownerUrl;
    const replicas = { replicaUrls: config.databaseReplicaUrls, replicaAsked: countReplica };
    const db = await reach({ url, ...pool, ...replicas, defenceOff }, log);
    // A connection that breaks while nobody uses it is replaced by the next one that is needed.
    db.pool.on('error', (thrown) => log.warn({ err: thrown }, 'a connection to the database broke'));
    if (migrated && where.ownerUrl === where.url) await bringUpToDate(db, log);
    const close = async () => {
      await db.close();
      await where.stop();
    };
    return { db, close };
  } catch (thrown) {
    await where.stop();
    throw thrown;
  }
}

// Whoever starts waits for a database that starts too, or is busy; a request would rather be refused.
const patience = { allMs: 30_000, eachMs: 10_000, pauseMs: 500 };

/** Opens the database as soon as it answers. */
async function reach(asked: DatabaseConfig, log: Logger): Promise<Database> {
  for (const untilMs = performance.now() + patience.allMs; ;) {
    try {
      return await openDatabase({ ...asked, acquireTimeoutMs: patience.eachMs });
    } catch (thrown) {
      if (!isUnavailable(thrown) || performance.now() > untilMs) throw thrown;
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      log.warn({ why }, 'the database does not answer yet; trying again');
      await sleep(patience.pauseMs);
    }
  }
}

async function migrateAs(url: string, log: Logger): Promise<void> {
  const owner = await reach({ url, poolMax: 2, applicationName: 'orderloom-migrate' }, log);
  try {
    await bringUpToDate(owner, log);
  } finally {
    await owner.close();
  }
}

async function bringUpToDate(db: Database, log: Logger): Promise<void> {
  if ((await missingMigrations(db)).length === 0) return;
  try {
    const done = await migrateOpenly(db);
    log.info({ migrations: done.length }, 'the database was migrated');
  } catch (thrown) {
    if (sqlStateOf(thrown) !== '42501') throw thrown;
    throw new Unready(
      'The database is not migrated, and the role of DATABASE_URL may not do it. ' +
        'Run the command `migrate` as the role that owns the tables, or name it in DATABASE_OWNER_URL.',
    );
  }
}

type Seeding = { readonly log: Logger; readonly at: Instant };

/** Puts the demo shop into an empty database; whether it did. */
export const seedIfEmpty = (db: Database, seeding: Seeding): Promise<boolean> =>
  alone(db, () => seed(db, seeding));

async function seed(db: Database, { log, at }: Seeding): Promise<boolean> {
  const tenants = await tenantIds(db);
  if (tenants.includes(shop1.id) && !tenants.includes(shop2.id))
    log.warn('The demo shop was not finished last time. Stop, remove the data directory, and start again.');
  if (tenants.length > 0) return false;
  const passwordHash = await hashPassword(demoPassword);
  if (!passwordHash.ok) throw new RangeError('nobody else can be waiting for a hash');
  await seedDemo(db, { passwordHash: passwordHash.value, now: new Date(at) });
  return true;
}

/** Production refuses to serve what everybody knows how to sign in to. */
export async function refuseDemo(db: Database): Promise<void> {
  const emails = [...shop1.people, ...shop2.people].map(({ email }) => email);
  const traces: string[] = [];
  for (const tenantId of await tenantIds(db))
    traces.push(
      ...(await read(db, { tenantId }, (em) => demoTraces(em, tenantId, emails))).map(
        (one) => `${tenantId}: ${one}`,
      ),
    );
  if (traces.length === 0) return;
  const list = traces.map((trace) => `  ${trace}`).join('\n');
  throw new Unready(`This database holds demo data, so it is not served in production:\n${list}`);
}

/** The first administrator, from the settings; not when there is one already. */
export async function createFirstAdmin(db: Database, config: Config, at: Instant): Promise<string | null> {
  const { firstAdmin, defaultTenantId } = config;
  if (firstAdmin === null) return null;
  return alone(db, () => founder(db, { ...firstAdmin, tenantId: defaultTenantId ?? 'main', at }));
}

async function founder(db: Database, asked: Superuser): Promise<string | null> {
  for (const tenantId of await tenantIds(db))
    if (await read(db, { tenantId }, (em) => hasAdmin(em, tenantId))) return null;
  const created = await createSuperuser(db, asked);
  if (!created.ok)
    throw new Unready(`ADMIN_EMAIL and ADMIN_PASSWORD make no administrator: ${created.error.code}`);
  return asked.email;
}

const cachedCharactersMax = 16_000_000;

export function composeParts(config: Config, db: Database, log: Logger): Parts {
  const own = createPlacing(db);
  const remote = createRemote({ config, db, log });
  const placing = remote ? remotePlacing({ db, remote }, own) : own;
  const redis = config.redisUrl === null ? null : connectRedis(config.redisUrl, log);
  const cache = redis ? redisCache(redis) : memoryCache(cachedCharactersMax);
  const shared = { redis, cache, limits: createLimits(redis) };
  const gateway = config.gateway && gatewayAt(config.gateway);
  const doors = { finding: createFinding(db), placing, changing: createChanging(db) };
  return { config, db, log, ...doors, remote, gateway, live: createLive(db), ...shared };
}

/** Answers of requests that are an hour old are not given again. */
const sweepKeys = (db: Database, tenantId: string): Promise<unknown> =>
  transact(db, { tenantId, role: 'worker' }, async (em) => ok(await forgetKeys(em, tenantId)));

/** What goes on beside the requests until it is stopped: events leave, statistics are added up. */
export type Work = { readonly stop: () => Promise<void> };

/** Starts the relay with everybody who is told of events; tests have more of them and less patience. */
export function startWork(
  parts: Parts,
  now: () => Instant,
  { consumers = [], ...pace }: Partial<Pick<RelayParts, 'consumers' | 'patience' | 'pollMs'>> = {},
): Work {
  const { config, db, log } = parts;
  const mail = createMail(parts, now);
  const publisher = config.natsUrl === null ? null : natsPublisher(config.natsUrl);
  const broker = publisher ? [brokerOf(publisher, config.publicUrl)] : [];
  const cards = cardsBy(parts, now);
  const everybody = [noticesTo(db), mail.consumer, ...cards.consumers, ...broker, ...consumers];
  const relay = startRelay({ db, log, ...pace, consumers: everybody });
  const sweeping = parts.remote && startSweeping(parts.remote, now);
  const folding = startFolding(parts);
  return {
    stop: async () => {
      await sweeping?.stop();
      await folding.stop();
      await cards.stop();
      await relay.stop();
      mail.close();
      await publisher?.close();
    },
  };
}

/** What is done beside the requests, now and then: sessions, tries and keys that are over are removed. */
export async function sweep({ db, log }: Parts, at: Instant): Promise<void> {
  try {
    await sweepSessions({ db, at });
    for (const tenantId of await tenantIds(db)) await sweepKeys(db, tenantId);
    await byCredential(db, '', forgetOldAttempts);
  } catch (thrown) {
    logFailure(log, thrown, 'sweep');
  }
}
