import { migrationsList } from '../../migrations/index.ts';
import type { Database } from '../database.ts';
import { migrate, pending } from '../migrate.ts';
import { run } from '../sql.ts';
import { sqlStateOf } from '../faults.ts';
import { byCredential } from '../transact.ts';

/** Migrates, and lets the application see what was done: a server need not be allowed to do it itself. */
export async function migrateOpenly(db: Database): Promise<string[]> {
  const done = await migrate(db);
  if (done.length > 0) await db.pool.query('grant select on mikro_orm_migrations to orderloom_app');
  return done;
}

const notAllowed = '42501';
/** The table or the role is not there yet. */
const notThere = new Set(['42P01', '22023', '42704']);

/** The migrations that this database lacks, also for a role that can only become the application. */
export async function missingMigrations(db: Database): Promise<string[]> {
  const wanted = migrationsList.map(({ name }) => name);
  try {
    const found = await byCredential(db, '', (em) =>
      run<{ name: string }>(em, 'select name from public.mikro_orm_migrations', []),
    );
    const done = new Set(found.map(({ name }) => name));
    return wanted.filter((name) => !done.has(name));
  } catch (thrown) {
    if (notThere.has(sqlStateOf(thrown))) return wanted;
    if (sqlStateOf(thrown) === notAllowed) return pending(db);
    throw thrown;
  }
}
