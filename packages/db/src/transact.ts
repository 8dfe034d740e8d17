import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OptimisticLockError } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { err, type Result } from '@orderloom/core';
import { escapeLiteral, type PoolClient } from 'pg';
import { kyselyOn } from './connection.ts';
import { hasWritten } from './bell.ts';
import type { Database } from './database.ts';
import { switchOff } from './defence.ts';
import { isUnavailable, sqlStateOf } from './faults.ts';
import { unwatch, watch } from './silence.ts';
import { run } from './sql.ts';

/** In whose name a unit of work runs. Everything that other tenants own is invisible to it. */
export type TenantScope = {
  readonly tenantId: string;
  readonly role?: 'app' | 'worker';
  /** For work that nobody waits for; requests keep to three seconds. */
  readonly statementTimeout?: string;
};

/** Somebody else wrote the row since it was read. */
export type VersionConflict = { readonly code: 'VERSION_CONFLICT'; readonly currentVersion: number | null };

const limits = {
  statement_timeout: '3s',
  // Longer than the second after which PostgreSQL looks for a deadlock: otherwise it never finds one, and
  // both who wait for each other lose.
  lock_timeout: '1200ms',
  idle_in_transaction_session_timeout: '5s',
  // Plans are kept, those of foreign keys too: what was planned on an empty table would scan the full one.
  enable_seqscan: 'off',
  // Planning a batch's write costs more than running it; our statements want the same plan whatever their
  // values.
  plan_cache_mode: 'force_generic_plan',
};
const retriesMax = 3;
// Serialisation failure and deadlock: nothing was written, and a second try may well succeed. A lock timeout
// has already cost its second and is told to the caller.
const transient = new Set(['40001', '40P01']);

/**
 * The unit of work: one transaction within one tenant. A value commits; a refusal rolls everything back and
 * is returned as it is; what is thrown rolls back and is thrown on.
 */
export async function transact<T, E>(
  db: Database,
  scope: TenantScope,
  work: (em: EntityManager) => Promise<Result<T, E>>,
): Promise<Result<T, E | VersionConflict>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      let told = false;
      const ended = await runOnce(db, beginIn(scope), async (em) => {
        em.setFilterParams('tenant', { tenantId: scope.tenantId });
        const result = await work(em);
        if (result.ok) await em.flush();
        told = result.ok && hasWritten(em);
        return { result, commit: result.ok };
      });
      if (told) db.written.ring(scope.tenantId);
      return ended;
    } catch (thrown) {
      if (thrown instanceof OptimisticLockError)
        return err({ code: 'VERSION_CONFLICT', currentVersion: null });
      if (attempt > retriesMax || !transient.has(sqlStateOf(thrown))) throw thrown;
      await sleep(randomInt(20 * 2 ** attempt));
    }
  }
}

/** Reads one unchanging state of a tenant's data: the database refuses to write in here. */
export const read = <T>(db: Line, scope: TenantScope, work: (em: EntityManager) => Promise<T>): Promise<T> =>
  runOnce(db, beginIn(scope, 'begin isolation level repeatable read read only'), async (em) => {
    em.setFilterParams('tenant', { tenantId: scope.tenantId });
    return { result: await work(em), commit: true };
  });

/**
 * The same, from a replica when there is one that has come as far as the primary: it shows all that was
 * committed before it was asked, by whichever server. For reads that cost more than asking that.
 */
export async function readAnywhere<T>(
  db: Database,
  scope: TenantScope,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  const following = await db.replicas.caughtUp();
  if (!following) return read(db, scope, work);
  const { client, tell } = following;
  try {
    const found = await read({ ...db, pool: { connect: async () => client } }, scope, work);
    tell('answered');
    return found;
  } catch (thrown) {
    const failed = isOfReplica(thrown);
    tell(failed ? 'failed' : 'answered');
    if (!failed) throw thrown;
    return read(db, scope, work);
  }
}

/** Whether the primary may well do better: the database is at fault, and not because it took too long. */
const isOfReplica = (thrown: unknown): boolean =>
  sqlStateOf(thrown) !== '57014' && (sqlStateOf(thrown) !== '' || isUnavailable(thrown));

/**
 * Before the tenant is known: only what belongs to the presented credential (a hash, an e-mail) can be seen.
 */
export const byCredential = <T>(
  db: Database,
  credential: string,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> =>
  runOnce(
    db,
    begin({ role: 'orderloom_app', 'app.tenant': '', 'app.credential': credential }),
    async (em) => {
      em.setFilterParams('tenant', { tenantId: '' });
      return { result: await work(em), commit: true };
    },
  );

/**
 * One statement outside any transaction, in one round trip: only for the functions that confine themselves
 * to what the presented credential owns (`caller_by_token`, `caller_by_session`), because every request asks
 * them.
 */
export async function lookUp<T>(db: Database, work: (em: EntityManager) => Promise<T>): Promise<T> {
  const client = await db.pool.connect();
  let broken = true;
  try {
    watch(client);
    const found = await work(managerOn(db, client));
    broken = false;
    return found;
  } finally {
    unwatch(client);
    client.release(broken);
  }
}

/** What a worker asks before it knows in which tenant there is something to do. */
export const acrossTenants = <T>(db: Database, work: (em: EntityManager) => Promise<T>): Promise<T> =>
  runOnce(db, begin({ role: 'orderloom_worker', 'app.tenant': '' }), async (em) => ({
    result: await work(em),
    commit: true,
  }));

/** Every tenant there is: workers go from one to the next. */
export const tenantIds = (db: Database): Promise<string[]> =>
  acrossTenants(db, async (em) => {
    const found = await run<{ id: string }>(em, 'select id from tenants order by id', []);
    return found.map(({ id }) => id);
  });

/** How a unit of work begins, and whether its statements may take longer than those of requests. */
type Opening = { readonly text: string; readonly patient: boolean };

function beginIn(scope: TenantScope, opening = 'begin'): Opening {
  const { tenantId, role = 'app', statementTimeout = limits.statement_timeout } = scope;
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(tenantId)) throw new RangeError(`not a tenant id: ${tenantId}`);
  const settings = { role: `orderloom_${role}`, 'app.tenant': tenantId, 'app.credential': '' };
  return begin({ ...settings, statement_timeout: statementTimeout }, opening);
}

/** `begin` and every setting in one round trip; all of them end with the transaction. */
function begin(settings: Readonly<Record<string, string>>, opening = 'begin'): Opening {
  const set = Object.entries({ ...limits, ...settings }).map(
    ([name, value]) => `set_config('${name}', ${escapeLiteral(value)}, true)`,
  );
  const { statement_timeout: most = limits.statement_timeout } = settings;
  return { text: `${opening}; select ${set.join(', ')}`, patient: most !== limits.statement_timeout };
}

/** Where units of work get their connections from. */
type Line = Pick<Database, 'orm' | 'defenceOff'> & {
  readonly pool: { readonly connect: () => Promise<PoolClient> };
};

type Outcome<T> = { readonly result: T; readonly commit: boolean };

async function runOnce<T>(
  db: Line,
  opening: Opening,
  work: (em: EntityManager) => Promise<Outcome<T>>,
): Promise<T> {
  const client = await db.pool.connect();
  let broken = false;
  try {
    if (!opening.patient) watch(client);
    // The first statement follows at once. Should `begin` fail, nothing on this connection goes on.
    const begun = client.query(opening.text).catch((thrown: unknown) => {
      broken = true;
      throw thrown;
    });
    const [{ result, commit }] = await Promise.all([work(managerOn(db, client)), begun]);
    await client.query(commit ? 'commit' : 'rollback');
    return result;
  } catch (thrown) {
    // A connection that cannot even roll back is not given to anybody else.
    await client.query('rollback').catch(() => (broken = true));
    throw thrown;
  } finally {
    unwatch(client);
    client.release(broken);
  }
}

function managerOn(db: Line, client: PoolClient): EntityManager {
  const connection = kyselyOn(client);
  switchOff(connection, db.defenceOff);
  const em = db.orm.em.fork();
  em.setTransactionContext(connection);
  return em;
}
