import { alone } from './alone.ts';
import type { Database } from './database.ts';

/**
 * Brings the database up to date and says what was done; whoever comes second waits and finds nothing to do.
 */
export const migrate = (db: Database): Promise<string[]> =>
  alone(db, async () => (await db.orm.migrator.up()).map(({ name }) => name));

/** Takes the newest migration back and says which. */
export const rollback = (db: Database): Promise<string[]> =>
  alone(db, async () => (await db.orm.migrator.down()).map(({ name }) => name));

/** The migrations that are still to be done. */
export const pending = async (db: Database): Promise<string[]> =>
  (await db.orm.migrator.getPending()).map(({ name }) => name);
