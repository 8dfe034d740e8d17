import express, { type Express, type RequestHandler } from 'express';
import type { Parts } from '../context.ts';
import { refuse } from '../errors.ts';
import { api } from './api/family.ts';
import { balance } from './balance.ts';
import { service } from './service/family.ts';
import { sayNo } from './answer.ts';
import { type Kinds, serve } from './bridge.ts';
import { mountDocs } from './docs.ts';
import { type Family, operationsOf, placeholdersLast } from './family.ts';

/** Every published API of this server. */
export const families: readonly Family[] = [balance, service, api];

/** Serves the contracts and their documentation. A slash at the end of a path makes no difference. */
export function mountRest(app: Express, parts: Parts): void {
  mountDocs(app, parts, families);
  for (const family of families) app.use(routerOf(family, parts));
}

function routerOf(family: Family, parts: Parts): express.Router {
  const router = express.Router({ caseSensitive: true });
  const prefixes = [...family.prefixes];
  router.use(prefixes, decodable(parts, family));
  for (const [path, operations] of byPath(family)) {
    for (const kinds of operations) router[kinds[0].method](path, serve({ parts, family, kinds }));
    const allowed = operations.flatMap(([{ method }]) => verbsOf(method));
    router.all(path, refuseWith(parts, family, { code: 'METHOD_NOT_ALLOWED', allowed }));
  }
  router.use(prefixes, refuseWith(parts, family, { code: 'ROUTE_NOT_FOUND' }));
  return router;
}

/** The operations of each path; a path that is named wins over one with a placeholder in its place. */
function byPath(family: Family): [path: string, operations: Kinds[]][] {
  const paths = operationsOf(family).flatMap((kinds) =>
    family.pathsOf(kinds[0]).map((path) => ({ path: path.replace(/\/$/, ''), kinds })),
  );
  const grouped = [...Map.groupBy(paths, ({ path }) => path)];
  return grouped
    .sort(([a], [b]) => placeholdersLast(a, b))
    .map(([path, all]) => [path, all.map(({ kinds }) => kinds)]);
}

const verbsOf = (method: string): string[] => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]);

const refuseWith =
  (parts: Parts, family: Family, refusal: Parameters<typeof refuse>[0]): RequestHandler =>
  (req, res) =>
    sayNo(req, res, { parts, family, row: null, thrown: refuse(refusal) });

/** A path that cannot be decoded leads nowhere; asked before the router stumbles over it. */
const decodable =
  (parts: Parts, family: Family): RequestHandler =>
  (req, res, next) => {
    if (URL.canParse(req.originalUrl, 'http://localhost') && isDecodable(req.path)) next();
    else refuseWith(parts, family, { code: 'ROUTE_NOT_FOUND' })(req, res, next);
  };

function isDecodable(path: string): boolean {
  try {
    return decodeURIComponent(path) !== '';
  } catch {
    return false;
  }
}
