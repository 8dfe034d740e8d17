import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export type ServerOptions = {
  readonly databaseUrl: string;
  readonly port: number;
  /** Where it writes what it has to say. */
  readonly logFile: string;
  /** Settings besides those that every run needs. */
  readonly env?: Readonly<Record<string, string>>;
};

/** The server as users start it, in a process of its own that can be killed, paused and stopped. */
export type Server = {
  readonly url: string;
  readonly pid: number;
  readonly alive: () => boolean;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** SIGKILL, and its end awaited. */
  readonly kill: () => Promise<void>;
  /** SIGTERM, and its end awaited; its exit code. */
  readonly stop: () => Promise<number | null>;
};

const main = fileURLToPath(new URL('../apps/server/src/main.ts', import.meta.url));
const calls = '100000000';
const settings = {
  PATH: process.env['PATH'],
  NODE_ENV: 'test',
  SECRET_KEY: 'a key for the lab that is long enough',
  LOG_LEVEL: 'WARNING',
  DEMO: 'off',
  RATE_LIMIT_READ: calls,
  RATE_LIMIT_WRITE: calls,
  RATE_LIMIT_TENANT: calls,
};

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts it and waits until it is ready, unless that is of no interest. */
export async function startServer(
  { databaseUrl, port, logFile, env = {} }: ServerOptions,
  readyWithinMs = 60_000,
): Promise<Server> {
  const log = openSync(logFile, 'a');
  const given = { DATABASE_URL: databaseUrl, PORT: String(port), ...settings, ...env };
  const child = spawn(process.execPath, ['--max-semi-space-size=8', main], {
    env: given,
    stdio: ['ignore', log, log],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const url = `http://127.0.0.1:${port}`;
  const alive = () => child.exitCode === null && child.signalCode === null;
  if (readyWithinMs > 0 && !(await isReady(url, { alive, ms: readyWithinMs })))
    throw new Error(`the server at ${url} did not start; its last words are in ${logFile}`);
  const end = async (signal: NodeJS.Signals) => {
    const ended = alive() ? once(child, 'exit') : null;
    child.kill(signal);
    await ended;
    return child.exitCode;
  };
  return {
    url,
    pid: child.pid ?? 0,
    alive,
    signal: (signal) => void child.kill(signal),
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

async function isReady(url: string, { alive, ms }: { alive: () => boolean; ms: number }): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end && alive();) {
    const ready = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return true;
    await sleep(50);
  }
  return false;
}

/** Megabytes that a process has in memory. */
export function residentOf({ pid }: Pick<Server, 'pid'>): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1_024;
}
