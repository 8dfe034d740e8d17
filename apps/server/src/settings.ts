import { defences, orderFilters, orderPlaces } from '@orderloom/db';
import { z } from 'zod';

/** The words of LOG_LEVEL, and what the log calls them. */
export const levels = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error' } as const;
const onOff = z.enum(['on', 'off']).transform((word) => word === 'on');
const databaseUrl = z.url({ protocol: /^postgres(ql)?$/ });
const serviceUrl = z
  .url({ protocol: /^https?$/ })
  // Credentials travel in a header; a path is only added to.
  .regex(/^https?:\/\/[^/?#@]+(?:\/[^?#]*)?$/i)
  .transform((url) => url.replace(/\/+$/, ''));
const wholeNumber = (min: number, max: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(min).max(max));

const listed = <T extends string>(known: readonly T[]) =>
  z
    .string()
    .transform((words) => words.split(',').map((word) => word.trim()))
    .pipe(z.array(z.enum(known)))
    .optional();

const perMinute = wholeNumber(1, 1_000_000_000);

/** The grammar of every setting. */
export const Environment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().regex(/^\S+$/).default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(8000),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_OWNER_URL: databaseUrl.optional(),
  DATABASE_REPLICA_URLS: z
    .string()
    .transform((urls) => urls.split(',').map((url) => url.trim()))
    .pipe(z.array(databaseUrl))
    .optional(),
  POSTGRES_HOST: z.string().optional(),
  POSTGRES_PORT: wholeNumber(1, 65_535).optional(),
  POSTGRES_USER: z.string().optional(),
  POSTGRES_PASSWORD: z.string().optional(),
  POSTGRES_DB: z.string().optional(),
  POOL_MAX: wholeNumber(2, 1_000).default(16),
  LOG_LEVEL: z
    .string()
    .toUpperCase()
    .pipe(z.enum(['DEBUG', 'INFO', 'WARNING', 'ERROR']))
    .default('INFO'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .refine((url) => URL.canParse(url) && new URL(url).pathname === '/' && !/[?#]/.test(url))
    .transform((url) => new URL(url).origin)
    .optional(),
  TRUST_NETWORK: onOff.optional(),
  DEFAULT_TENANT_ID: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
    .optional(),
  SECRET_KEY: z.string().min(32).optional(),
  ADMIN_EMAIL: z.email().toLowerCase().optional(),
  ADMIN_PASSWORD: z.string().min(12).max(128).optional(),
  TRUST_PROXY: wholeNumber(0, 10).default(0),
  METRICS_TOKEN: z.string().min(16).optional(),
  PAGE_SIZE: wholeNumber(1, 1_000).default(20),
  MAX_PAGE_SIZE: wholeNumber(1, 1_000).default(100),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]{3,200}$/)
    .default('Orderloom <orders@localhost>'),
  CATALOG_URL: serviceUrl.optional(),
  CART_URL: serviceUrl.optional(),
  REMOTE_TOKEN: z.string().min(1).optional(),
  GATEWAY_URL: serviceUrl.optional(),
  GATEWAY_KEY: z.string().min(1).optional(),
  GATEWAY_WEBHOOK_SECRET: z.string().min(16).optional(),
  GATEWAY_PORT: wholeNumber(0, 65_535).default(0),
  NATS_URL: z.url({ protocol: /^(nats|tls)$/ }).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  CACHE_TIMEOUT: wholeNumber(0, 86_400).default(300),
  STATS_CACHE_TIMEOUT: wholeNumber(0, 86_400).default(600),
  RATE_LIMIT_READ: perMinute.optional(),
  RATE_LIMIT_WRITE: perMinute.optional(),
  RATE_LIMIT_TENANT: perMinute.optional(),
  SEARCH_FIELDS: listed(orderPlaces),
  FILTER_FIELDS: listed(orderFilters),
  DEFENCE_OFF: listed(defences).transform((words) => words ?? []),
  DEMO: onOff.optional(),
});
export type Environment = z.output<typeof Environment>;

const rowsOfPage = 'a whole number from 1 to 1000';
const seconds = 'seconds, 0 (never kept) to 86400';
const calls = 'calls a minute, 1 to 1000000000';
const tenantWords = 'small letters, digits and hyphens, at most 63';
/** What a person may write there. */
export const allowed: Readonly<Record<keyof Environment, string>> = {
  NODE_ENV: 'development, test or production',
  HOST: 'an address to listen on, such as 127.0.0.1 or 0.0.0.0',
  PORT: 'a whole number from 0 to 65535 (0 takes any free port)',
  DATA_DIR: 'a directory',
  DATABASE_URL: 'postgresql://user:password@host:5432/name',
  DATABASE_OWNER_URL: 'postgresql://owner:password@host:5432/name',
  DATABASE_REPLICA_URLS: 'a comma-separated list of URLs such as that of DATABASE_URL',
  POSTGRES_HOST: 'a host name',
  POSTGRES_PORT: 'a whole number from 1 to 65535',
  POSTGRES_USER: 'a user of the database',
  POSTGRES_PASSWORD: 'the password of that user',
  POSTGRES_DB: 'the name of a database',
  POOL_MAX: 'a whole number from 2 to 1000',
  LOG_LEVEL: 'DEBUG, INFO, WARNING or ERROR, in any case',
  PUBLIC_URL: 'http(s)://host[:port], without a path',
  TRUST_NETWORK: 'on or off',
  DEFAULT_TENANT_ID: tenantWords,
  SECRET_KEY: 'at least 32 characters',
  ADMIN_EMAIL: 'an e-mail address',
  ADMIN_PASSWORD: '12 to 128 characters',
  TRUST_PROXY: 'the number of proxies before the server, 0 to 10',
  METRICS_TOKEN: 'at least 16 characters',
  PAGE_SIZE: rowsOfPage,
  MAX_PAGE_SIZE: rowsOfPage,
  SMTP_URL: 'smtp://user:password@host:587, or smtps://',
  MAIL_FROM: 'the sender of mails, such as Shop <orders@example.com>',
  CATALOG_URL: 'http(s)://host[:port][/path] of a catalogue service, without credentials',
  CART_URL: 'http(s)://host[:port][/path] of a cart service, without credentials',
  REMOTE_TOKEN: 'the token for the two services',
  GATEWAY_URL: 'http(s)://host[:port][/path] of a gateway for cards, without credentials',
  GATEWAY_KEY: 'the key that the gateway knows us by',
  GATEWAY_WEBHOOK_SECRET: 'what the gateway signs its messages with, at least 16 characters',
  GATEWAY_PORT: 'a port for the card sandbox of a development server, 0 for any',
  NATS_URL: 'nats://host:4222',
  REDIS_URL: 'redis://user:password@host:6379/0, or rediss://',
  CACHE_TIMEOUT: seconds,
  STATS_CACHE_TIMEOUT: seconds,
  RATE_LIMIT_READ: calls,
  RATE_LIMIT_WRITE: calls,
  RATE_LIMIT_TENANT: calls,
  SEARCH_FIELDS: `a comma-separated list of ${orderPlaces.join(', ')}`,
  FILTER_FIELDS: `a comma-separated list of ${orderFilters.join(', ')}`,
  DEFENCE_OFF: `a comma-separated list of ${defences.join(', ')}`,
  DEMO: 'on or off',
};

/** Values that no message may repeat. */
export const secret = /KEY|PASSWORD|TOKEN|DATABASE.*URL|SMTP|NATS|REDIS|CATALOG|CART|GATEWAY/;
