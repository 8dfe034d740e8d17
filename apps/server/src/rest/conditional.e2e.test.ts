import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aShop, call, startApp } from '../testing.ts';

const app = await startApp();
const shop = await aShop(app, { stock: 1_000 });
const { token } = shop.staff;

const place = async (): Promise<string> => {
  const { json } = await call(app, '/api/v1/orders/', {
    token,
    body: { items: [{ product: 1, quantity: 1 }] },
  });
  return z.object({ id: z.string() }).parse(json).id;
};
const confirm = (id: string, headers = {}) =>
  call(app, `/api/v1/orders/${id}/confirm_order/`, { method: 'PATCH', token, headers });
const ask = (path: string, tag?: string, method = 'GET') =>
  call(app, path, { token, method, headers: tag === undefined ? {} : { 'If-None-Match': tag } });

/** The bytes as they come, without a client that unpacks them. */
function raw(path: string, encoding: string) {
  const headers = { Authorization: `Bearer ${token}`, 'Accept-Encoding': encoding };
  return new Promise<{ headers: Record<string, unknown>; bytes: Buffer }>((resolve, reject) => {
    request(app.url + path, { headers }, (res) => {
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part));
      res.on('end', () => resolve({ headers: res.headers, bytes: Buffer.concat(parts) }));
    })
      .on('error', reject)
      .end();
  });
}

describe('whoever has an order already', () => {
  it.each(['/api/v1/orders/', '/api/orders/', '/orders/'])(
    'is told so under %s, until it changes',
    async (at) => {
      const id = await place();
      const first = await ask(at + id);
      expect(first.headers.get('etag')).toBe('"1"');
      for (const tag of ['"1"', 'W/"1"', '"7", "1"', '*']) {
        const { status, text, headers } = await ask(at + id, tag);
        expect([status, text, headers.get('etag')]).toEqual([304, '', '"1"']);
      }
      expect((await ask(at + id, '"1"', 'HEAD')).status).toBe(304);
      await confirm(id);
      const changed = await ask(at + id, '"1"');
      expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
      expect(changed.text).not.toBe(first.text);
    },
  );

  it('is not told of an order that others have', async () => {
    const id = await place();
    const foreign = await aShop(app);
    const headers = { 'If-None-Match': '"1"' };
    expect((await call(app, `/api/v1/orders/${id}/`, { token: foreign.staff.token, headers })).status).toBe(
      404,
    );
    expect((await call(app, `/api/v1/orders/${id}/`, { headers })).status).toBe(401);
  });

  it('gets an answer to a write all the same', async () => {
    const id = await place();
    expect((await confirm(id, { 'If-None-Match': '"2"' })).status).toBe(200);
  });
});

describe('whoever has a list already', () => {
  it('is told so until anything in it changes', async () => {
    const id = await place();
    const tag = (await ask('/api/v1/orders/')).headers.get('etag') ?? '';
    expect(tag).toMatch(/^W\/"[\w-]{22}"$/);
    expect((await ask('/api/v1/orders/', tag)).status).toBe(304);
    expect((await ask('/api/v1/orders/?status=shipped', tag)).status).toBe(200);
    await confirm(id);
    expect((await ask('/api/v1/orders/', tag)).status).toBe(200);
  });
});

describe('whoever has the documentation already', () => {
  it.each(['/openapi.json', '/docs', '/docs/errors', '/docs/errors/busy'])(
    'is told so under %s',
    async (path) => {
      const first = await call(app, path);
      expect([first.status, first.headers.get('cache-control')]).toEqual([200, 'no-cache']);
      const headers = { 'If-None-Match': first.headers.get('etag') ?? '' };
      const again = await call(app, path, { headers });
      expect([again.status, again.text]).toEqual([304, '']);
    },
  );
});

describe('compression', () => {
  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ])('packs a long list as %s, and says what the answer depends on', async (encoding, unpack) => {
    for (let orders = 0; orders < 5; orders += 1) await place();
    const [packed, plain] = [
      await raw('/api/v1/orders/', encoding),
      await raw('/api/v1/orders/', 'identity'),
    ];
    expect(packed.headers['content-encoding']).toBe(encoding);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 3);
    expect(unpack(packed.bytes).toString()).toBe(plain.bytes.toString());
    expect(packed.headers['etag']).toBe(plain.headers['etag']);
    for (const { headers } of [packed, plain])
      expect(String(headers['vary']).split(/, */)).toEqual(
        expect.arrayContaining(['Accept', 'Accept-Encoding']),
      );
  });

  it('packs a long stream too', async () => {
    const packed = await raw('/orders', 'gzip');
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(
      z.array(z.unknown()).parse(JSON.parse(gunzipSync(packed.bytes).toString())).length,
    ).toBeGreaterThan(4);
  });

  it('leaves the bytes that a strong tag names as they are', async () => {
    const { headers, bytes } = await raw(`/api/v1/orders/${await place()}/`, 'gzip, br');
    expect(bytes.length).toBeGreaterThan(1_024);
    expect([headers['etag'], headers['content-encoding']]).toEqual(['"1"', undefined]);
  });
});

describe('whoever names a version that is over', () => {
  it('is told the current one, and what has changed since', async () => {
    const id = await place();
    const more = { products: [{ product_id: 'MUG', item_count: 3 }] };
    const edited = await call(app, `/orders/${id}`, { method: 'PATCH', token, body: more });
    expect([edited.status, edited.text]).toEqual([200, expect.anything()]);
    await confirm(id);
    const late = await confirm(id, { 'If-Match': '"1"' });
    expect([late.status, late.json]).toMatchObject([
      412,
      {
        code: 'version_mismatch',
        current_version: 3,
        changed_fields: ['confirmed_at', 'items', 'status', 'subtotal', 'total_amount'],
      },
    ]);
    const later = await confirm(id, { 'If-Match': '"2"' });
    expect(later.json).toMatchObject({ current_version: 3, changed_fields: ['confirmed_at', 'status'] });
    expect((await confirm(id, { 'If-Match': '"9"' })).json).toMatchObject({ changed_fields: [] });
  });
});
