import { createServer, type RequestListener } from 'node:http';
import { err } from '@orderloom/core';
import { openDatabase, transact } from '@orderloom/db';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createApp } from '../app.ts';
import type { Parts } from '../context.ts';
import { hear } from '../orders/payments/cards.ts';
import { gatewayAt } from '../remote/gateway.ts';
import { aShop, call, type CallOptions, startApp } from '../testing.ts';
import type { Row } from './row.ts';
import { aHand, fieldOf, occasionFor } from './testing/occasions.ts';
import { createSeen, documented, nothing, pathOf } from './testing/seen.ts';
import { play, vectorsOf } from './testing/vectors.ts';

const app = await startApp();
const shop = await aShop(app, { stock: 10_000, balance: 10_000_000 });
const { token } = shop.admin;
const hand = aHand(app, token);
const seen = createSeen();
const rows = documented.map(
  ({ row, family }) => [`${row.method.toUpperCase()} ${row.path}`, row, family] as const,
);
const withBody = rows.filter(([, row]) => row.body !== null);

/** One call of a row, remembered: `path` stands for the row's own, which leads to nothing. */
async function ask(row: Row, options: CallOptions & { readonly url?: string; readonly path?: string } = {}) {
  const { url = app.url, path = pathOf(row, nothing), ...rest } = options;
  const body = row.body === null ? {} : { body: row.bodyExample ?? {} };
  const answer = await call({ url }, path, { method: row.method.toUpperCase(), ...body, ...rest });
  seen.note(row.method, path, answer.status);
  return answer;
}

/** The same server with one part that does not work. */
async function broken(parts: Partial<Parts>): Promise<string> {
  const listener: RequestListener = createApp({ ...app.parts, ...parts });
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  afterAll(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

// A database whose only connection is taken.
const full = await openDatabase({ url: app.db.url, poolMax: 1, acquireTimeoutMs: 250 });
const taken = await full.pool.connect();
afterAll(async () => {
  taken.release();
  await full.close();
});
const closed = await openDatabase({ url: app.db.url, poolMax: 1 });
await closed.close();
const withoutDatabase = await broken({ db: closed });
const unreachable = await broken({ db: full });
const busy = await broken({ placing: { place: async () => err({ code: 'BUSY', retryAfterSeconds: 1 }) } });
// Nobody carries requests to this gateway.
const nowhere = { url: 'http://127.0.0.1:1', key: 'none', webhookSecret: 'a secret for messages' };
const withCards = await broken({ gateway: gatewayAt(nowhere) });
const spent = await broken({ limits: { count: async () => ({ calls: 10_000_001, msLeft: 29_001 }) } });
const Page = z.object({
  count: z.int(),
  next: z.string().nullable(),
  previous: z.string().nullable(),
  results: z.array(z.object({ id: z.string() })),
});

describe.each(['balance', 'service', 'api'])('the vectors of the %s family', (contract) => {
  it.each(vectorsOf(contract).map((vector) => [vector.file, vector] as const))('%s', async (_, vector) => {
    for (const { step, answer, text } of await play(app, seen, vector)) {
      const { status, headers = {}, body, text: exact } = step.reply;
      const called = `${step.request.method} ${step.request.path} ${JSON.stringify(step.request.body)}`;
      expect({ called, status: answer.status, text }).toEqual({
        called,
        status,
        text: exact ?? (body === undefined ? text : JSON.stringify(body)),
      });
      const id = fieldOf(answer, 'id');
      for (const [name, value] of Object.entries(headers))
        expect(answer.headers.get(name)).toBe(value.replace('{order}', id));
    }
  });
});

describe('every operation', () => {
  it.each(rows)('%s refuses a call without a token, and one with a bad one', async (_, row) => {
    const bare = await ask(row);
    expect(bare.status).toBe(401);
    expect(bare.headers.get('www-authenticate')).toBe('Bearer realm="orderloom"');
    const bad = await ask(row, { token: 'olm_test_nobody' });
    expect(bad.status).toBe(401);
    expect(bad.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it.each(rows)('%s answers an unknown tenant and a foreign one alike', async (_, row) => {
    const foreign = await aShop(app);
    const [one, other] = await Promise.all(
      ['no-such-tenant', foreign.tenant.tenantId].map((tenant) =>
        ask(row, { token, headers: { 'X-Tenant-Id': tenant, 'X-Request-Id': 'the-same-id' } }),
      ),
    );
    expect(one?.status).toBe(403);
    expect(other?.status).toBe(403);
    expect(other?.text).toBe(one?.text);
  });

  it.each(rows)('%s refuses a parameter that it does not know', async (_, row) => {
    const path = `${pathOf(row, nothing)}?colour=red`;
    expect((await ask(row, { token, path })).status).toBe(400);
  });

  it.each(rows)('%s says nothing of what broke inside', async (_, row) => {
    const { headers, status, text } = await ask(row, { token, url: withoutDatabase });
    expect(status).toBe(500);
    expect(headers.get('x-request-id')).toMatch(/^[\w.-]{8,64}$/);
    expect(text).not.toMatch(/pool|database|connect|closed|at .*\.ts/i);
  });

  it.concurrent.each(rows)('%s says when to come again while the database has no time', async (_, row) => {
    const { status, headers } = await ask(row, { token, url: unreachable });
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
  });

  it.each(rows)('%s says when to come again to whoever asks too much', async (_, row) => {
    const { status, headers } = await ask(row, { token, url: spent });
    expect([status, headers.get('retry-after')]).toEqual([429, '30']);
    expect(headers.get('ratelimit')).toMatch(/^"(?:read|write)";r=0;t=30, "tenant";r=\d+;t=30$/);
  });

  it.each(rows)('%s tells its request id and forbids caching', async (_, row) => {
    const { headers } = await ask(row, { token, headers: { 'X-Request-Id': 'call-from-a-test' } });
    expect(headers.get('x-request-id')).toBe('call-from-a-test');
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('every operation with a body', () => {
  it.each(withBody)('%s refuses what is not JSON', async (_, row) => {
    for (const body of ['{', '[1,', '"', 'null x', '\u0000'])
      expect((await ask(row, { token, body })).status).toBe(400);
  });

  it.each(withBody)('%s refuses bodies of every wrong shape with a 400', async (_, row) => {
    const shapes = [null, [], 5, 'text', true, { '': 1 }, { nope: { deep: [] } }];
    const proto = ['{"__proto__":{"role":"admin"}}', '{"constructor":1}'];
    for (const body of [...shapes.map((shape) => JSON.stringify(shape)), ...proto])
      expect([body, (await ask(row, { token, body })).status]).toEqual([body, 400]);
  });

  it.each(withBody.filter(([, , { anyContentType }]) => !anyContentType))(
    '%s refuses another media type',
    async (_, row) => {
      const headers = { 'Content-Type': 'text/plain' };
      expect((await ask(row, { token, headers, body: '{}' })).status).toBe(415);
    },
  );

  it.each(withBody)('%s refuses a body of more than 1 MB', async (_, row) => {
    const body = JSON.stringify({ reason: 'x'.repeat(1_100_000) });
    expect((await ask(row, { token, body })).status).toBe(413);
  });
});

describe('every operation on a thing', () => {
  const named = rows.filter(([, { params }]) => Object.keys(params.shape).length > 0);

  it.each(named)('%s does not find what is not there', async (_, row) => {
    const headers = row.versioned === 'required' ? { 'If-Match': '1' } : {};
    expect((await ask(row, { token, headers })).status).toBe(404);
  });

  it.each(named.filter(([, { versioned }]) => versioned))('%s refuses a stale version', async (_, row) => {
    const occasion = await occasionFor(row.operationId, hand);
    const stale = await ask(row, { ...occasion, token, headers: { 'If-Match': '"99"' } });
    const said = [stale.status, fieldOf(stale, 'code'), fieldOf(stale, 'error')];
    expect(said).toEqual(
      row.path.startsWith('/api')
        ? [412, 'version_mismatch', 'Somebody else was faster']
        : [409, 'conflict', 'stale version'],
    );
  });
});

describe('every operation that writes', () => {
  it.each(rows.filter(([, { method }]) => method !== 'get'))(
    '%s goes well, and its key is not for another request',
    async (_, row) => {
      const { headers = {}, ...occasion } = await occasionFor(row.operationId, hand);
      const keyed = { ...occasion, token, headers: { ...headers, 'Idempotency-Key': 'one' } };
      const done = await ask(row, keyed);
      expect(Object.keys(row.answers)).toContain(String(done.status));
      const other = await ask(row, { ...keyed, body: '{ "something": "else" }' });
      expect(other.status).toBe(row.path.startsWith('/api') ? 422 : 409);
      await app.db.pool.query(
        `update idempotency_records set state = 'RUNNING', lease_until = now() + interval '1 minute'
           where tenant_id = $1 and route = $2 and key = 'one'`,
        [shop.tenant.tenantId, row.operationId],
      );
      const early = await ask(row, keyed);
      expect([early.status, early.headers.get('retry-after')]).toEqual([409, '1']);
    },
  );
});

describe('the api family', () => {
  const api = rows.filter(([, { path }]) => path.startsWith('/api/'));

  it.each(api)('%s refuses a version that does not exist', async (_, row) => {
    const headers = { Accept: 'application/vnd.api+json;version=9' };
    expect((await ask(row, { token, headers })).status).toBe(406);
  });

  it('goes through all orders page by page, none twice and none left out', async () => {
    const { staff } = await aShop(app, { stock: 1_000 });
    const placed = new Set<string>();
    for (let count = 0; count < 15; count += 1) {
      const body = { customer_id: 1, items: [{ product: 1, quantity: 1 }] };
      const answer = await call(app, '/api/v1/orders/', { token: staff.token, body });
      placed.add(fieldOf(answer, 'id'));
    }
    const pages = '/api/v1/orders/?cursor=&page_size=10&customer_id=CUST1';
    const first = await call(app, pages, { token: staff.token });
    const page = Page.parse(first.json);
    expect([page.count, page.results.length, page.previous]).toEqual([15, 10, null]);
    expect(first.headers.get('link')).toBe(`<${page.next}>; rel="next"`);
    // An order that comes meanwhile does not move the second page.
    await call(app, '/api/v1/orders/', {
      token: staff.token,
      body: { items: [{ product: 1, quantity: 1 }] },
    });
    const rest = await call(app, page.next?.replace(app.url, '') ?? '', { token: staff.token });
    const second = Page.parse(rest.json);
    expect([second.results.length, second.next]).toEqual([5, null]);
    expect(new Set([...page.results, ...second.results].map(({ id }) => id))).toEqual(placed);
  });
});

describe('every change of an order, where the shop wants its version named', () => {
  const versioned = rows.filter(([, { versioned: of }, family]) => of === true && family.strict);

  it.each(versioned)('%s is refused without If-Match, and with any', async (_, row) => {
    const careful = await aShop(app);
    await app.db.pool.query(
      `update tenants set policies = policies || '{"requireIfMatch": true}' where id = $1`,
      [careful.tenant.tenantId],
    );
    const { token: ofAdmin } = careful.admin;
    const bare = await ask(row, { token: ofAdmin });
    expect([bare.status, bare.json]).toMatchObject([428, { code: 'missing_if_match' }]);
    expect((await ask(row, { token: ofAdmin, headers: { 'If-Match': '*' } })).status).toBe(400);
    const nothingThere = row.path.includes(':') ? 404 : 400;
    expect((await ask(row, { token: ofAdmin, headers: { 'If-Match': '"1"' } })).status).toBe(nothingThere);
  });
});

describe('placing orders when too many wait', () => {
  it.each(rows.filter(([, { procedure }]) => procedure === 'orders.place'))(
    '%s says when to come again',
    async (_, row) => {
      const body = row.path.startsWith('/api') ? { items: [{ product: 1, quantity: 1 }] } : row.bodyExample;
      const { status, headers } = await ask(row, { token, url: busy, body });
      expect(status).toBe(503);
      expect(headers.get('retry-after')).toBe('1');
    },
  );
});

describe('a card that the gateway declines', () => {
  it.each(['process_payment', 'authorize'])(
    'is told with 402, when the gateway has said so (%s)',
    async (step) => {
      const order = await hand.placed();
      const asked = { body: { order, payment_method: 'credit_card' } };
      const paymentId = fieldOf(await hand.ask('/api/v1/payments/', asked), 'id');
      const path = `/api/v1/payments/${paymentId}/${step}/`;
      const answer = call({ url: withCards }, path, { token, method: 'POST' });
      const state = `select attempt ->> 'state' as state from payments where id = $1`;
      const stateNow = async () => (await app.db.pool.query(state, [paymentId])).rows[0]?.state;
      await expect.poll(stateNow, { timeout: 20_000 }).toBe('asked');
      const { tenantId } = shop.tenant;
      const at = '2026-11-21T12:00:00.000Z';
      const declined = { reportId: 'no', kind: 'failed', amount: 0, currency: 'USD', attempt: 1 } as const;
      const reports = [{ ...declined, paymentId, at }];
      await transact(app.db, { tenantId }, (em) => hear(em, { tenantId, reports, at }));
      const { status } = await answer;
      seen.note('post', path, status);
      expect(status).toBe(402);
    },
  );
});

describe('the documentation', () => {
  it('promises no answer that is never given', () => {
    expect(seen.missing()).toEqual([]);
  });

  it('tells of every answer that is given', () => {
    expect(seen.unknown()).toEqual([]);
  });
});
