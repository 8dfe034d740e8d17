import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { clusterOf, commandAs, findHome, handOver, type Home } from './embedded-home.ts';
import {
  attached,
  hasCode,
  identityOf,
  lockFile,
  readLock,
  serves,
  until,
  type Lock,
} from './embedded-process.ts';

export type Embedded = { readonly url: string; stop(): Promise<void> };
export type EmbeddedOptions = { readonly dataDir: string; readonly durable?: boolean };

const patienceMs = 60_000;

/**
 * Starts the PostgreSQL that comes with the packages, or joins the one that already serves `dataDir`.
 * Whoever started it owns it, and so does whoever finds it after its owner died; only an owner stops it.
 */
export async function startEmbedded({ dataDir, durable = true }: EmbeddedOptions): Promise<Embedded> {
  const home = await findHome(dataDir);
  for (;;) {
    if (await claim(home)) return own(home, durable);
    const joined = await joinRunning(home);
    if (joined) return joined;
  }
}

/** Writes our name into the owner file, unless the process named there is alive. */
async function claim(home: Home): Promise<boolean> {
  const path = ownerFile(home);
  const me = identityOf(process.pid) ?? `${process.pid}`;
  const outcome = await writeFile(path, me, { flag: 'wx' }).catch((error: unknown) => error);
  if (outcome === undefined) return true;
  if (!hasCode(outcome, 'EEXIST')) return refuseForeign(home)(outcome);
  const holder = await readFile(path, 'utf8').catch(() => '');
  if (holder !== '' && identityOf(Number.parseInt(holder, 10)) === holder) return false;
  await rm(path, { force: true });
  return claim(home);
}

async function own(home: Home, durable: boolean): Promise<Embedded> {
  try {
    const lock = (await findOrphan(home)) ?? (await launch(home, durable));
    return { url: await urlOf(home, lock.port), stop: () => stop(home, lock.pid) };
  } catch (error) {
    await rm(ownerFile(home), { force: true });
    throw error;
  }
}

/** Another process owns the server: use it, and leave it running. Undefined when that owner has died. */
async function joinRunning(home: Home): Promise<Embedded | undefined> {
  const owner = await readFile(ownerFile(home), 'utf8').catch(() => '');
  const found = await until(async () => {
    const lock = await readLock(clusterOf(home));
    if (lock?.ready && serves(lock.pid, clusterOf(home))) return lock;
    return identityOf(Number.parseInt(owner, 10)) === owner ? undefined : ('ownerless' as const);
  }, patienceMs);
  if (found === 'ownerless') return undefined;
  if (!found)
    throw new Error(`Process ${owner} is starting the database in ${home.base}, but it is not ready.`);
  return { url: await urlOf(home, found.port), stop: async () => {} };
}

/** A server whose owner was killed. Without one, the lock file of a dead server is cleared away. */
async function findOrphan(home: Home): Promise<Lock | undefined> {
  const cluster = clusterOf(home);
  const lock = await readLock(cluster);
  if (!lock) return undefined;
  if (serves(lock.pid, cluster)) {
    const settled = await until(async () => {
      const now = await readLock(cluster);
      return now?.ready ? now : !serves(lock.pid, cluster) && ('gone' as const);
    }, patienceMs);
    if (settled && settled !== 'gone') return verified(home, settled);
  }
  // PostgreSQL itself would take a zombie, or a stranger with a reused number, for its running predecessor.
  if (serves(lock.pid, cluster) || !(await until(() => attached(lock) === 0, patienceMs)))
    throw new Error(`Processes of an earlier server still use the database in ${cluster}.`);
  await rm(lockFile(cluster), { force: true });
  return undefined;
}

async function verified(home: Home, lock: Lock): Promise<Lock> {
  const client = new pg.Client({ connectionString: await urlOf(home, lock.port) });
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    if (rows[0]?.data_directory === clusterOf(home)) return lock;
    throw new Error(`it serves ${rows[0]?.data_directory ?? 'nothing'}`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Process ${lock.pid} holds ${clusterOf(home)} but is not our server: ${reason}.`, {
      cause,
    });
  } finally {
    await client.end().catch(() => {});
  }
}

async function launch(home: Home, durable: boolean): Promise<Lock> {
  const cluster = clusterOf(home);
  if (!(await versionOf(cluster))) await initialise(home, durable);
  const version = await versionOf(cluster);
  if (version !== '18')
    throw new Error(`The database in ${cluster} is of PostgreSQL ${version}; this one is 18.`);
  await handOver(cluster, home.account);
  for (let attempt = 1; ; attempt += 1) {
    const started = await startServer(home, durable);
    if (started) return started;
    const log = await logTail(home);
    // Somebody may take the free port between our looking and the server's asking for it.
    if (attempt < 3 && /could not bind|could not create any TCP/i.test(log)) continue;
    throw new Error(`PostgreSQL did not start in ${cluster}. Its last words:\n${log}`);
  }
}

async function startServer(home: Home, durable: boolean): Promise<Lock | undefined> {
  const cluster = clusterOf(home);
  const port = await freePort();
  const log = await open(logFile(home), 'w');
  const settings = { ...serverSettings, ...(durable ? {} : carelessSettings), port };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { file, args, as } = commandAs(home.account, join(home.binaries, 'postgres'), [
    '-D',
    cluster,
    ...flags,
  ]);
  // Detached, so that Ctrl-C reaches us and not the database: it must outlive the requests in flight.
  const child = spawn(file, args, {
    ...as,
    detached: true,
    cwd: '/',
    env: environment(),
    stdio: ['ignore', log.fd, log.fd],
  });
  let ended = false;
  child.once('error', () => (ended = true)).once('exit', () => (ended = true));
  child.unref();
  await log.close();
  const outcome = await until(async () => {
    if (ended) return 'ended' as const;
    const lock = await readLock(cluster);
    return lock?.ready === true && lock.pid === child.pid && lock;
  }, 2 * patienceMs);
  if (!outcome) child.kill('SIGQUIT');
  return outcome === 'ended' ? undefined : outcome;
}

/** Creates the cluster beside its place and moves it there when it is whole. */
async function initialise(home: Home, durable: boolean): Promise<void> {
  const draft = `${clusterOf(home)}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile(home), randomBytes(24).toString('base64url'), { mode: 0o600 });
  await handOver(passwordFile(home), home.account);
  await handOver(draft, home.account);
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--encoding=UTF8'];
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile(home)}`];
  const flags = ['-D', draft, ...access, ...locale, ...(durable ? [] : ['--no-sync'])];
  const { file, args, as } = commandAs(home.account, join(home.binaries, 'initdb'), flags);
  const said = await new Promise<string>((resolve) => {
    const child = spawn(file, args, { ...as, cwd: '/', env: environment() });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => resolve(code === 0 ? '' : output));
  });
  if (said !== '') throw new Error(`The database could not be created in ${draft}:\n${said}`);
  await rename(draft, clusterOf(home));
}

/** Fast shutdown: open transactions are rolled back, nothing that was acknowledged is lost. */
async function stop(home: Home, pid: number): Promise<void> {
  const cluster = clusterOf(home);
  for (const [signal, waitMs] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!serves(pid, cluster)) break;
    process.kill(pid, signal);
    await until(() => !serves(pid, cluster), waitMs);
  }
  await rm(ownerFile(home), { force: true });
}

const ownerFile = (home: Home): string => join(home.base, 'postgres.owner');
const passwordFile = (home: Home): string => join(home.base, 'postgres.password');
const logFile = (home: Home): string => join(home.base, 'postgres.log');

async function urlOf(home: Home, port: number): Promise<string> {
  const password = await readFile(passwordFile(home), 'utf8').catch(refuseForeign(home));
  return `postgresql://postgres:${password.trim()}@127.0.0.1:${port}/postgres`;
}

const refuseForeign =
  (home: Home) =>
  (cause: unknown): never => {
    const advice = 'use that user, or another DATA_DIR';
    throw new Error(`${home.base} belongs to another user: ${advice}.`, { cause });
  };

const versionOf = async (cluster: string): Promise<string> =>
  (await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim();

const logTail = async (home: Home): Promise<string> =>
  (await readFile(logFile(home), 'utf8').catch(() => '(no log)')).trim().split('\n').slice(-15).join('\n');

/** Nothing of the caller's PG* variables, locale or time zone reaches the server. */
const environment = (): NodeJS.ProcessEnv => ({ PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' });

const serverSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 100,
  shared_buffers: '128MB',
  effective_cache_size: '1GB',
  random_page_cost: 1.1,
  wal_compression: 'on',
  checkpoint_timeout: '15min',
  // A young table is planned for as if it were empty until it is analysed (ADR 0015).
  autovacuum_naptime: '10s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  shared_preload_libraries: 'pg_stat_statements',
};

/** For tests: a lost machine may lose the data. */
const carelessSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
