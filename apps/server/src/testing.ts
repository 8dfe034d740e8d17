import { createServer, type Server } from 'node:http';
import { createHash } from 'node:crypto';
import { ok, type Role, scopesOf } from '@orderloom/core';
import { insertPerson, insertToken, newId, orderFilters, orderPlaces, transact } from '@orderloom/db';
import {
  aTenant,
  freshDatabase,
  type FreshOptions,
  type TestDatabase,
  type TestTenant,
} from '@orderloom/db/testing';
import { afterAll } from 'vitest';
import { createApp } from './app.ts';
import { callerOfToken } from './auth/caller.ts';
import { composeParts, startWork } from './boot.ts';
import type { Config } from './config.ts';
import type { Parts } from './context.ts';
import type { Readiness } from './edge/health.ts';
import { type Refusal, refusalOf } from './errors.ts';
import type { Consumer } from './feed.ts';
import { createLog } from './log.ts';
import { hashPassword } from './password.ts';
import type { RelayParts } from './relay/relay.ts';
import { appRouter } from './router.ts';

/** The real server on a free port, with a database of its own, and what its log said. */
export type TestApp = {
  readonly url: string;
  readonly db: TestDatabase;
  readonly parts: Parts;
  readonly readiness: Readiness;
  readonly logged: () => Record<string, unknown>[];
  readonly stop: () => Promise<void>;
};
export type StartOptions = FreshOptions & {
  readonly config?: Partial<Config>;
  /** Whether events leave, as they do from a real server. */
  readonly relay?: boolean | Pick<RelayParts, 'patience' | 'pollMs'>;
  /** Who is told of them beside those who always are. */
  readonly consumers?: readonly Consumer[];
};

const settings: Config = {
  mode: 'test',
  host: '127.0.0.1',
  port: 0,
  dataDir: '/nowhere',
  databaseUrl: null,
  databaseOwnerUrl: null,
  databaseReplicaUrls: [],
  poolMax: 10,
  logLevel: 'debug',
  publicUrl: '',
  trustNetwork: false,
  defaultTenantId: null,
  secretKey: 'a key for tests that is long enough',
  firstAdmin: null,
  trustProxyHops: 0,
  metricsToken: null,
  pageSize: 20,
  maxPageSize: 100,
  orderLists: { filters: orderFilters, search: orderPlaces },
  smtpUrl: null,
  mailFrom: 'Orderloom <orders@localhost>',
  catalogUrl: null,
  cartUrl: null,
  remoteToken: null,
  gateway: null,
  gatewayPort: 0,
  natsUrl: null,
  redisUrl: null,
  cacheSeconds: { orders: 300, statistics: 600 },
  rateLimits: { read: 10_000_000, write: 10_000_000, tenant: 100_000_000 },
  defenceOff: [],
  demo: false,
};

/** Starts the server for a test file, to be called at its top; it stops by itself at the end of the file. */
export async function startApp({
  config = {},
  relay = false,
  consumers = [],
  ...options
}: StartOptions = {}): Promise<TestApp> {
  const db = await freshDatabase(options);
  const server = createServer();
  const port = await listening(server);
  const url = `http://127.0.0.1:${port}`;
  const lines: string[] = [];
  const full: Config = { ...settings, port, publicUrl: url, databaseUrl: db.url, ...config };
  const log = createLog(full, (line) => lines.push(line));
  const parts = composeParts(full, db, log);
  const readiness: Readiness = { stopping: false };
  server.on('request', createApp(parts, readiness));
  const pace = relay === true ? {} : relay;
  const now = () => new Date().toISOString();
  const work = pace ? startWork(parts, now, { ...pace, consumers }) : null;
  const stop = async () => {
    parts.live.close();
    server.closeAllConnections();
    await work?.stop();
    parts.redis?.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  afterAll(stop);
  return { url, db, parts, readiness, logged: () => lines.map((line) => JSON.parse(line)), stop };
}

const listening = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });

export const testPassword = 'correct horse battery';

/** Somebody who can sign in with `testPassword`, and an API token of theirs with all that their role may. */
export type TestUser = {
  readonly tenantId: string;
  readonly id: string;
  readonly email: string;
  readonly token: string;
};

let testHash: Promise<string> | undefined;

/** A user in a tenant; a customer's sign-in belongs to the tenant's customer. */
export async function aUser({ db }: Pick<TestApp, 'db'>, tenant: TestTenant, role: Role): Promise<TestUser> {
  testHash ??= hashPassword(testPassword).then((hash) => (hash.ok ? hash.value : ''));
  const { tenantId, customerId } = tenant;
  const id = newId();
  const email = `${role}-${id}@example.com`;
  const token = `olm_test_${id}`;
  const owner = {
    tenantId,
    id,
    email,
    name: role,
    role,
    customerId: role === 'customer' ? customerId : null,
  };
  const passwordHash = await testHash;
  const at = '2026-11-21T09:00:00.000Z';
  await transact(db, { tenantId }, async (em) => {
    await insertPerson(em, { ...owner, passwordHash, at });
    const secretHash = createHash('sha256').update(token).digest('hex');
    const named = { id: newId(), name: 'Test', prefix: 'olm_test', expiresAt: '2999-01-01T00:00:00.000Z' };
    await insertToken(em, {
      ...named,
      tenantId,
      principalId: id,
      scopes: [...scopesOf[role]],
      secretHash,
      at,
    });
    return ok(null);
  });
  return { tenantId, id, email, token };
}

/** A tenant of its own with an administrator, a member of the staff and a customer. */
export async function aShop(app: Pick<TestApp, 'db'>, options?: Parameters<typeof aTenant>[1]) {
  const tenant = await aTenant(app.db, options);
  const [admin, staff, customer] = await Promise.all([
    aUser(app, tenant, 'admin'),
    aUser(app, tenant, 'staff'),
    aUser(app, tenant, 'customer'),
  ]);
  return { tenant, admin, staff, customer };
}

export type Answered = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, when it is JSON. */
  readonly json: unknown;
};

/** One request over HTTP, read to its end. A body that is not a text is sent as JSON. */
export async function call(
  { url }: Pick<TestApp, 'url'>,
  path: string,
  { token, body, headers = {}, method = body === undefined ? 'GET' : 'POST' }: CallOptions = {},
): Promise<Answered> {
  const sent = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(url + path, {
    method,
    redirect: 'manual',
    ...(sent === undefined ? {} : { body: sent }),
    headers: {
      ...(sent === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...headers,
    },
  });
  const text = await textOf(answer);
  const isJson = text !== '' && /\bjson\b/.test(answer.headers.get('content-type') ?? '');
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}
/** A stream of events is left again after its first words. */
async function textOf(answer: Response): Promise<string> {
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) return answer.text();
  const reader = answer.body?.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return Buffer.from(first?.value ?? []).toString();
}

export type CallOptions = {
  readonly method?: string;
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
};

export type Told = { readonly result?: { readonly data: unknown }; readonly error?: unknown };

/** A console in miniature: calls procedures with the headers and the cookie that a browser would send. */
export function aConsole(app: Pick<TestApp, 'url'>) {
  let cookie = '';
  const send = async (path: string, options: CallOptions): Promise<Answered> => {
    const headers = { Origin: app.url, 'X-Trpc-Source': 'console', Cookie: cookie, ...options.headers };
    const answer = await call(app, `/trpc/${path}`, { ...options, headers });
    const set = answer.headers.getSetCookie().at(-1);
    if (set !== undefined) cookie = set.split(';', 1)[0] ?? '';
    return answer;
  };
  const query = (path: string, input?: unknown): Promise<Answered> =>
    send(input === undefined ? path : `${path}?input=${encodeURIComponent(JSON.stringify(input))}`, {});
  const mutate = (path: string, input: unknown = {}, headers = {}): Promise<Answered> =>
    send(path, { body: input, headers });
  return {
    query,
    mutate,
    signIn: (email: string, password = testPassword) => mutate('auth.signIn', { email, password }),
    cookie: () => cookie,
    use: (other: string) => {
      cookie = other;
    },
  };
}

/** The procedures with their types, called as this user without HTTP between. */
export async function procedures({ parts }: Pick<TestApp, 'parts'>, user: TestUser) {
  const caller = await callerOfToken(parts, user.token);
  if (!caller.ok) throw new Error(caller.error.code);
  const at = new Date().toISOString();
  return appRouter.createCaller({
    parts,
    caller: caller.value,
    at,
    newId,
    requestId: 'a-test-request',
    address: '127.0.0.1',
    log: parts.log,
    origin: 'api',
    once: null,
    cookie: null,
  });
}

/** The refusal of a call that must be refused. */
export const refusalFrom = (work: Promise<unknown>): Promise<Refusal | 'went well'> =>
  work.then(() => 'went well' as const, refusalOf);
