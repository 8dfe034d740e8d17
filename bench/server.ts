import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const calls = '100000000';

/** The server as it runs in production, in a process of its own. */
export async function startServer(databaseUrl: string, port: number): Promise<ChildProcess> {
  const server = spawn(
    process.execPath,
    [fileURLToPath(new URL('../apps/server/src/main.ts', import.meta.url))],
    {
      env: {
        ...process.env,
        DATABASE_URL: databaseUrl,
        PORT: String(port),
        NODE_ENV: 'production',
        SECRET_KEY: 'a key for benches that is long enough',
        METRICS_TOKEN: 'a token for benches',
        LOG_LEVEL: 'ERROR',
        // The limits are counted as always, and never met.
        RATE_LIMIT_READ: calls,
        RATE_LIMIT_WRITE: calls,
        RATE_LIMIT_TENANT: calls,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  process.on('exit', () => server.kill('SIGKILL'));
  for (let tries = 0; tries < 300 && server.exitCode === null; tries += 1) {
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return server;
    await sleep(100);
  }
  throw new Error('the server did not start');
}

/** Megabytes that a process has in memory. */
export function residentOf({ pid }: ChildProcess): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1_024;
}

/** Seconds of CPU that a process has used. */
export function cpuOf({ pid }: ChildProcess): number {
  const [, user, system] = /\) (?:\S+ ){11}(\d+) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
  return (Number(user) + Number(system)) / 100;
}
