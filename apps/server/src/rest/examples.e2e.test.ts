import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { seedDemo } from '../demo/seed.ts';
import { startSandbox } from '../sandbox/start.ts';
import { call, startApp } from '../testing.ts';
import { freePort } from '../testing/program.ts';

const port = await freePort();
const keys = { key: 'the key of the shop', webhookSecret: 'a secret for messages' };
const gateway = { ...keys, url: `http://127.0.0.1:${port}` };
const shop = { demo: true, trustNetwork: true, defaultTenantId: 'shop-1' };
const app = await startApp({ config: { ...shop, gateway }, relay: true });
const sandbox = await startSandbox({ ...keys, port, dataDir: null, listenerUrl: null });
afterAll(sandbox.kill);
await seedDemo(app.db, { passwordHash: 'no password', now: new Date('2026-11-21T09:00:00.000Z') });

type Example = {
  readonly title: string;
  /** What later requests call this one's answer. */
  readonly name: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
  readonly status: number;
  readonly text: string;
};

/** The requests of a `.http` file, with what each says it is answered; placeholders are filled by `fill`. */
function examplesOf(file: string): string[] {
  const [, ...blocks] = file.split(/^### /m);
  return blocks;
}

function readExample(block: string): Example {
  const [top = '', ...body] = block.trim().split('\n\n');
  const [title = '', ...lines] = top.split('\n');
  const said = lines.filter((line) => line.startsWith('#')).join('\n');
  const [request = '', ...headers] = lines.filter((line) => !line.startsWith('#'));
  const [method = '', path = ''] = request.split(' ');
  const [, status = '', text = ''] = /^# => (\d+) ?(.*)$/m.exec(said) ?? [];
  return {
    title,
    name: /^# @name (\w+)$/m.exec(said)?.[1],
    method,
    path,
    headers: Object.fromEntries(headers.map((header) => header.split(': ', 2))),
    body: body.length > 0 ? body.join('\n\n') : undefined,
    status: Number(status),
    text,
  };
}

describe.each(['balance', 'service', 'api'])('the requests of http/%s.http in the demo shop', (family) => {
  const file = readFileSync(`http/${family}.http`, 'utf8');
  const named = new Map(
    [...file.matchAll(/^@(\w+) = (.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  named.set('host', '');
  const fill = (block: string) =>
    block.replaceAll(/\{\{([\w.]+)\}\}/g, (_, name: string) => named.get(name) ?? `no ${name}`);

  it.each(examplesOf(file).map((block) => [block.split('\n', 1)[0] ?? '', block] as const))(
    '%s',
    async (_, block) => {
      const { name, method, path, headers, body, status, text } = readExample(fill(block));
      const answer = await call(app, path, { method, headers, ...(body === undefined ? {} : { body }) });
      expect([answer.status, answer.text]).toEqual([status, text || answer.text]);
      if (name === undefined) return;
      const keys = z.record(z.string(), z.unknown()).parse(answer.json);
      for (const [key, value] of Object.entries(keys))
        named.set(`${name}.response.body.${key}`, encodeURIComponent(String(value)));
    },
  );
});

describe('examples/walk-through.ts', () => {
  it('walks through every API of the demo shop', async () => {
    const walk = promisify(execFile)(process.execPath, ['examples/walk-through.ts', app.url]);
    expect((await walk).stdout).toContain('Every step went as it is documented.');
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

  const hasCurl = spawnSync('curl', ['--version']).status === 0;
  it.skipIf(!hasCurl)('walks through the life of an order when pasted into a shell', async () => {
    const { text } = await call(app, '/docs');
    const [, walk = ''] = /<pre id="walk">([^]*?)<\/pre>/.exec(text) ?? [];
    const said = await promisify(execFile)('sh', ['-e', '-c', plain(walk)]);
    const answers = said.stdout.split('\n').filter((line) => line.startsWith('{'));
    const orders = answers.map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));
    expect(answers.filter((line) => line.includes('"error"'))).toEqual([]);
    expect(orders.at(-1)).toMatchObject({
      status: 'delivered',
      payment_status_detail: 'partially_refunded',
      paid_amount: '59.98',
      refunded_amount: '5.00',
    });
  });

  it('carries a token that works', async () => {
    const [, token = ''] = /data-token="([^"]+)"/.exec((await call(app, '/docs')).text) ?? [];
    expect((await call(app, '/api/v1/orders/', { token })).status).toBe(200);
  });
});

/** What a browser copies of a text in HTML. */
const plain = (html: string): string =>
  html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

const Json = z.object({ 'application/json': z.object({ example: z.unknown() }) });
const Document = z.object({
  paths: z.object({
    '/api/v1/orders/': z.object({ post: z.object({ requestBody: z.object({ content: Json }) }) }),
  }),
});
