import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, type Defence, openDatabase } from '@orderloom/db';
import { issueToken } from '../apps/server/src/users/issue-token.ts';
import { createSuperuser } from '../apps/server/src/users/superuser.ts';
import { type Server, type ServerOptions, startServer } from './server.ts';

/** What a lab works on. */
export type Installation = {
  readonly urls: readonly [string, ...string[]];
  /** Of an administrator. */
  readonly token: string;
  /** Of an administrator of another tenant. */
  readonly strangerToken: string | null;
  /** The database beneath, with all defences up; only of an installation that the lab started itself. */
  readonly db: Database | null;
  readonly stop: () => Promise<void>;
};
export type OwnInstallation = Installation & { readonly db: Database; readonly servers: readonly Server[] };
export type InstallationOptions = {
  readonly servers?: number;
  /** Defences that the servers do without; production refuses that, so they are test servers then. */
  readonly defenceOff?: readonly Defence[];
};

/** Two tenants with their administrators in a migrated database, and server processes that share it. */
export async function startInstallation(
  databaseUrl: string,
  { servers: count = 2, defenceOff = [] }: InstallationOptions = {},
): Promise<OwnInstallation> {
  const db = await openDatabase({ url: databaseUrl, poolMax: 4, acquireTimeoutMs: 20_000 });
  const [token, strangerToken] = [await administrator(db, 'lab'), await administrator(db, 'lab-stranger')];
  const logs = mkdtempSync(join(tmpdir(), 'orderloom-lab-logs-'));
  const env =
    defenceOff.length > 0
      ? { DEFENCE_OFF: defenceOff.join(',') }
      : { NODE_ENV: 'production', METRICS_TOKEN: 'a token for the lab' };
  const start = (number: number) =>
    insisted({ databaseUrl, logFile: join(logs, `server-${number}.log`), env });
  const [first, ...others] = await Promise.all(Array.from({ length: count }, (_, number) => start(number)));
  if (!first) throw new RangeError('an installation has a server');
  const servers = [first, ...others];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await db.close();
    rmSync(logs, { recursive: true, force: true });
  };
  return { urls: [first.url, ...others.map(({ url }) => url)], token, strangerToken, db, servers, stop };
}

/** On a busy machine a server may give up while it starts: its port is taken, its database is slow. */
async function insisted(options: Omit<ServerOptions, 'port'>): Promise<Server> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startServer({ ...options, port: await freePort() });
    } catch (thrown) {
      if (tries === 5) throw thrown;
    }
  }
}

async function administrator(db: Database, tenantId: string): Promise<string> {
  const at = new Date().toISOString();
  const email = `${tenantId}@example.com`;
  const made = await createSuperuser(db, { email, password: 'a password for the lab', tenantId, at });
  const issued = await issueToken(db, { email, name: 'Lab', days: 1, at, mode: 'production' });
  if (!made.ok || !issued.ok) throw new Error(`${tenantId} got no administrator`);
  return issued.value;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
