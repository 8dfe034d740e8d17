import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { afterAll, expect } from 'vitest';
import { connectRedis, type Redis } from '../redis.ts';
import { findProgram, freePort } from './program.ts';

const program = findProgram('redis-server');
export const hasRedis = program !== undefined;

/** A real Redis, behind a line that can be cut or held up. */
export type TestRedis = {
  readonly url: string;
  /** `pass`: as it comes; `hold`: nothing arrives any more, and nothing is closed. */
  readonly line: (state: 'pass' | 'hold') => void;
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
};

/** Starts it for a test file; it ends with the file. */
export async function aRedis(): Promise<TestRedis> {
  const port = await freePort();
  const line = await aLine(port);
  let child: ChildProcess | undefined;
  const start = async () => {
    const bare = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    child = spawn(program ?? '', bare, { stdio: 'ignore' });
    await answering(port);
  };
  const kill = async () => {
    const ended = child && child.exitCode === null ? once(child, 'exit') : null;
    child?.kill('SIGKILL');
    await ended;
    child = undefined;
  };
  afterAll(kill);
  await start();
  return { url: `redis://127.0.0.1:${line.port}/0`, line: line.set, kill, start };
}

/** A connection for tests of what is kept and counted: it is there, and no machine is too busy for it. */
export async function patientRedis(url: string, log: Logger): Promise<Redis> {
  const redis = connectRedis(url, log, { patienceMs: 15_000 });
  afterAll(redis.close);
  await expect.poll(() => redis.client.isReady, { timeout: 15_000 }).toBe(true);
  return redis;
}

async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (open) return;
    await sleep(25);
  }
  throw new Error('redis-server did not start');
}

/** Passes bytes on, or keeps them to itself. */
async function aLine(target: number) {
  let state: 'pass' | 'hold' = 'pass';
  const ends = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from);
      from.on('data', (bytes) => state === 'pass' && to.write(bytes));
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => {
    for (const end of ends) end.destroy();
    server.close();
  });
  const address = server.address();
  const set = (next: 'pass' | 'hold') => {
    state = next;
    // What was swallowed is missing for good: whoever waits for it must start anew.
    if (next === 'pass') for (const end of ends) end.destroy();
  };
  return { port: typeof address === 'object' && address ? address.port : 0, set };
}
