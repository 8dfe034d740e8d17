import { scopesOf } from '@orderloom/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { refusals } from '../refusals.ts';
import { aShop, call, startApp } from '../testing.ts';
import { families } from './mount.ts';
import { nothing } from './testing/seen.ts';

const app = await startApp();
const Operation = z.object({ security: z.array(z.record(z.string(), z.array(z.string()))) });
const Operations = z.object({ paths: z.record(z.string(), z.record(z.string(), Operation)) });
const html = { Accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8' };
const json = { Accept: 'application/json' };
const words = Object.values(refusals).map(({ wire }) => wire);

describe('the documentation, without tenant and without token', () => {
  it.each(['/docs', '/docs/'])('is a page that loads only its own files: %s', async (path) => {
    const { status, headers, text } = await call(app, path, { headers: html });
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(text).not.toMatch(/<script>|style=|https?:\/\/(?!127\.0\.0\.1)/);
    const files = [...text.matchAll(/(?:src|href)="(\/docs\/assets\/[^"]+)"/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect([file, (await call(app, file)).status]).toEqual([file, 200]);
  });

  it.each(['/openapi.json', '/schema/', '/schema'])('is a document for programs: %s', async (path) => {
    const { status, json: document } = await call(app, path);
    expect(status).toBe(200);
    const { paths } = z
      .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
      .parse(document);
    const served = families.flatMap(({ rows }) => rows.map((row) => row.path.replaceAll(/:(\w+)/g, '{$1}')));
    expect(Object.keys(paths).sort()).toEqual([...new Set(served)].sort());
  });

  it('shows no token outside of a demo shop', async () => {
    expect((await call(app, '/docs')).text).not.toContain('olm_test_');
  });
});

describe('the rights in the documentation', () => {
  const giving = families.flatMap(({ rows }) =>
    rows.flatMap((row) => (row.command === undefined ? [] : [[row.operationId, row] as const])),
  );

  it.each(giving)('are those without which %s is refused', async (_, { method, path, bodyExample: body }) => {
    const { json: document } = await call(app, '/openapi.json');
    const { security } = Operations.parse(document).paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method] ?? {};
    const [scope = 'none'] = security?.[0]?.['bearerToken'] ?? [];
    const { customer } = await aShop(app);
    const { status, text } = await call(app, path.replace(':id', nothing), {
      method: method.toUpperCase(),
      token: customer.token,
      headers: { 'If-Match': '1' },
      ...(body === undefined ? {} : { body }),
    });
    const mayCustomers = scopesOf.customer.some((own) => own === scope);
    expect([status, mayCustomers || text.includes(scope)]).toEqual([mayCustomers ? 404 : 403, true]);
  });
});

describe('the page of an error', () => {
  it.each(words)('is there for people and for programs: %s', async (word) => {
    const page = await call(app, `/docs/errors/${word}`, { headers: html });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const data = await call(app, `/docs/errors/${word}`, { headers: json });
    expect(data.json).toMatchObject({ code: word, causes: expect.any(Array), example: { code: word } });
  });

  it('is listed in the index', async () => {
    const page = await call(app, '/docs/errors', { headers: html });
    for (const word of words) expect(page.text).toContain(`/docs/errors/${word}"`);
    expect((await call(app, '/docs/errors', { headers: json })).json).toMatchObject({
      errors: expect.any(Array),
    });
  });

  it('is missing for a word that is no code, in both forms', async () => {
    for (const headers of [html, json])
      expect((await call(app, '/docs/errors/nonsense', { headers })).status).toBe(404);
  });
});
