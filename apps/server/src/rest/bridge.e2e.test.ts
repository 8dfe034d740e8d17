import { createServer } from 'node:http';
import express from 'express';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { edge } from '../request.ts';
import { aShop, call, startApp } from '../testing.ts';
import { balance } from './balance.ts';
import { serve } from './bridge.ts';
import type { Row } from './row.ts';

const app = await startApp();
const { staff, customer } = await aShop(app);
const at = () => new Date().toISOString();

/** Serves one row as it is given, documented well or not. */
async function serving(row: Row, mode: 'test' | 'production'): Promise<string> {
  const config = { ...app.parts.config, mode };
  const server = createServer(
    express()
      .use(edge(app.parts.log, at))
      .use(serve({ parts: { ...app.parts, config }, family: { ...balance, rows: [row] }, kinds: [row] })),
  ).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  afterAll(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

const rowOf = (operationId: string, but: Partial<Row>): Row => {
  const found = balance.rows.find((row) => row.operationId === operationId);
  if (!found) throw new Error(`no row ${operationId}`);
  return { ...found, ...but };
};
const products = (but: Partial<Row>) => rowOf('listBalanceProducts', but);
const [answer] = Object.values(products({}).answers);
const schema = z.strictObject({ something: z.literal('else') });

describe('an answer that is not documented', () => {
  it.each([
    ['its status', products({ answers: {} })],
    ['its body', products({ answers: { 200: { description: '', example: {}, ...answer, schema } } })],
  ])('is a failure while we develop, for %s', async (_, row) => {
    expect((await call({ url: await serving(row, 'test') }, '/', { token: staff.token })).status).toBe(500);
    expect((await call({ url: await serving(row, 'production') }, '/', { token: staff.token })).status).toBe(
      200,
    );
  });

  it('is a failure while we develop, for a refusal', async () => {
    const row = rowOf('createBalanceOrder', { refusals: [] });
    const short = { token: customer.token, body: { customer_id: 1, product_id: 1, quantity: 11 } };
    expect((await call({ url: await serving(row, 'test') }, '/', short)).status).toBe(500);
    expect((await call({ url: await serving(row, 'production') }, '/', short)).status).toBe(400);
  });
});

describe('an answer that is a stream', () => {
  /** Products without end; tells when nobody wants any more of them. */
  const endless = () => {
    const told = Promise.withResolvers<number>();
    async function* items() {
      let sent = 0;
      try {
        for (; ; sent += 1) yield { products: [], filler: 'x'.repeat(10_000) };
      } finally {
        told.resolve(sent);
      }
    }
    return { row: streaming(items), ended: told.promise };
  };
  const streaming = (items: () => AsyncIterable<unknown>) =>
    products({
      answers: { 200: { description: '', example: [], ...answer, schema: z.array(z.unknown()) } },
      reply: () => ({ status: 200, body: items() }),
    });

  it('ends when its reader hangs up, and is nobody’s fault', async () => {
    const { row, ended } = endless();
    const url = await serving(row, 'test');
    const before = app.logged().length;
    const leaving = new AbortController();
    const { body } = await fetch(url, {
      headers: { Authorization: `Bearer ${staff.token}` },
      signal: leaving.signal,
    });
    await body?.getReader().read();
    leaving.abort();
    expect(await ended).toBeGreaterThan(0);
    expect(
      app
        .logged()
        .slice(before)
        .filter(({ level }) => level === 'ERROR'),
    ).toEqual([]);
  });

  it('is cut off when it cannot go on, so that nobody takes a part for the whole', async () => {
    const row = streaming(async function* () {
      yield {};
      throw new Error('the database is gone');
    });
    const answered = await fetch(await serving(row, 'test'), {
      headers: { Authorization: `Bearer ${staff.token}` },
    });
    await expect(answered.text()).rejects.toThrow('terminated');
  });
});

describe('a body that cannot be read', () => {
  const odd = { headers: { 'Content-Encoding': 'x' }, body: '{}', token: staff.token };

  it('is no JSON to whoever reads every type', async () => {
    const { status, json } = await call(app, '/order/', odd);
    expect([status, json]).toEqual([400, { status: 'Invalid JSON format.' }]);
  });

  it('is one body too many where none is wanted', async () => {
    const huge = { body: 'x'.repeat(1_100_000), token: staff.token };
    for (const sent of [odd, huge]) {
      const { status, json } = await call(app, '/orders/1', { ...sent, method: 'DELETE' });
      expect([status, json]).toMatchObject([400, { details: { body: ['This call takes no body.'] } }]);
    }
  });
});
