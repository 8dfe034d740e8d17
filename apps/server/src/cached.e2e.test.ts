import { type EntityManager, openDatabase, OrderRow, read } from '@orderloom/db';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { callerOfToken } from './auth/caller.ts';
import { composeParts } from './boot.ts';
import { redisCache } from './cache.ts';
import { cached } from './cached.ts';
import type { Parts } from './context.ts';
import { aShop, aUser, call, startApp, type TestApp, type TestUser } from './testing.ts';
import { aRedis, hasRedis, patientRedis, type TestRedis } from './testing/redis.ts';

const app = await startApp();
const shop = await aShop(app, { stock: 100_000 });

const Seen = z.array(z.object({ id: z.string(), version: z.int() }));
type Seen = z.output<typeof Seen>;

/** Another server on the same database. */
async function aSecond(redisUrl: string | null, of: TestApp = app): Promise<Parts> {
  const { defenceOff } = of.parts.config;
  const db = await openDatabase({ url: of.db.url, poolMax: 4, acquireTimeoutMs: 20_000, defenceOff });
  const parts = composeParts({ ...of.parts.config, redisUrl }, db, of.parts.log);
  afterAll(async () => {
    parts.redis?.close();
    await db.close();
  });
  return parts;
}

/** The same with a Redis that is waited for: what it keeps does not depend on how busy the machine is. */
async function aPatientSecond(kept: TestRedis | null): Promise<Parts> {
  const parts = await aSecond(null);
  if (!kept) return parts;
  const redis = await patientRedis(kept.url, parts.log);
  return { ...parts, redis, cache: redisCache(redis) };
}

/** Somebody who asks one server for the orders that they see, and how often it had to work for them. */
async function aReader(parts: Parts, user: TestUser, ttlSeconds = 300) {
  const found = await callerOfToken(parts, user.token);
  if (!found.ok) throw new Error(found.error.code);
  const caller = found.value;
  const reach = caller.role === 'customer' ? 'own' : 'all';
  const mine = reach === 'own' ? { customerId: caller.customerId } : {};
  const work = async (em: EntityManager): Promise<Seen> => {
    const rows = await em.find(OrderRow, { tenantId: caller.tenantId, ...mine }, { orderBy: { id: 'asc' } });
    return rows.map(({ id, version }) => ({ id, version }));
  };
  let worked = 0;
  const keeping: Promise<void>[] = [];
  const set: Parts['cache']['set'] = (...what) => {
    const kept = parts.cache.set(...what);
    keeping.push(kept);
    return kept;
  };
  const ctx = {
    parts: { ...parts, cache: { ...parts.cache, set } },
    caller,
    reach,
    origin: 'api',
    read: <T>(of: (em: EntityManager) => Promise<T>) => read(parts.db, { tenantId: caller.tenantId }, of),
  } as const;
  /** Done when the answer is kept, which nobody else waits for. */
  const ask = async (query: unknown = {}) => {
    const answer = await cached(ctx, { name: 'a list', ttlSeconds, query, shape: Seen }, (em) => {
      worked += 1;
      return work(em);
    });
    await Promise.all(keeping);
    return answer;
  };
  return { ask, fresh: () => ctx.read(work), worked: () => worked };
}

const place = async ({ token }: TestUser, at: Pick<TestApp, 'url'> = app): Promise<string> => {
  const { json } = await call(at, '/api/v1/orders/', {
    token,
    body: { items: [{ product: 1, quantity: 1 }] },
  });
  return z.object({ id: z.string() }).parse(json).id;
};
const confirm = (id: string) =>
  call(app, `/api/v1/orders/${id}/confirm_order/`, { method: 'PATCH', token: shop.staff.token });

/** Writes, and after each asks everybody: what they say that is not so. */
async function untruths(readers: readonly Awaited<ReturnType<typeof aReader>>[], at: TestApp, by: TestUser) {
  const wrong: string[] = [];
  for (let write = 0; write < 20; write += 1) {
    await place(by, at);
    for (const [which, { ask, fresh }] of readers.entries()) {
      const [said, is] = [JSON.stringify(await ask()), JSON.stringify(await fresh())];
      if (said !== is) wrong.push(`write ${write}, reader ${which}`);
    }
  }
  return wrong;
}

const waysOfKeeping: readonly (readonly [string, TestRedis | null])[] = [
  ['each for itself', null],
  ...(hasRedis ? ([['in one Redis', await aRedis()]] as const) : []),
];

describe.each(waysOfKeeping)('two servers that keep answers %s', (_, redis) => {
  it('show every write at once, to its writer and to all others', async () => {
    const servers = await Promise.all([aPatientSecond(redis), aPatientSecond(redis)]);
    const people = [shop.staff, shop.customer];
    const readers = await Promise.all(
      servers.flatMap((parts) => people.map((person) => aReader(parts, person))),
    );
    expect(await untruths(readers, app, shop.customer)).toEqual([]);
  });

  it('do not work twice for the same', async () => {
    const parts = await aPatientSecond(redis);
    const { ask, worked } = await aReader(parts, shop.staff);
    await place(shop.customer);
    const first = await ask();
    for (let again = 0; again < 5; again += 1) expect(await ask()).toEqual(first);
    expect(worked()).toBe(1);
    await ask({ page: 2 });
    expect(worked()).toBe(2);
    await place(shop.customer);
    expect(await ask()).toHaveLength(first.length + 1);
    expect(worked()).toBe(3);
  });

  it('work for a customer again only when something of that customer has changed', async () => {
    const other = await aShop(app, { stock: 10 });
    const parts = await aPatientSecond(redis);
    const { ask, worked } = await aReader(parts, shop.customer);
    const id = await place(shop.customer);
    await ask();
    await place(shop.staff);
    await place(other.customer);
    await ask();
    expect(worked()).toBe(1);
    await confirm(id);
    expect((await ask()).find((order) => order.id === id)?.version).toBeGreaterThan(1);
    expect(worked()).toBe(2);
  });

  it('give nobody what was kept for somebody else', async () => {
    const foreign = await aShop(app, { stock: 10 });
    for (const { customer } of [foreign, shop]) await place(customer);
    const parts = await aPatientSecond(redis);
    const colleague = await aUser(app, shop.tenant, 'staff');
    for (const person of [shop.staff, colleague, shop.customer, foreign.staff, foreign.customer]) {
      const { ask, fresh, worked } = await aReader(parts, person);
      expect(await ask()).toEqual(await fresh());
      expect(worked()).toBe(1);
    }
  });

  it('never say less than what was there when they were asked, whatever is written meanwhile', async () => {
    const parts = await aPatientSecond(redis);
    const { ask, fresh, worked } = await aReader(parts, shop.staff);
    let writing = true;
    const writes = Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let write = 0; write < 10; write += 1) await place(shop.customer);
      }),
    ).finally(() => (writing = false));
    let asked = 0;
    while (writing) {
      const before = (await fresh()).length;
      const [one, other] = await Promise.all([ask(), ask()]);
      expect(Math.min(one.length, other.length)).toBeGreaterThanOrEqual(before);
      asked += 2;
    }
    await writes;
    expect(await ask()).toEqual(await fresh());
    expect(worked()).toBeLessThanOrEqual(asked + 1);
  });

  it('keep nothing when the time to keep is zero', async () => {
    const { ask, worked } = await aReader(await aPatientSecond(redis), shop.staff, 0);
    expect(await ask()).toEqual(await ask());
    expect(worked()).toBe(2);
  });
});

describe('without the epoch', () => {
  it('what was kept is told after it has changed: the tests above would notice', async () => {
    const defenceOff = ['epoch'] as const;
    const bare = await startApp({ defenceOff, config: { defenceOff } });
    const { customer, staff } = await aShop(bare, { stock: 1_000 });
    const reader = await aReader(await aSecond(null, bare), staff);
    expect((await untruths([reader], bare, customer)).length).toBeGreaterThan(10);
  });
});

describe.skipIf(!hasRedis)('a Redis that does not do its work', () => {
  /** What a request that counts itself and looks for an answer waits for Redis: the worst of five. */
  async function costMs({ cache, limits }: Parts): Promise<number> {
    const costs: number[] = [];
    for (let time = 0; time < 5; time += 1) {
      const startedMs = performance.now();
      await limits.count('somebody');
      await cache.get('something');
      costs.push(performance.now() - startedMs);
    }
    return Math.max(...costs);
  }

  const faults = [
    ['is killed', (redis: TestRedis) => redis.kill(), (redis: TestRedis) => redis.start()],
    ['says nothing any more', ({ line }: TestRedis) => line('hold'), ({ line }: TestRedis) => line('pass')],
  ] as const;
  // A machine that is busy with something else may take longer: the best of several tries counts.
  it.each(faults)('costs 50 ms at most and no answer, when it %s', { retry: 7 }, async (_, breaks, mends) => {
    const redis = await aRedis();
    const parts = await aSecond(redis.url);
    const { ask, fresh } = await aReader(parts, shop.staff);
    const back = () => expect.poll(() => keeps(parts), { timeout: 30_000, interval: 100 }).toBe(true);
    await back();
    await ask();
    await breaks(redis);
    expect(await costMs(parts)).toBeLessThan(50);
    await place(shop.customer);
    expect(await ask()).toEqual(await fresh());
    await mends(redis);
    await back();
  });

  it('is not believed when it holds nonsense', async () => {
    const parts = await aSecond((await aRedis()).url);
    const lying: Parts = { ...parts, cache: { ...parts.cache, get: async () => '{"not": "a list"}' } };
    const garbled: Parts = { ...parts, cache: { ...parts.cache, get: async () => '[{"id":' } };
    for (const bad of [lying, garbled]) {
      const { ask, fresh } = await aReader(bad, shop.staff);
      expect(await ask()).toEqual(await fresh());
    }
  });

  const keeps = async ({ cache }: Parts): Promise<boolean> => {
    await cache.set('a test', 'kept', 10);
    return (await cache.get('a test')) === 'kept';
  };
});
