import { createHash, timingSafeEqual } from 'node:crypto';
import { backlogOfAll, missingMigrations, ping } from '@orderloom/db';
import type { Express, Request, RequestHandler } from 'express';
import type { Config } from '../config.ts';
import type { Parts } from '../context.ts';
import { registry, showBacklog, watchPool } from '../metrics.ts';

/** Set when the server is asked to stop: whoever distributes requests is told to send no more. */
export type Readiness = { stopping: boolean };

type Part = 'ok' | 'failing';

/** `/healthz`: the process answers. `/readyz`: orders can be placed. `/metrics`: what the server counts. */
export function mountHealth(app: Express, parts: Parts, readiness: Readiness): void {
  const { db, config } = parts;
  watchPool(() => ({
    used: db.pool.totalCount - db.pool.idleCount,
    idle: db.pool.idleCount,
    waiting: db.pool.waitingCount,
  }));
  const look = lookAt(parts);
  app.get('/healthz', (_req, res) => void res.set('Cache-Control', 'no-store').json({ status: 'ok' }));
  app.get('/readyz', async (_req, res) => {
    const found = { ...(await look()), accepting: readiness.stopping ? 'failing' : 'ok' };
    const ready = Object.values(found).every((part) => part === 'ok');
    res.status(ready ? 200 : 503).set('Cache-Control', 'no-store');
    res.json({ status: ready ? 'ready' : 'not ready', parts: found });
  });
  app.get('/metrics', onlyFor(config), async (_req, res) => {
    // Without a database the rest is worth all the more.
    showBacklog(await backlogOfAll(db).catch(() => []));
    res.set({ 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' });
    res.send(await registry.metrics());
  });
}

// Whoever distributes requests does not wait long for this word.
const pingMs = 800;

/** Once all migrations are done they stay done; the database is asked every time, and not for long. */
function lookAt({ db, log }: Parts): () => Promise<Record<'database' | 'migrations', Part>> {
  let migrated = false;
  return async () => {
    try {
      await ping(db, pingMs);
      if (!migrated) migrated = (await missingMigrations(db)).length === 0;
      return { database: 'ok', migrations: migrated ? 'ok' : 'failing' };
    } catch (thrown) {
      log.warn({ err: thrown }, 'the database does not answer');
      return { database: 'failing', migrations: migrated ? 'ok' : 'failing' };
    }
  };
}

/** Open where developers look; elsewhere behind a token, and without one closed. */
const onlyFor =
  ({ mode, metricsToken }: Config): RequestHandler =>
  (req, res, next) => {
    if (mode !== 'production' && metricsToken === null) next();
    else if (metricsToken !== null && same(presented(req), metricsToken)) next();
    else
      res.status(401).set('WWW-Authenticate', 'Bearer realm="metrics"').json({ error: 'A token is needed' });
  };

const presented = (req: Request): string => /^bearer (\S+)$/i.exec(req.get('authorization') ?? '')?.[1] ?? '';
const digest = (text: string) => createHash('sha256').update(text).digest();
const same = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));
