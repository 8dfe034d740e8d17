import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Defence } from '@orderloom/db';
import { afterAll } from 'vitest';

/** The server as users start it, in a process of its own that can be killed. */
export type ServerProcess = { readonly url: string; readonly kill: () => Promise<void> };
export type ProcessOptions = {
  readonly defenceOff?: readonly Defence[];
  /** Settings besides those that every test needs. */
  readonly env?: Readonly<Record<string, string>>;
};

/** Processes start in half the time when they find what others have compiled. */
export const quickStart = { NODE_COMPILE_CACHE: join(tmpdir(), 'orderloom-compiled') };

const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts it on a free port; whatever still runs is killed at the end of the file. */
export async function aServer(
  databaseUrl: string,
  { defenceOff = [], env: more = {} }: ProcessOptions = {},
): Promise<ServerProcess> {
  const env = {
    DATABASE_URL: databaseUrl,
    DEFENCE_OFF: defenceOff.join(','),
    PORT: '0',
    DEMO: 'off',
    LOG_LEVEL: 'ERROR',
    NODE_ENV: 'test',
    ...quickStart,
    ...more,
  };
  // A server gives a connection half a second, which a very busy machine may need: then it is started again.
  for (let tries = 1; ; tries += 1) {
    const { server, said } = await started(env);
    if (server) return server;
    if (tries === 3 || !said.includes('connection timeout')) throw new Error(`it did not start: ${said}`);
  }
}

async function started(env: Record<string, string>) {
  const file = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  for (let tries = 0; tries < 1_200 && child.exitCode === null; tries += 1) {
    const url = /Console +(http:\S+)\/admin\//.exec(said)?.[1];
    if (url !== undefined) return { server: { url, kill: () => killed(child) }, said };
    await sleep(50);
  }
  return { server: null, said };
}

async function killed(child: ChildProcess): Promise<void> {
  running.delete(child);
  child.kill('SIGKILL');
  await once(child, 'exit');
}
