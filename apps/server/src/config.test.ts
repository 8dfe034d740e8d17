import { describe, expect, it } from 'vitest';
import { type Config, isLoopback, parseConfig, type Problem } from './config.ts';

const key = () => 'k'.repeat(43);
const configOf = (env: Record<string, string> = {}): Config => {
  const parsed = parseConfig(env, key);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
};
const problemsOf = (env: Record<string, string>): Problem[] => {
  const parsed = parseConfig(env, key);
  return parsed.ok ? [] : parsed.error;
};
const production = {
  NODE_ENV: 'production',
  SECRET_KEY: 's'.repeat(32),
  DATABASE_URL: 'postgresql://app:pw@db:5432/orderloom',
  PUBLIC_URL: 'https://shop.example.com',
};

describe('the settings', () => {
  it('need nothing in development', () => {
    expect(configOf()).toMatchObject({
      mode: 'development',
      host: '127.0.0.1',
      port: 8000,
      databaseUrl: null,
      logLevel: 'info',
      publicUrl: 'http://127.0.0.1:8000',
      trustNetwork: true,
      defaultTenantId: 'shop-1',
      demo: true,
      trustProxyHops: 0,
    });
  });

  it('take an empty variable for one that is not set', () => {
    expect(configOf({ PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 8000, databaseUrl: null });
  });

  it.each(['debug', 'DEBUG', 'Debug'])('understand the log level %s', (level) => {
    expect(configOf({ LOG_LEVEL: level }).logLevel).toBe('debug');
  });

  it('give pages of 20 rows, 100 at the most, and never more than that', () => {
    expect(configOf()).toMatchObject({ pageSize: 20, maxPageSize: 100 });
    expect(configOf({ PAGE_SIZE: '50', MAX_PAGE_SIZE: '10' })).toMatchObject({
      pageSize: 10,
      maxPageSize: 10,
    });
    expect(problemsOf({ PAGE_SIZE: '0' })).toMatchObject([{ variable: 'PAGE_SIZE' }]);
  });

  it('name the replicas with commas between', () => {
    const [one, two] = ['postgresql://app:pw@a/orderloom', 'postgresql://app:pw@b/orderloom'];
    expect(configOf().databaseReplicaUrls).toEqual([]);
    expect(configOf({ DATABASE_REPLICA_URLS: `${one}, ${two}` }).databaseReplicaUrls).toEqual([one, two]);
    const wrong = problemsOf({ DATABASE_REPLICA_URLS: `${one},b:secret` });
    expect(wrong).toMatchObject([{ variable: 'DATABASE_REPLICA_URLS' }]);
    expect(wrong[0]?.message).not.toContain('secret');
  });

  it('narrow the lists of orders to what they name', () => {
    const named = { FILTER_FIELDS: 'status, store', SEARCH_FIELDS: 'sku' };
    expect(configOf(named).orderLists).toEqual({ filters: ['status', 'store'], search: ['sku'] });
    expect(configOf().orderLists.filters).toContain('payment_method');
    expect(problemsOf({ FILTER_FIELDS: 'status,colour', SEARCH_FIELDS: 'notes' })).toMatchObject([
      { variable: 'SEARCH_FIELDS', message: expect.stringContaining('found "notes"; allowed: a comma') },
      { variable: 'FILTER_FIELDS', message: expect.stringContaining('shipping_method') },
    ]);
  });

  it('limit nobody in development, and everybody in production', () => {
    expect(Math.min(...Object.values(configOf().rateLimits))).toBeGreaterThanOrEqual(1_000_000);
    expect(configOf(production).rateLimits).toEqual({ read: 6_000, write: 3_000, tenant: 60_000 });
    expect(configOf({ ...production, RATE_LIMIT_WRITE: '10' }).rateLimits.write).toBe(10);
    expect(problemsOf({ RATE_LIMIT_READ: '0' })).toMatchObject([{ variable: 'RATE_LIMIT_READ' }]);
  });

  it('keep orders for five minutes and statistics for ten unless told otherwise', () => {
    expect(configOf().cacheSeconds).toEqual({ orders: 300, statistics: 600 });
    const env = { CACHE_TIMEOUT: '0', STATS_CACHE_TIMEOUT: '60' };
    expect(configOf(env).cacheSeconds).toEqual({ orders: 0, statistics: 60 });
  });

  it('repeat no password of a Redis', () => {
    expect(configOf({ REDIS_URL: 'redis://localhost:6379/0' }).redisUrl).toBe('redis://localhost:6379/0');
    expect(problemsOf({ REDIS_URL: 'http://me:hush@cache' })).toMatchObject([
      { variable: 'REDIS_URL', message: expect.not.stringContaining('hush') },
    ]);
  });

  it('take services of somebody else by a plain address, and repeat no other', () => {
    expect(configOf({ CATALOG_URL: 'https://goods.test/v1/' }).catalogUrl).toBe('https://goods.test/v1');
    for (const url of ['nonsense', 'ftp://goods.test', 'http://me:hush@goods.test', 'http://goods.test?a=b'])
      expect(problemsOf({ CATALOG_URL: url })).toEqual([
        {
          variable: 'CATALOG_URL',
          message: expect.stringMatching(/^(?!.*hush).*a catalogue service, without credentials$/),
        },
      ]);
  });

  it('refuse a public address that is none', () => {
    expect(problemsOf({ PUBLIC_URL: 'nonsense' })).toMatchObject([{ variable: 'PUBLIC_URL' }]);
  });

  it('name every wrong variable at once, what was found and what is allowed', () => {
    expect(
      problemsOf({ PORT: 'eight', LOG_LEVEL: 'loud', NODE_ENV: 'staging', ADMIN_EMAIL: 'a@b.test' }),
    ).toEqual([
      { variable: 'NODE_ENV', message: 'found "staging"; allowed: development, test or production' },
      {
        variable: 'PORT',
        message: 'found "eight"; allowed: a whole number from 0 to 65535 (0 takes any free port)',
      },
      { variable: 'LOG_LEVEL', message: 'found "loud"; allowed: DEBUG, INFO, WARNING or ERROR, in any case' },
      {
        variable: 'ADMIN_PASSWORD',
        message: 'not set; ADMIN_EMAIL and ADMIN_PASSWORD are needed together',
      },
    ]);
  });

  it.each(['SECRET_KEY', 'ADMIN_PASSWORD', 'METRICS_TOKEN', 'DATABASE_URL'])(
    'never repeat the value of %s',
    (variable) => {
      const [problem] = problemsOf({ [variable]: 'hunter2' });
      expect(problem?.variable).toBe(variable);
      expect(problem?.message).not.toContain('hunter2');
    },
  );

  it('put POSTGRES_* together, and prefer DATABASE_URL', () => {
    const parts = {
      POSTGRES_HOST: 'db',
      POSTGRES_USER: 'me',
      POSTGRES_PASSWORD: 'p@ss/word',
      POSTGRES_DB: 'shop',
    };
    expect(configOf(parts).databaseUrl).toBe('postgresql://me:p%40ss%2Fword@db:5432/shop');
    expect(configOf({ ...parts, DATABASE_URL: production.DATABASE_URL }).databaseUrl).toBe(
      production.DATABASE_URL,
    );
  });

  it('trust the network only on loopback in development unless told', () => {
    expect(configOf({ HOST: '0.0.0.0' }).trustNetwork).toBe(false);
    expect(configOf({ HOST: '0.0.0.0', TRUST_NETWORK: 'on' }).trustNetwork).toBe(true);
    expect(configOf({ TRUST_NETWORK: 'off' }).trustNetwork).toBe(false);
    expect(configOf({ NODE_ENV: 'test' }).trustNetwork).toBe(false);
  });

  it('send nobody to a wildcard address', () => {
    expect(configOf({ HOST: '0.0.0.0', PORT: '9000' }).publicUrl).toBe('http://127.0.0.1:9000');
    expect(configOf({ HOST: '::1' }).publicUrl).toBe('http://[::1]:8000');
    expect(configOf({ PUBLIC_URL: 'https://shop.example.com/' }).publicUrl).toBe('https://shop.example.com');
    expect(problemsOf({ PUBLIC_URL: 'https://shop.example.com/orders' })).toHaveLength(1);
  });
});

describe('production', () => {
  it('starts with a database, a key and an https address, and trusts nobody', () => {
    expect(configOf(production)).toMatchObject({ trustNetwork: false, demo: false, defaultTenantId: null });
  });

  it('refuses everything that is for development, all at once', () => {
    const unsafe = { NODE_ENV: 'production', TRUST_NETWORK: 'on', DEMO: 'on', DEFENCE_OFF: 'stock' };
    const found = problemsOf({ ...unsafe, PUBLIC_URL: 'http://shop.example.com' });
    expect(found.map(({ variable }) => variable)).toEqual([
      'SECRET_KEY',
      'DATABASE_URL',
      'TRUST_NETWORK',
      'DEMO',
      'DEFENCE_OFF',
      'PUBLIC_URL',
    ]);
  });
});

describe('a loopback address', () => {
  it.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('is %s', (host) =>
    expect(isLoopback(host)).toBe(true),
  );
  it.each(['0.0.0.0', '10.0.0.1', '127.0.0.1.example.com', '::'])('is not %s', (host) =>
    expect(isLoopback(host)).toBe(false),
  );
});
