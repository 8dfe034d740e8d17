import type { Instant } from '@orderloom/core';
import { newId } from '@orderloom/db';
import type { Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Caller, Context, Parts } from './context.ts';
import { countRequest } from './metrics.ts';

/** What the edge knows of a request before anybody has looked at it. */
export type Requested = {
  readonly requestId: string;
  /** The clock, read once. */
  readonly at: Instant;
  readonly address: string;
  readonly log: Logger;
  /** Known once the credential has been checked; for the log. */
  caller: Caller | null;
};

const known = new WeakMap<Request, Requested>();

/** The request's id, time and log, given to it at the edge. */
export function requestOf(req: Request): Requested {
  const requested = known.get(req);
  if (!requested) throw new RangeError('the request did not come through the edge');
  return requested;
}

/** The id that the caller gave to the request, if it is one, or a new one. */
export const requestIdOf = (given: string | string[] | undefined): string =>
  typeof given === 'string' && /^[\w.-]{8,64}$/.test(given) ? given : newId();

/**
 * The first thing that every request meets: an id, a log of its own, and a line in the log when it is
 * answered.
 */
export function edge(log: Logger, now: () => Instant): RequestHandler {
  return (req, res, next) => {
    const requestId = requestIdOf(req.get('x-request-id'));
    const startedMs = performance.now();
    const requested: Requested = {
      requestId,
      at: now(),
      address: req.ip ?? '',
      log: log.child({ requestId }),
      caller: null,
    };
    known.set(req, requested);
    res.setHeader('X-Request-Id', requestId);
    res.once('close', () => {
      const ms = Math.round((performance.now() - startedMs) * 10) / 10;
      answered(req, requested, { status: res.writableFinished ? res.statusCode : 499, ms });
    });
    next();
  };
}

function answered(req: Request, requested: Requested, { status, ms }: { status: number; ms: number }): void {
  const path = req.originalUrl.split('?', 1)[0] ?? '/';
  countRequest({ method: req.method, route: routeOf(req, path), status, ms });
  const { caller } = requested;
  const who = { tenant: caller?.tenantId ?? null, principal: caller?.principalId ?? null };
  requested.log.info({ status, ms, ...who }, `${req.method} ${path}`);
}

/** The pattern and not the path, so that the number of series stays small whatever is asked for. */
function routeOf(req: Request, path: string): string {
  const route: unknown = req.route;
  if (typeof route === 'object' && route !== null && 'path' in route) return String(route.path);
  const home = ['/trpc', '/admin', '/docs'].find((prefix) => path.startsWith(prefix));
  return home ?? 'none';
}

export type Who = Pick<Context, 'caller' | 'cookie' | 'origin' | 'once'>;

/** What a procedure is told about the request that calls it. */
export function contextOf(parts: Parts, req: Request, who: Who): Context {
  const requested = requestOf(req);
  requested.caller = who.caller;
  const { at, requestId, address, log } = requested;
  return { ...who, parts, at, newId, requestId, address, log };
}
