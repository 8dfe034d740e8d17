import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbedded } from '@orderloom/db/embedded';

/** A PostgreSQL of our own that can be hurt; `port` changes whenever it is started anew. */
export type Postgres = {
  readonly url: () => string;
  readonly port: () => number;
  readonly alive: () => boolean;
  /** The postmaster dies without a word, and everything with it. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly killBackend: (pid: number) => void;
  /** Every process of it stands still, or goes on. */
  readonly signalAll: (signal: 'SIGSTOP' | 'SIGCONT') => void;
  readonly stop: () => Promise<void>;
};

export async function startPostgres(dataDir: string): Promise<Postgres> {
  let embedded = await startEmbedded({ dataDir });
  const lock = join(dataDir, 'postgres', 'postmaster.pid');
  // A database that has ended in order leaves no lock behind.
  const postmaster = () => (existsSync(lock) ? Number.parseInt(readFileSync(lock, 'utf8'), 10) : 0);
  const url = () => embedded.url;
  // It is no child that would end with this process.
  const end = () => isAlive(postmaster()) && process.kill(postmaster(), 'SIGKILL');
  process.on('exit', end);
  return {
    url,
    port: () => Number(new URL(url()).port),
    alive: () => isAlive(postmaster()),
    kill: async () => {
      const all = [postmaster(), ...childrenOf(postmaster())];
      process.kill(postmaster(), 'SIGKILL');
      while (all.some(isAlive)) await sleep(10);
    },
    start: async () => {
      // This process owns the one that died, and would wait for itself.
      await rm(join(dataDir, 'postgres.owner'), { force: true });
      embedded = await startEmbedded({ dataDir });
    },
    killBackend: (pid) => void process.kill(pid, 'SIGKILL'),
    signalAll: (signal) => {
      for (const pid of [postmaster(), ...childrenOf(postmaster())]) process.kill(pid, signal);
    },
    stop: async () => {
      process.off('exit', end);
      await embedded.stop();
    },
  };
}

/** State and parent of a process; nothing once it has ended. */
function statOf(pid: number): { readonly state: string; readonly parent: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = 'X', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return null;
  }
}

const isAlive = (pid: number): boolean => pid > 0 && !['Z', 'X', undefined].includes(statOf(pid)?.state);

const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)?.parent === parent);
