import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { err, ok, type Result } from '@orderloom/core';
import { type Defence, orderFilters, type OrderListing, orderPlaces } from '@orderloom/db';
import { allowed, Environment, levels, secret } from './settings.ts';

/** What the server was told to be. Read once, before anything else happens. */
export type Config = {
  readonly mode: 'development' | 'test' | 'production';
  readonly host: string;
  readonly port: number;
  /** Where the embedded database and the development key live. */
  readonly dataDir: string;
  /** `null`: the database that comes with the packages, in `dataDir`. */
  readonly databaseUrl: string | null;
  /** The role that owns the tables and migrates them; the same as `databaseUrl` when nothing else is said. */
  readonly databaseOwnerUrl: string | null;
  /** Streaming replicas, which answer reads that cost much. */
  readonly databaseReplicaUrls: readonly string[];
  readonly poolMax: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** Where callers reach the server, without a slash at the end. */
  readonly publicUrl: string;
  readonly trustNetwork: boolean;
  readonly defaultTenantId: string | null;
  readonly secretKey: string;
  readonly firstAdmin: { readonly email: string; readonly password: string } | null;
  /** How many proxies stand before the server: whose `X-Forwarded-*` headers are believed. */
  readonly trustProxyHops: number;
  readonly metricsToken: string | null;
  /** Rows of a page of a list where the caller asks for no other number, and at the most. */
  readonly pageSize: number;
  readonly maxPageSize: number;
  /** What the lists of orders may be filtered by, and where they are searched. */
  readonly orderLists: Required<Pick<OrderListing, 'filters' | 'search'>>;
  /** `null`: mails go to the development mailbox, or nowhere in production. */
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
  /** The catalogue and the carts of somebody else; `null` for our own. */
  readonly catalogUrl: string | null;
  readonly cartUrl: string | null;
  /** Presented to both as a Bearer token. */
  readonly remoteToken: string | null;
  /** Who takes cards; `null`: nobody, or the sandbox of a development server. */
  readonly gateway: {
    readonly url: string;
    readonly key: string;
    readonly webhookSecret: string;
  } | null;
  /** Where the sandbox of a development server listens. */
  readonly gatewayPort: number;
  /** Where events are published to; `null` for nowhere. */
  readonly natsUrl: string | null;
  /** Where servers share answers and limits; `null`: each has its own. */
  readonly redisUrl: string | null;
  /** How long an answer may be kept, at most: pages of orders, and statistics. 0: never. */
  readonly cacheSeconds: { readonly orders: number; readonly statistics: number };
  /** REST calls a minute: of one caller, reading and writing, and of all callers of a tenant together. */
  readonly rateLimits: RateLimits;
  /** Protections switched off to show, in a test, what they are for. */
  readonly defenceOff: readonly Defence[];
  readonly demo: boolean;
};

export type RateLimits = { readonly read: number; readonly write: number; readonly tenant: number };

/** What a person must change, one line per variable. */
export type Problem = { readonly variable: string; readonly message: string };

/**
 * What the environment says, or everything that is wrong with it. `key` makes the key of a development
 * server.
 */
export function parseConfig(
  env: NodeJS.ProcessEnv,
  key: (dataDir: string) => string,
): Result<Config, Problem[]> {
  // An empty variable is how a compose file or a shell leaves a variable out.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  const wrong = new Set(parsed.error?.issues.map(({ path }) => String(path[0])));
  // The rest is judged with the wrong ones left out, so that all problems are told at once.
  const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.has(name)));
  const values = Environment.parse(rest);
  const problems = [
    ...[...wrong].map((variable) => ({ variable, message: wrongValue(variable, given[variable]) })),
    ...contradictions(values).filter(({ variable }) => !wrong.has(variable)),
  ];
  return problems.length > 0 ? err(problems) : ok(configOf(values, key));
}

function wrongValue(variable: string, value = ''): string {
  const found = secret.test(variable) ? `a value of ${value.length} characters` : JSON.stringify(value);
  const words = Object.entries(allowed).find(([name]) => name === variable)?.[1] ?? '';
  return `found ${found}; allowed: ${words}`;
}

/** What is wrong only in company: above all, what production refuses. */
function contradictions(values: Environment): Problem[] {
  const found: Problem[] = [];
  const refuse = (variable: keyof Environment, message: string) => found.push({ variable, message });
  if ((values.ADMIN_EMAIL === undefined) !== (values.ADMIN_PASSWORD === undefined))
    refuse(
      values.ADMIN_EMAIL === undefined ? 'ADMIN_EMAIL' : 'ADMIN_PASSWORD',
      'not set; ADMIN_EMAIL and ADMIN_PASSWORD are needed together',
    );
  for (const name of ['GATEWAY_KEY', 'GATEWAY_WEBHOOK_SECRET'] as const)
    if (values.GATEWAY_URL !== undefined && values[name] === undefined)
      refuse(name, 'not set; GATEWAY_URL needs it');
  if (values.NODE_ENV !== 'production') return found;

  if (values.SECRET_KEY === undefined)
    refuse('SECRET_KEY', `not set; production needs ${allowed.SECRET_KEY}`);
  if (databaseUrlOf(values) === null)
    refuse('DATABASE_URL', `not set; production needs a database: ${allowed.DATABASE_URL}, or POSTGRES_*`);
  if (values.TRUST_NETWORK)
    refuse('TRUST_NETWORK', 'found on; production answers nobody without a credential');
  if (values.DEMO) refuse('DEMO', 'found on; production holds no demo data');
  if (values.DEFENCE_OFF.length > 0) refuse('DEFENCE_OFF', 'production keeps every defence; leave it out');
  const address = new URL(publicUrlOf(values));
  if (address.protocol !== 'https:' && !isLoopback(address.hostname))
    refuse(
      'PUBLIC_URL',
      `found "${address.origin}"; production needs https://, or a loopback address for a trial`,
    );
  return found;
}

function configOf(values: Environment, key: (dataDir: string) => string): Config {
  const development = values.NODE_ENV === 'development';
  const dataDir = resolve(values.DATA_DIR);
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = values;
  const url = databaseUrlOf(values);
  return {
    mode: values.NODE_ENV,
    host: values.HOST,
    port: values.PORT,
    dataDir,
    databaseUrl: url,
    databaseOwnerUrl: values.DATABASE_OWNER_URL ?? url,
    databaseReplicaUrls: values.DATABASE_REPLICA_URLS ?? [],
    poolMax: values.POOL_MAX,
    logLevel: levels[values.LOG_LEVEL],
    publicUrl: publicUrlOf(values),
    trustNetwork: values.TRUST_NETWORK ?? (development && isLoopback(values.HOST)),
    defaultTenantId: values.DEFAULT_TENANT_ID ?? (development ? 'shop-1' : null),
    secretKey: values.SECRET_KEY ?? key(dataDir),
    firstAdmin: email !== undefined && password !== undefined ? { email, password } : null,
    trustProxyHops: values.TRUST_PROXY,
    metricsToken: values.METRICS_TOKEN ?? null,
    pageSize: Math.min(values.PAGE_SIZE, values.MAX_PAGE_SIZE),
    maxPageSize: values.MAX_PAGE_SIZE,
    orderLists: orderListsOf(values),
    smtpUrl: values.SMTP_URL ?? null,
    mailFrom: values.MAIL_FROM,
    catalogUrl: values.CATALOG_URL ?? null,
    cartUrl: values.CART_URL ?? null,
    remoteToken: values.REMOTE_TOKEN ?? null,
    gateway: gatewayOf(values),
    gatewayPort: values.GATEWAY_PORT,
    natsUrl: values.NATS_URL ?? null,
    redisUrl: values.REDIS_URL ?? null,
    cacheSeconds: { orders: values.CACHE_TIMEOUT, statistics: values.STATS_CACHE_TIMEOUT },
    rateLimits: rateLimitsOf(values),
    defenceOff: values.DEFENCE_OFF,
    demo: values.DEMO ?? development,
  };
}

/** No test or trial meets a limit; a production server is not emptied by one caller, or one tenant. */
function rateLimitsOf(values: Environment): RateLimits {
  const usual =
    values.NODE_ENV === 'production'
      ? { read: 6_000, write: 3_000, tenant: 60_000 }
      : { read: 10_000_000, write: 10_000_000, tenant: 100_000_000 };
  const { RATE_LIMIT_READ: read, RATE_LIMIT_WRITE: write, RATE_LIMIT_TENANT: tenant } = values;
  return { read: read ?? usual.read, write: write ?? usual.write, tenant: tenant ?? usual.tenant };
}

const orderListsOf = (values: Environment): Config['orderLists'] => ({
  filters: values.FILTER_FIELDS ?? orderFilters,
  search: values.SEARCH_FIELDS ?? orderPlaces,
});

function gatewayOf(values: Environment): Config['gateway'] {
  const { GATEWAY_URL: url, GATEWAY_KEY: key, GATEWAY_WEBHOOK_SECRET: webhookSecret } = values;
  if (url === undefined || key === undefined || webhookSecret === undefined) return null;
  return { url, key, webhookSecret };
}

function databaseUrlOf(values: Environment): string | null {
  if (values.DATABASE_URL !== undefined) return values.DATABASE_URL;
  const { POSTGRES_HOST: host, POSTGRES_PORT: port, POSTGRES_USER: user, POSTGRES_DB: name } = values;
  const password = values.POSTGRES_PASSWORD;
  if ([host, port, user, name, password].every((value) => value === undefined)) return null;
  const url = new URL(`postgresql://localhost:${port ?? 5432}/${encodeURIComponent(name ?? 'orderloom')}`);
  url.hostname = host ?? 'localhost';
  url.username = encodeURIComponent(user ?? 'postgres');
  url.password = encodeURIComponent(password ?? '');
  return url.href;
}

/** By default where the server listens; a wildcard address is no place to send anybody. */
function publicUrlOf({ PUBLIC_URL: url, HOST: host, PORT: port }: Environment): string {
  if (url !== undefined) return url;
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Whether an address leads nowhere but back to this machine. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

/** The environment of this process; with anything wrong in it, all of it is said and the process ends. */
export function readConfig(): Config {
  const config = parseConfig(process.env, developmentKey);
  if (config.ok) return config.value;
  const lines = config.error.map(({ variable, message }) => `  ${variable}: ${message}`);
  process.stderr.write(`The settings are wrong, so the server does not start:\n${lines.join('\n')}\n`);
  process.exit(1);
}

/** A key that signs cursors, made once per data directory so that they survive a restart. */
function developmentKey(dataDir: string): string {
  const path = join(dataDir, 'secret.key');
  mkdirSync(dataDir, { recursive: true });
  try {
    writeFileSync(path, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch {
    // It is there already, or it cannot be written: then reading it says why.
  }
  return readFileSync(path, 'utf8');
}
