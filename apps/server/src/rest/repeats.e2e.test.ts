import { describe, expect, it } from 'vitest';
import { aShop, type Answered, call, type CallOptions, startApp } from '../testing.ts';
import { operationsOf } from './family.ts';
import { families } from './mount.ts';
import { aHand, fieldOf, occasionFor } from './testing/occasions.ts';
import { nothing, pathOf } from './testing/seen.ts';

const app = await startApp({ config: { trustNetwork: true } });
const shop = await aShop(app, { stock: 10_000, balance: 10_000_000 });
const { tenantId } = shop.tenant;
const hand = aHand(app, shop.admin.token);
const rows = families.flatMap((family) =>
  operationsOf(family).map(
    ([row]) => [`${row.method.toUpperCase()} ${row.path}`, { row, family, name: family.name }] as const,
  ),
);
const writes = rows.filter(([, { row }]) => row.method !== 'get');
type Write = (typeof rows)[number][1];

/** The call that goes well, to be sent with other headers beside its own as often as one likes. */
async function ready({ row }: Write, token: string | null = shop.admin.token) {
  const { path, headers = {}, ...occasion } = await occasionFor(row.operationId, hand);
  const common = { method: row.method.toUpperCase(), ...occasion, ...(token === null ? {} : { token }) };
  const send = (more: Record<string, string>, but: CallOptions & { readonly path?: string } = {}) => {
    const { path: other = path, ...rest } = but;
    return call(app, other, { ...common, headers: { ...headers, ...more }, ...rest });
  };
  return { send, path };
}

const kept = ['content-type', 'etag', 'location', 'content-length'];
const wireOf = ({ status, text, headers }: Answered) => ({
  status,
  text,
  headers: kept.map((name) => headers.get(name)),
});
const reused = 'Idempotency key used with different request body';
const sentenceIn = (answer: Answered) => /"(?:error|status)":"([^"]*)"/.exec(answer.text)?.[1];

describe('a request that is sent again with its key (S4-12, S4-18)', () => {
  it.each(writes)('%s is answered byte for byte as before, with one effect', async (_, write) => {
    const { send } = await ready(write);
    const first = await send({ 'Idempotency-Key': 'again' });
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    const before = await countOf('events');
    for (const key of ['again', '"again"', ' again ']) {
      const second = await send({ 'Idempotency-Key': key });
      expect(wireOf(second)).toEqual(wireOf(first));
      expect(second.headers.get('idempotent-replayed')).toBe('true');
    }
    expect(await countOf('events')).toBe(before);
  });

  it.each(writes)('%s finds its answer with and without slash and version', async (_, write) => {
    const { send, path } = await ready(write);
    const slash = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
    const first = await send({ 'Idempotency-Key': 'slash' });
    for (const other of [slash, path.replace('/api/v1/', '/api/')]) {
      const second = await send({ 'Idempotency-Key': 'slash' }, { path: other });
      expect([second.headers.get('idempotent-replayed'), wireOf(second)]).toEqual(['true', wireOf(first)]);
    }
  });

  it.each(writes)('%s says other things only with another key, well formed or not', async (_, write) => {
    const { send } = await ready(write);
    await send({ 'Idempotency-Key': 'other' });
    const before = await countOf('events');
    for (const body of ['{', '{ "nope": 1 }', '[]', '\u0000']) {
      const answer = await send({ 'Idempotency-Key': 'other' }, { body });
      expect([body, answer.status]).toEqual([body, write.name === 'api' ? 422 : 409]);
      expect(sentenceIn(answer)).toMatch(new RegExp(`^${reused}\\.?$`));
    }
    expect(await countOf('events')).toBe(before);
  });

  it.each(writes)('%s must wait while the first one is at work', async (_, write) => {
    const { send } = await ready(write);
    await send({ 'Idempotency-Key': 'slow' });
    const running = (until: string) =>
      app.db.pool.query(
        `update idempotency_records set state = 'RUNNING', body = null, lease_until = now() + $3::interval
         where tenant_id = $1 and route = $2 and key = 'slow'`,
        [tenantId, write.row.operationId, until],
      );
    await running('10 seconds');
    const early = await send({ 'Idempotency-Key': 'slow' });
    expect([early.status, early.headers.get('retry-after')]).toEqual([409, '1']);
    expect((await send({ 'Idempotency-Key': 'slow' }, { body: '{' })).status).toBe(
      write.name === 'api' ? 422 : 409,
    );
    // Whoever was at work has vanished: the key is as good as new.
    await running('-1 second');
    const late = await send({ 'Idempotency-Key': 'slow' });
    expect(late.headers.get('idempotent-replayed')).toBeNull();
    expect(late.text).not.toMatch(/in_progress|still at work/);
  });

  it.each(writes)('%s knows a bad key', async (_, write) => {
    const { send } = await ready(write);
    for (const key of ['', ' ', 'a b', 'x'.repeat(256), '"open', 'close"', '""', 'caf\u00e9', 'a"b'])
      expect([key, (await send({ 'Idempotency-Key': key })).status]).toEqual([key, 400]);
    expect((await send({ 'Idempotency-Key': `"${'x'.repeat(255)}"` })).status).toBeLessThan(300);
  });

  it.each(writes.filter(([, { row }]) => row.trusted))('%s counts nobody as one caller', async (_, write) => {
    const { send } = await ready(write, null);
    const headers = { 'X-Tenant-Id': tenantId, 'Idempotency-Key': 'nobody' };
    const [first, second] = [await send(headers), await send(headers)];
    expect(first.status).toBeLessThan(300);
    expect(wireOf(second)).toEqual(wireOf(first));
    expect(second.headers.get('idempotent-replayed')).toBe('true');
  });
});

async function countOf(table: 'events'): Promise<number> {
  const { rows: found } = await app.db.pool.query<{ all: string }>(
    `select count(*) as all from ${table} where tenant_id = $1`,
    [tenantId],
  );
  return Number(found[0]?.all);
}

describe('If-Match', () => {
  const versioned = rows.filter(([, { row }]) => row.versioned);
  const required = versioned.filter(([, { row }]) => row.versioned === 'required');

  it.each(versioned)('of %s is 1, "1" or W/"1"', async (_, write) => {
    for (const version of [' 1 ', '"1"', 'W/"1"']) {
      const { send, path } = await ready(write);
      const thing = /^(?:\/api\/v1)?\/\w+\/[^/]+/.exec(path)?.[0] ?? path;
      const current = /\d+/.exec((await hand.ask(thing)).headers.get('etag') ?? '')?.[0] ?? '1';
      const answer = await send({ 'If-Match': version.replace('1', current) });
      expect([version, answer.status]).toEqual([version, expect.toSatisfy((status) => status < 300)]);
    }
  });

  it.each(versioned)('of %s is refused when it is no version', async (_, write) => {
    const { send } = await ready(write);
    for (const version of ['0', 'abc', '1.5', '-1', '"1', "'1'", '"1", "2"', '1, 2', 'w/1', '', '""']) {
      const answer = await send({ 'If-Match': version });
      expect([version, answer.status, fieldOf(answer, 'code')]).toEqual([version, 400, 'invalid_if_match']);
    }
    expect((await send({ 'If-Match': '999' })).status).toBe(write.name === 'api' ? 412 : 409);
  });

  it.each(versioned.filter(([, { row }]) => row.versioned !== 'required'))(
    'of %s may be * or left out',
    async (_, write) => {
      const { send } = await ready(write);
      expect((await send({ 'If-Match': '*' })).status).toBeLessThan(300);
    },
  );

  it.each(required)('of %s must say a version (S4-19)', async (_, { row }) => {
    const { headers: _own, path, ...occasion } = await occasionFor(row.operationId, hand);
    const send = (headers: Record<string, string>) =>
      hand.ask(path, { ...occasion, method: row.method.toUpperCase(), headers });
    expect((await send({})).json).toMatchObject({
      code: 'missing_if_match',
      message: 'If-Match header required',
    });
    expect((await send({ 'If-Match': '*' })).json).toMatchObject({
      code: 'invalid_if_match',
      message: 'If-Match header must be an integer version',
    });
  });
});

describe('a path', () => {
  it.each(rows)('of %s is the same with a slash and without', async (_, { row }) => {
    const path = pathOf(row, nothing).replace(/\/$/, '');
    const body = row.body === null ? {} : { body: row.bodyExample ?? {} };
    const ask = (asked: string) =>
      hand.ask(asked, {
        method: row.method.toUpperCase(),
        ...body,
        headers: {
          'X-Request-Id': 'the-same-id',
          'If-Match': '7',
          'Idempotency-Key': `${row.operationId}-7`,
        },
      });
    const [one, other] = [await ask(path), await ask(`${path}/`)];
    expect(other.status).toBe(one.status);
  });

  it.each([...new Set(rows.map(([, { row }]) => pathOf(row, nothing)))])(
    '%s refuses what it does not know, and says what it knows',
    async (path) => {
      const answer = await hand.ask(path, { method: 'PURGE' });
      expect([answer.status, answer.headers.get('allow')]).toEqual([
        405,
        expect.stringMatching(/^[A-Z, ]+$/),
      ]);
      const allowed = (answer.headers.get('allow') ?? '').split(', ');
      const known = rows.filter(([, { row }]) => pathOf(row, nothing) === path);
      expect(allowed.filter((verb) => verb !== 'HEAD').sort()).toEqual(
        known.map(([, { row }]) => row.method.toUpperCase()).sort(),
      );
    },
  );
});
