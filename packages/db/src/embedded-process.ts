import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What PostgreSQL writes into `postmaster.pid`, as far as we read it. */
export type Lock = {
  readonly pid: number;
  readonly port: number;
  readonly sharedMemory: string;
  readonly ready: boolean;
};

export const lockFile = (cluster: string): string => join(cluster, 'postmaster.pid');

export async function readLock(cluster: string): Promise<Lock | undefined> {
  const text = await readFile(lockFile(cluster), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.trim());
  const [pid = '', , , port = '', , , shared = '', status = ''] = lines;
  if (!/^\d+$/.test(pid)) return undefined;
  return {
    pid: Number(pid),
    port: Number(port),
    sharedMemory: shared.split(/\s+/)[1] ?? '',
    ready: status === 'ready',
  };
}

/**
 * `pid:start time`, so that a reused number is not taken for the process that had it before.
 * Undefined once it has ended; a zombie, which a container's first process may never reap, has ended too.
 */
export function identityOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!hasCode(error, 'EPERM')) return undefined;
  }
  if (process.platform !== 'linux') return `${pid}`;
  const stat = readProc(pid, 'stat');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = 'X'] = fields;
  return state === 'Z' || state === 'X' || stat === '' ? undefined : `${pid}:${fields[19]}`;
}

/** Whether `pid` is the server of this cluster and not a stranger with a reused number. */
export function serves(pid: number, cluster: string): boolean {
  if (identityOf(pid) === undefined) return false;
  if (process.platform !== 'linux') return true;
  return readProc(pid, 'cmdline').split('\0').includes(cluster);
}

/** Polls until `probe` gives something; undefined when the time is over. */
export async function until<T>(
  probe: () => T | Promise<T>,
  timeoutMs: number,
): Promise<Exclude<T, undefined | false> | undefined> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (isFound(found)) return found;
    if (Date.now() > end) return undefined;
    await sleep(15);
  }
}

/** Processes still attached to the shared memory that a dead server named in its lock file. */
export function attached(lock: Lock): number {
  if (process.platform !== 'linux') return 0;
  const rows = readText('/proc/sysvipc/shm').split('\n');
  const row = rows.map((line) => line.trim().split(/\s+/)).find(([, id]) => id === lock.sharedMemory);
  return Number(row?.[6] ?? 0);
}

export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const isFound = <T>(value: T): value is Exclude<T, undefined | false> =>
  value !== undefined && value !== false;
const readProc = (pid: number, file: string): string => readText(`/proc/${pid}/${file}`);

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
