import { once } from 'node:events';
import { createServer, request } from 'node:http';
import express from 'express';
import { expect, it } from 'vitest';
import { rawBody } from './body.ts';

/** What is made of a body when its sender is gone by the time that it is read. */
async function leftBehind(body: string) {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const app = express().post('/', (req, res) => {
    req.socket.once('close', () => void rawBody(req, res).then(resolve));
    sending.destroy();
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const sending = request({ port, host: '127.0.0.1', method: 'POST' });
  sending.on('error', () => {});
  sending.end(body);
  const found = await promise;
  server.close();
  return found;
}

it('takes whoever hung up for somebody who said something, not for somebody who sent nothing', async () => {
  const found = await leftBehind('{"items": [{"product_id": 1, "quantity": 2}]}');
  expect(found).toEqual({ ok: false, error: { code: 'MALFORMED_JSON' } });
});
