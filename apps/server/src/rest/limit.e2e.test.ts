import { createServer } from 'node:http';
import { afterAll, describe, expect, it } from 'vitest';
import { createApp } from '../app.ts';
import { composeParts } from '../boot.ts';
import type { Config } from '../config.ts';
import { aShop, aUser, call, startApp } from '../testing.ts';
import { createLimits } from '../limits.ts';
import type { Redis } from '../redis.ts';
import { aRedis, hasRedis, patientRedis } from '../testing/redis.ts';

const app = await startApp();
const shop = await aShop(app);
const { staff, tenant } = shop;
const rateLimits = { read: 3, write: 2, tenant: 100 };

/** A server of its own on the same database. */
async function aServer(config: Partial<Config>, redis: Redis | null = null) {
  const composed = composeParts({ ...app.parts.config, rateLimits, ...config }, app.db, app.parts.log);
  const parts = { ...composed, redis, limits: createLimits(redis) };
  const server = createServer(createApp(parts)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  afterAll(() => server.close());
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}` };
}
const statuses = async (times: number, ask: () => ReturnType<typeof call>): Promise<number[]> => {
  const found: number[] = [];
  for (let time = 0; time < times; time += 1) found.push((await ask()).status);
  return found;
};

describe('a caller', () => {
  it('is told what is left, and refused when nothing is', async () => {
    const one = await aServer({});
    const { token } = await aUser(app, tenant, 'staff');
    const first = await call(one, '/api/v1/orders/', { token });
    expect(first.headers.get('ratelimit-policy')).toBe('"read";q=3;w=60, "tenant";q=100;w=60');
    expect(first.headers.get('ratelimit')).toBe('"read";r=2;t=60, "tenant";r=99;t=60');
    expect(first.headers.get('x-ratelimit-limit')).toBe('3');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('2');
    const resetSeconds = Number(first.headers.get('x-ratelimit-reset')) - Date.now() / 1_000;
    expect(resetSeconds).toBeGreaterThan(55);
    expect(resetSeconds).toBeLessThanOrEqual(62);
    expect(await statuses(3, () => call(one, '/api/v1/orders/', { token }))).toEqual([200, 200, 429]);
    const refused = await call(one, '/api/v1/orders/', { token });
    expect(refused.json).toMatchObject({ code: 'rate_limited', status: 429, retryable: true });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(
      Number(/;t=(\d+)/.exec(refused.headers.get('ratelimit') ?? '')?.[1]),
    );
    expect(refused.headers.get('cache-control')).toBe('no-store');
  });

  it('may still write when all reading is used up, in every family', async () => {
    const one = await aServer({});
    const { token } = await aUser(app, tenant, 'staff');
    expect(await statuses(4, () => call(one, '/orders?limit=1', { token }))).toEqual([200, 200, 200, 429]);
    const placed = { products: [{ product_id: 'MUG', item_count: 1 }] };
    expect((await call(one, '/orders', { token, body: placed })).status).toBe(200);
    const balance = { customer_id: 1, product_id: 1, quantity: 1 };
    expect((await call(one, '/order/', { token, body: balance })).status).toBe(200);
    const refused = await call(one, '/order/', { token, body: balance });
    expect([refused.status, refused.json]).toEqual([429, { status: expect.any(String) }]);
    expect((await call(one, '/orders', { token, body: placed })).json).toMatchObject({
      code: 'rate_limited',
    });
  });

  it('does not use up what belongs to others', async () => {
    const one = await aServer({});
    const [noisy, quiet] = [await aUser(app, tenant, 'staff'), await aUser(app, tenant, 'staff')];
    await statuses(5, () => call(one, '/api/v1/orders/', { token: noisy.token }));
    expect((await call(one, '/api/v1/orders/', { token: quiet.token })).status).toBe(200);
  });

  it('without a good token counts for its address', async () => {
    const one = await aServer({});
    let tries = 0;
    const guess = () => call(one, '/api/v1/orders/', { token: `olm_test_${(tries += 1)}` });
    expect(await statuses(4, guess)).toEqual([401, 401, 401, 429]);
    expect((await call(one, '/api/v1/orders/')).status).toBe(429);
    expect((await call(one, '/api/v1/orders/', { token: staff.token })).status).toBe(200);
  });
});

describe('a tenant', () => {
  it('is refused when all its callers together ask too much, and no other tenant is', async () => {
    const one = await aServer({ rateLimits: { read: 100, write: 100, tenant: 4 } });
    const [mine, other] = [await aShop(app), await aShop(app)];
    const people = [mine.admin, mine.staff, mine.customer];
    const asked = people.flatMap(({ token }) => [token, token]);
    const answers = await Promise.all(asked.map((token) => call(one, '/api/v1/orders/', { token })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200, 200, 200, 200, 429, 429,
    ]);
    expect((await call(one, '/api/v1/orders/', { token: other.staff.token })).status).toBe(200);
  });
});

describe('two servers', () => {
  it('without a Redis each count for themselves', async () => {
    const servers = [await aServer({}), await aServer({})];
    const { token } = await aUser(app, tenant, 'staff');
    for (const server of servers)
      expect(await statuses(4, () => call(server, '/api/v1/orders/', { token }))).toEqual([
        200, 200, 200, 429,
      ]);
  });

  it.skipIf(!hasRedis)('with one Redis count together, and alone while it is away', async () => {
    const redis = await aRedis();
    const servers = [
      await aServer({}, await patientRedis(redis.url, app.parts.log)),
      await aServer({}, await patientRedis(redis.url, app.parts.log)),
    ];
    const { token } = await aUser(app, tenant, 'staff');
    const answers: number[] = [];
    for (let time = 0; time < 2; time += 1)
      for (const server of servers) answers.push((await call(server, '/api/v1/orders/', { token })).status);
    expect(answers).toEqual([200, 200, 200, 429]);
    await redis.kill();
    const later = await aUser(app, tenant, 'staff');
    for (const server of servers)
      expect(await statuses(4, () => call(server, '/api/v1/orders/', { token: later.token }))).toEqual([
        200, 200, 200, 429,
      ]);
  });
});
