import { once } from 'node:events';
import { createServer, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { startProxy, type Trouble } from './proxy.ts';

/** Says everything again that it hears. */
const echo = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
await once(echo, 'listening');
const address = echo.address();
const proxy = await startProxy(typeof address === 'object' && address ? address.port : 0, () => 0.5);
afterAll(async () => {
  await proxy.close();
  echo.close();
});

/** What came back within the time, and how the connection ended, if it did. */
async function said(socket: Socket, text: string, ms = 400) {
  let back = '';
  let end = 'open';
  socket.on('data', (chunk) => (back += String(chunk)));
  socket.on('error', (error: NodeJS.ErrnoException) => (end = error.code ?? 'error'));
  const began = performance.now();
  socket.write(text);
  for (const until = began + ms; performance.now() < until && back.length < text.length;) await sleep(5);
  return { back, end, ms: performance.now() - began };
}
const aSocket = async () => {
  const socket = connect(proxy.port, '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  return socket;
};
const inTrouble = async (trouble: Trouble, text: string, ms?: number) => {
  const socket = await aSocket();
  await said(socket, 'x');
  await proxy.trouble(trouble);
  const found = await said(socket, text, ms);
  await proxy.trouble(null);
  return { socket, found };
};

describe('a line in trouble', () => {
  it('passes everything on when it has none', async () => {
    expect(await said(await aSocket(), 'hello')).toMatchObject({ back: 'hello', end: 'open' });
  });

  it('is late', async () => {
    const { found } = await inTrouble({ is: 'latency', ms: 60, jitterMs: 20 }, 'late', 2_000);
    expect(found.back).toBe('late');
    expect(found.ms).toBeGreaterThanOrEqual(120);
  });

  it('trickles', async () => {
    const { found } = await inTrouble({ is: 'trickle', bytes: 1, everyMs: 20 }, 'ten letters', 5_000);
    expect(found.back).toBe('ten letters');
    expect(found.ms).toBeGreaterThanOrEqual(200);
  });

  it('is reset after so many bytes', async () => {
    const { found } = await inTrouble({ is: 'cut', afterBytes: 4 }, 'four and more');
    expect(found).toMatchObject({ back: '', end: 'ECONNRESET' });
  });

  it('is half open, and never comes back, while new ones do', async () => {
    const { socket, found } = await inTrouble({ is: 'half-open' }, 'is anybody there');
    expect(found).toMatchObject({ back: '', end: 'open' });
    expect(await said(socket, 'and now')).toMatchObject({ back: '', end: 'open' });
    expect(await said(await aSocket(), 'again')).toMatchObject({ back: 'again' });
    socket.destroy();
  });

  it('refuses, and then does not', async () => {
    await proxy.trouble({ is: 'refuse' });
    const refused = await once(connect(proxy.port, '127.0.0.1'), 'connect').catch(({ code }) => code);
    expect(refused).toBe('ECONNREFUSED');
    await proxy.trouble(null);
    expect(await said(await aSocket(), 'again')).toMatchObject({ back: 'again' });
  });

  it('is reset once', async () => {
    const socket = await aSocket();
    await said(socket, 'x');
    proxy.reset();
    expect(await said(socket, 'hello')).toMatchObject({ back: '' });
    expect(await said(await aSocket(), 'again')).toMatchObject({ back: 'again' });
  });
});
