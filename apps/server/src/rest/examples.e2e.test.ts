import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { seedDemo } from '../demo/seed.ts';
import { call, startApp } from '../testing.ts';

const app = await startApp({ config: { demo: true, trustNetwork: true, defaultTenantId: 'shop-1' } });
await seedDemo(app.db, { passwordHash: 'no password', now: new Date('2026-11-21T09:00:00.000Z') });

type Example = {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
  readonly status: number;
  readonly text: string;
};

/** The requests of a `.http` file, with what each says it is answered. */
function examplesOf(file: string): Example[] {
  const [head = '', ...blocks] = file.split(/^### /m);
  const variables = new Map(
    [...head.matchAll(/^@(\w+) = (.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  variables.set('host', '');
  const fill = (text: string) =>
    text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => variables.get(name) ?? '');
  return blocks.map((block) => {
    const [top = '', ...body] = fill(block).trim().split('\n\n');
    const [title = '', promise = '', request = '', ...headers] = top.split('\n');
    const [method = '', path = ''] = request.split(' ');
    const [, status = '', text = ''] = /^# => (\d+) ?(.*)$/.exec(promise) ?? [];
    return {
      title,
      method,
      path,
      headers: Object.fromEntries(headers.map((header) => header.split(': ', 2))),
      body: body.length > 0 ? body.join('\n\n') : undefined,
      status: Number(status),
      text,
    };
  });
}

describe('the requests of examples/rest.http in the demo shop', () => {
  it.each(
    examplesOf(readFileSync('examples/rest.http', 'utf8')).map(
      (example) => [example.title, example] as const,
    ),
  )('%s', async (_, { method, path, headers, body, status, text }) => {
    const answer = await call(app, path, { method, headers, ...(body === undefined ? {} : { body }) });
    expect([answer.status, answer.text]).toEqual([status, text || answer.text]);
  });
});

describe('the documentation in the demo shop', () => {
  it('shows a body with its own ids, which places an order as it is', async () => {
    const document = Document.parse((await call(app, '/openapi.json')).json);
    const example = document.paths['/api/v1/orders/'].post.requestBody.content['application/json'].example;
    expect(example).toMatchObject({ customer_id: 'CUST123', shipping_address: expect.any(String) });
    const { status, text } = await call(app, '/api/v1/orders/', { token: 'olm_test_staff', body: example });
    expect([status, text]).toEqual([201, expect.stringContaining('"customer_id":"CUST123"')]);
  });

  it('carries a token that works', async () => {
    const [, token = ''] = /data-token="([^"]+)"/.exec((await call(app, '/docs')).text) ?? [];
    expect((await call(app, '/api/v1/orders/', { token })).status).toBe(200);
  });
});

const Json = z.object({ 'application/json': z.object({ example: z.unknown() }) });
const Document = z.object({
  paths: z.object({
    '/api/v1/orders/': z.object({ post: z.object({ requestBody: z.object({ content: Json }) }) }),
  }),
});
