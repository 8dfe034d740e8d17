import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const calls = '100000000';
export const secretKey = 'a key for benches that is long enough';

/** The server as it runs in production, in a process of its own. */
export async function startServer(
  databaseUrl: string,
  port: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const server = spawn(
    process.execPath,
    ['--max-semi-space-size=8', fileURLToPath(new URL('../apps/server/src/main.ts', import.meta.url))],
    {
      env: {
        ...process.env,
        DATABASE_URL: databaseUrl,
        PORT: String(port),
        NODE_ENV: 'production',
        SECRET_KEY: secretKey,
        METRICS_TOKEN: 'a token for benches',
        LOG_LEVEL: 'ERROR',
        // The limits are counted as always, and never met.
        RATE_LIMIT_READ: calls,
        RATE_LIMIT_WRITE: calls,
        RATE_LIMIT_TENANT: calls,
        ...settings,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  process.on('exit', () => server.kill('SIGKILL'));
  for (let tries = 0; tries < 6_000 && server.exitCode === null; tries += 1) {
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return server;
    await sleep(20);
  }
  throw new Error('the server did not start');
}

export async function stopServer(server: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  if (server.exitCode === null && server.kill('SIGTERM')) await ended;
}

/** Megabytes that a process has in memory. */
export function residentOf({ pid }: ChildProcess): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1_024;
}

/** Seconds of CPU that a process has used. */
export const cpuOf = ({ pid }: { readonly pid?: number | undefined }): number => timesOf(pid).own;

/** Seconds of CPU of a process and of all that it started, those that have ended as well. */
export function cpuOfAll(pid: number): number {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const children = all.map((name) => timesOf(Number(name))).filter(({ parent }) => parent === pid);
  const { own, ended } = timesOf(pid);
  return children.reduce((sum, child) => sum + child.own + child.ended, own + ended);
}

function timesOf(pid: number | undefined) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [user, system, endedUser, endedSystem] = fields.slice(11, 15).map((ticks) => Number(ticks) / 100);
    const ended = (endedUser ?? 0) + (endedSystem ?? 0);
    return { parent: Number(fields[1]), own: (user ?? 0) + (system ?? 0), ended };
  } catch {
    return { parent: 0, own: 0, ended: 0 };
  }
}
