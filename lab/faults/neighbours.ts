import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { startSandbox } from '../../apps/server/src/sandbox/start.ts';
import { findProgram, freePort } from '../../apps/server/src/testing/program.ts';

/** Somebody whom the servers speak with, and who may die and come back at the same port. */
type Neighbour = {
  readonly port: number;
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
};
export type Redis = Neighbour;

export async function startRedis(): Promise<Redis> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  process.on('exit', () => child?.kill('SIGKILL'));
  const start = async () => {
    const bare = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    child = spawn(findProgram('redis-server') ?? '', bare, { stdio: 'ignore' });
    while (!(await listens(port))) await sleep(25);
  };
  const kill = async () => {
    const ended = child && child.exitCode === null ? once(child, 'exit') : null;
    child?.kill('SIGKILL');
    await ended;
  };
  await start();
  return { port, kill, start };
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });

/** The card sandbox, which remembers its charges on disk. */
export type Gateway = Neighbour & {
  readonly env: (port: number) => Readonly<Record<string, string>>;
  /** What was taken and given back, by our name for the payment. */
  readonly charges: () => Promise<readonly Charge[]>;
};

const Charge = z.object({ reference: z.string(), captured: z.int(), refunded: z.int() });
const Charges = z.object({ charges: z.array(Charge) });
export type Charge = z.infer<typeof Charge>;

export async function startGateway(dataDir: string, serverPort: number): Promise<Gateway> {
  const port = await freePort();
  const key = 'the key of the lab';
  const webhookSecret = 'whsec_c2VjcmV0IG9mIHRoZSBsYWIgYW5kIG5vYm9keSBlbHNl';
  const listenerUrl = `http://127.0.0.1:${serverPort}/webhooks/gateway`;
  const run = () => startSandbox({ port, dataDir, listenerUrl, key, webhookSecret });
  let running = await run();
  return {
    port,
    kill: async () => {
      running.kill();
      while (await listens(port)) await sleep(10);
    },
    start: async () => {
      running = await run();
    },
    env: (line) => ({
      GATEWAY_URL: `http://127.0.0.1:${line}`,
      GATEWAY_KEY: key,
      GATEWAY_WEBHOOK_SECRET: webhookSecret,
    }),
    charges: async () => {
      const headers = { Authorization: `Bearer ${key}` };
      const answer = await fetch(`http://127.0.0.1:${port}/v1/charges`, { headers });
      return Charges.parse(await answer.json()).charges;
    },
  };
}
