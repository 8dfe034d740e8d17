import { IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import compression from 'compression';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import { callerOfSession } from './auth/caller.ts';
import { cookieOf } from './auth/cookie.ts';
import { guardConsole } from './auth/csrf.ts';
import type { Config } from './config.ts';
import type { Parts } from './context.ts';
import { mountConsole } from './edge/console.ts';
import { throughGate } from './rest/front.ts';
import { mountGatewayWebhooks } from './edge/gateway-webhooks.ts';
import { mountHealth, type Readiness } from './edge/health.ts';
import { mountMailbox } from './edge/mailbox.ts';
import { refusalOf } from './errors.ts';
import { logFailure, logRefusal } from './log.ts';
import { refusals } from './refusals.ts';
import { contextOf, edge, requestOf } from './request.ts';
import { isStrong } from './rest/conditional.ts';
import { mountRest } from './rest/mount.ts';
import { appRouter } from './router.ts';
import { assertRules } from './trpc-rules.ts';

/** The whole server but for the port: `main.ts` and the tests call the same function. */
export function createApp(parts: Parts, readiness: Readiness = { stopping: false }): RequestListener {
  assertRules(appRouter);
  const { config, log } = parts;
  const app = bare(config);
  const routes = routesOf(parts, readiness);
  app.use(edge(log, () => new Date().toISOString()));
  const headers = headersOf(config.publicUrl);
  app.use((_req, res, next) => {
    res.set(headers);
    next();
  });
  app.use((req, res) => routes(req, res, (thrown?: unknown) => answerLast(req, res, thrown ?? notFound)));
  return throughGate({ parts, headers }, app);
}

function bare({ trustProxyHops }: Config): Express {
  const app = express();
  app.disable('x-powered-by');
  // Express would put one on error bodies too; versions are the API's own business.
  app.set('etag', false);
  app.set('trust proxy', trustProxyHops);
  return app;
}

function routesOf(parts: Parts, readiness: Readiness): Express {
  const { publicUrl } = parts.config;
  const app = bare(parts.config);
  mountHealth(app, parts, readiness);
  app.use(compression({ threshold: 1_024, filter: isWhole }));
  app.use('/trpc', guardConsole(publicUrl), trpc(parts));
  mountConsole(app);
  mountMailbox(app, parts);
  mountGatewayWebhooks(app, parts);
  mountRest(app, parts);
  return app;
}

/** Events of a stream are told one by one, and not kept back until there is enough to compress. */
const isWhole: compression.CompressionFilter = (req, res) =>
  !String(res.getHeader('content-type')).startsWith('text/event-stream') &&
  !isStrong(res.getHeader('etag')) &&
  compression.filter(req, res);

/**
 * What every answer says to a browser: nothing in it is a page. The console and the docs say more of their
 * own. It is always the same, so it is asked for once.
 */
function headersOf(publicUrl: string): Record<string, string> {
  const policy = { 'default-src': ["'none'"], 'base-uri': ["'none'"], 'form-action': ["'none'"] };
  const said = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { ...policy, 'frame-ancestors': ["'none'"] } },
    strictTransportSecurity: publicUrl.startsWith('https:') ? { maxAge: 31_536_000 } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  const req = new IncomingMessage(new Socket());
  const res = new ServerResponse(req);
  said(req, res, () => {});
  const headers = Object.entries(res.getHeaders());
  return Object.fromEntries(headers.map(([name, value]) => [name, String(value)]));
}

/** The console's door: sessions only, a few calls at a time, nothing kept by anybody on the way. */
const trpc = (parts: Parts): RequestHandler =>
  createExpressMiddleware({
    router: appRouter,
    createContext: async ({ req, res }) => {
      const cookie = cookieOf(parts.config.publicUrl, req, res);
      const caller = await callerOfSession({ db: parts.db, at: requestOf(req).at }, cookie);
      return contextOf(parts, req, { caller, cookie, origin: 'admin', once: null });
    },
    maxBatchSize: 10,
    maxBodySize: 1_000_000,
    responseMeta: () => ({ headers: new Headers({ 'Cache-Control': 'no-store' }) }),
    onError: ({ error, path = 'trpc', req }) => report(req, error, path),
  });

function report(req: Request, thrown: unknown, where: string): void {
  const { log } = requestOf(req);
  const refusal = refusalOf(thrown);
  if (refusal.code !== 'INTERNAL') logRefusal(log, refusal, where);
  else logFailure(log, thrown instanceof Error ? (thrown.cause ?? thrown) : thrown, where);
}

const notFound = new Error('no such route');

/**
 * Whatever nobody has answered: paths that lead nowhere, and what went wrong before a family could say so.
 */
function answerLast(req: Request, res: Response, thrown: unknown): void {
  const refusal = thrown === notFound ? ({ code: 'ROUTE_NOT_FOUND' } as const) : refusalOf(thrown);
  const { log, requestId } = requestOf(req);
  if (refusal.code === 'INTERNAL') logFailure(log, thrown, 'edge');
  else logRefusal(log, refusal, 'edge');
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const { http, title, wire } = refusals[refusal.code];
  res.status(http).set('Cache-Control', 'no-store');
  res.json({ error: title, code: wire, request_id: requestId });
}
