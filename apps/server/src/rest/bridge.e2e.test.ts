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
