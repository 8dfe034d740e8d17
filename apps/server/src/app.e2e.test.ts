import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { aConsole, aShop, call, startApp } from './testing.ts';

const app = await startApp();
const shop = await aShop(app);

/** A request as a hand would write it: fetch is too polite for some of these. */
const raw = (path: string, { method = 'GET', headers = {}, body = '' }) =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const sent = request(app.url + path, { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.once('error', reject).end(body);
  });

describe('every answer', () => {
  it('has an id of its own', async () => {
    const ids = await Promise.all(
      [1, 2].map(async () => (await call(app, '/healthz')).headers.get('x-request-id')),
    );
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[\w.-]{8,64}$/);
  });

  it.each([
    ['request-42.a_b', true],
    ['short', false],
    ['x'.repeat(65), false],
    ['with blanks in it', false],
    ['<script>alert(1)', false],
  ])('takes the id %s from the caller: %s', async (id, taken) => {
    const answered = (await call(app, '/nowhere', { headers: { 'X-Request-Id': id } })).headers.get(
      'x-request-id',
    );
    expect(answered === id).toBe(taken);
  });

  it('says nothing about what made it, and everything that a browser must not do with it', async () => {
    const { headers } = await call(app, '/healthz');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('etag')).toBeNull();
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('is in the log with its id, status, time and caller, and without the query', async () => {
    const { token, tenantId, id } = shop.staff;
    const headers = { 'X-Request-Id': 'look-for-me-1' };
    await call(app, '/order/customers', { token, headers });
    const found = app.logged().filter((line) => line['requestId'] === 'look-for-me-1');
    expect(found.at(-1)).toMatchObject({
      level: 'INFO',
      msg: 'GET /order/customers',
      status: expect.any(Number),
      ms: expect.any(Number),
      tenant: tenantId,
      principal: id,
    });
    await call(app, '/healthz?key=secret-word');
    expect(JSON.stringify(app.logged())).not.toContain(token);
    expect(JSON.stringify(app.logged())).not.toContain('secret-word');
  });
});

describe('a path that leads nowhere', () => {
  it.each([
    ['GET', '/nowhere'],
    ['POST', '/nowhere'],
    ['HEAD', '/nowhere'],
    ['GET', '/.env'],
    ['GET', '/admin/assets/gone.js'],
    ['GET', '/admin/..%2f..%2fpackage.json'],
  ])('is 404: %s %s', async (method, path) => {
    const answer = await call(app, path, { method });
    const told = { code: 'route_not_found', request_id: expect.any(String) };
    expect(answer).toMatchObject({ status: 404, ...(method === 'HEAD' ? { text: '' } : { json: told }) });
  });

  it('is answered in the voice of its family', async () => {
    const { token } = shop.staff;
    expect(await call(app, '/order/nowhere', { token })).toMatchObject({
      status: 404,
      json: { status: expect.any(String) },
    });
    expect(await call(app, '/api/v1/nowhere', { token })).toMatchObject({
      status: 404,
      json: { error: expect.any(String), code: expect.any(String), request_id: expect.any(String) },
    });
  });

  it('is no reason to fail, however it is spelt', async () => {
    expect((await raw('/%E0%A4%A', {})).status).toBeLessThan(500);
    expect((await raw('/orders/%ff', {})).status).toBeLessThan(500);
  });
});

describe('a body', () => {
  const { token } = shop.customer;

  it('that is not JSON is refused in the voice of the family', async () => {
    expect(await call(app, '/order/', { token, body: '{' })).toMatchObject({
      status: 400,
      json: { status: 'Invalid JSON format.' },
    });
  });

  it.each(['/order/', '/api/v1/orders/'])('of more than a megabyte is refused at %s', async (path) => {
    expect((await call(app, path, { token, body: `"${'x'.repeat(1_100_000)}"` })).status).toBe(413);
  });

  it('of more than a megabyte is refused at the door of the console', async () => {
    const answer = await aConsole(app).mutate('auth.signIn', { email: 'x'.repeat(1_100_000), password: 'x' });
    expect(answer.status).toBe(413);
  });
});

describe('health', () => {
  it('is told to everybody', async () => {
    expect(await call(app, '/healthz')).toMatchObject({ status: 200, json: { status: 'ok' } });
    expect(await call(app, '/readyz')).toMatchObject({
      status: 200,
      json: { status: 'ready', parts: { database: 'ok', migrations: 'ok', accepting: 'ok' } },
    });
  });

  it('ends with the order to stop, while the process still answers', async () => {
    app.readiness.stopping = true;
    expect(await call(app, '/readyz')).toMatchObject({
      status: 503,
      json: { parts: { accepting: 'failing' } },
    });
    expect((await call(app, '/healthz')).status).toBe(200);
    app.readiness.stopping = false;
  });

  it('is counted: requests by route, refusals by code', async () => {
    await call(app, '/order/', { body: {} });
    const { text } = await call(app, '/metrics');
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/healthz",status="200"\} \d+/,
    );
    expect(text).toMatch(/refusals_total\{code="UNAUTHENTICATED"\} \d+/);
    expect(text).toMatch(/database_connections\{state="idle"\} \d+/);
    expect(text).toContain('process_cpu_user_seconds_total');
  });
});

describe('the door of the console', () => {
  const headers = { Origin: app.url, 'X-Trpc-Source': 'console' };
  const input = { email: 'a@example.com', password: 'x' };

  it.each([
    ['multipart/form-data; boundary=x', 415],
    ['application/octet-stream', 415],
    ['text/plain', 415],
    ['application/json', 401],
  ])('answers a mutation as %s with %s', async (type, status) => {
    const options = { body: input, headers: { ...headers, 'Content-Type': type } };
    expect((await call(app, '/trpc/auth.signIn', options)).status).toBe(status);
  });

  it('is closed to other sites, before anything is read', async () => {
    const foreign = { ...headers, Origin: 'https://evil.example.com' };
    expect(await call(app, '/trpc/auth.signIn', { body: input, headers: foreign })).toMatchObject({
      status: 403,
      json: { code: 'cross_site' },
    });
  });

  it('changes nothing for a GET', async () => {
    const path = `/trpc/auth.signIn?input=${encodeURIComponent(JSON.stringify(input))}`;
    expect((await call(app, path, { headers })).status).toBe(405);
  });

  it('takes ten calls at a time and no more', async () => {
    const batch = (count: number) => `/trpc/${Array(count).fill('auth.me').join(',')}?batch=1&input={}`;
    expect((await call(app, batch(10))).status).toBe(200);
    expect((await call(app, batch(11))).status).toBe(400);
  });

  it('knows no API tokens: two doors, two keys', async () => {
    const { token } = shop.admin;
    expect((await call(app, '/trpc/users.list', { token })).status).toBe(401);
    const browser = aConsole(app);
    await browser.signIn(shop.admin.email);
    expect((await browser.query('users.list')).status).toBe(200);
    expect((await call(app, '/order/customers', { headers: { Cookie: browser.cookie() } })).status).toBe(401);
  });

  it('lets nobody keep its answers', async () => {
    expect((await call(app, '/trpc/auth.me')).headers.get('cache-control')).toBe('no-store');
  });

  it('says no more than INTERNAL of what nobody expected', async () => {
    const { status, json } = await call(app, '/trpc/auth.nothing');
    expect(status).toBe(404);
    expect(JSON.stringify(json)).not.toContain('.ts');
  });
});

describe('the console', () => {
  it('is where / leads', async () => {
    expect((await call(app, '/')).headers.get('location')).toBe('/admin/');
    expect((await call(app, '/admin?next=1')).headers.get('location')).toBe('/admin/?next=1');
  });

  it.each(['/admin/', '/admin/orders', '/admin/orders/ORD-20261121-0001'])(
    'is one page at %s',
    async (path) => {
      const { headers, text } = await call(app, path);
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(text).toContain('Orderloom');
      const policy = headers.get('content-security-policy') ?? '';
      const nonce = /style-src 'self' 'nonce-([^']+)'/.exec(policy)?.[1] ?? 'none';
      expect(text).toContain(nonce);
      expect(text).not.toContain('__CSP_NONCE__');
      expect(policy).toContain("script-src 'self';");
    },
  );

  it('has another nonce every time', async () => {
    const policies = await Promise.all(
      [1, 2].map(async () => (await call(app, '/admin/')).headers.get('content-security-policy')),
    );
    expect(policies[0]).not.toBe(policies[1]);
  });
});

describe('a large answer', () => {
  it('is compressed for whoever understands that', async () => {
    const { headers, body } = await raw('/openapi.json', { headers: { 'Accept-Encoding': 'gzip' } });
    expect(headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(body).toString())).toMatchObject({
      openapi: expect.stringMatching(/^3\.1/),
    });
  });
});
