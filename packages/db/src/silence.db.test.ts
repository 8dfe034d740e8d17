import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { ok } from '@orderloom/core';
import { expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { isUnavailable } from './faults.ts';
import { ping } from './silence.ts';
import { run } from './sql.ts';
import { aTenant, freshDatabase } from './testing.ts';
import { transact } from './transact.ts';

const db = await freshDatabase();
const shop = await aTenant(db);

/** A way to the database that can fall silent without a word. */
async function aLine(port: number) {
  let silent = false;
  const ends: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    ends.push(near, far);
    near.on('data', (bytes) => silent || far.write(bytes)).on('error', () => {});
    far.on('data', (bytes) => silent || near.write(bytes)).on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const close = () => {
    for (const end of ends) end.destroy();
    server.close();
  };
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    set: (to: boolean) => (silent = to),
    close,
  };
}

/** A database behind such a line, with one connection. */
async function farAway() {
  const address = new URL(db.url);
  const line = await aLine(Number(address.port));
  address.port = String(line.port);
  const far = await openDatabase({ url: address.href, poolMax: 1, acquireTimeoutMs: 20_000 });
  far.pool.on('error', () => {});
  const close = async () => {
    await far.close();
    line.close();
  };
  return { far, line, close };
}

it('a database that says nothing any more is given up, and asked again over a new connection', async () => {
  const { far, line, close } = await farAway();
  const work = () => transact(far, shop, async (em) => ok(await run(em, 'select 1 as one', [])));
  expect(await work()).toEqual(ok([{ one: 1 }]));
  line.set(true);
  const lost = await work().catch((thrown: unknown) => thrown);
  expect([lost instanceof Error, isUnavailable(lost)]).toEqual([true, true]);
  line.set(false);
  expect(await work()).toEqual(ok([{ one: 1 }]));
  await close();
});

it('whoever only asks whether it is there is told soon', async () => {
  const { far, line, close } = await farAway();
  await ping(far, 20_000);
  line.set(true);
  const began = performance.now();
  const lost = await ping(far, 300).catch((thrown: unknown) => thrown);
  expect(isUnavailable(lost)).toBe(true);
  expect(performance.now() - began).toBeLessThan(5_000);
  line.set(false);
  await ping(far, 20_000);
  await close();
});
