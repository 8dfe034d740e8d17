import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from './database.ts';

/** Defences that a test may take away, to see that it would notice. */
export const defences = [
  'stock',
  'balance',
  'idempotency',
  'version',
  'outbox',
  'tenant',
  'keyset',
  'epoch',
  'replay',
] as const;
export type Defence = (typeof defences)[number];

const switchedOff = new WeakMap<object, readonly Defence[]>();

/** Says which defences are off in the units of work that run on `connection`. */
export const switchOff = (connection: object, off: readonly Defence[]): void => {
  switchedOff.set(connection, off);
};

/** Whether a defence was taken away from this unit of work; never in production. */
export function isOff(em: EntityManager, defence: Defence): boolean {
  const connection = em.getTransactionContext<object>();
  return connection !== undefined && (switchedOff.get(connection)?.includes(defence) ?? false);
}

/** What the schema refuses even to a statement that guards nothing. */
const nets: Partial<Record<Defence, string>> = {
  stock: `alter table stock_levels
    drop constraint if exists stock_levels_not_negative, drop constraint if exists stock_levels_no_oversell`,
  balance: `alter table accounts drop constraint if exists accounts_floor`,
  // The trigger of I-13 and I-14, and the key that gives a version its events once.
  version: `
    drop trigger if exists orders_are_told on orders;
    alter table events drop constraint if exists events_tenant_id_order_id_version_idx_key`,
  // The policies, and the foreign keys of which every tenant's are its own.
  tenant: `do $$ declare wall record; begin
    for wall in select oid::regclass as name from pg_class where relrowsecurity loop
      execute format('alter table %s no force row level security, disable row level security', wall.name);
    end loop;
    for wall in select conrelid::regclass as name, conname from pg_constraint
      where contype = 'f' and cardinality(conkey) > 1 loop
      execute format('alter table %s drop constraint %I', wall.name, wall.conname);
    end loop;
  end $$`,
};

/** Takes the second net away as well, for good: only from a database that was made for the test. */
export async function dropNets({ pool }: Pick<Database, 'pool'>, off: readonly Defence[]): Promise<void> {
  for (const defence of off) {
    const net = nets[defence];
    if (net !== undefined) await pool.query(net);
  }
}

export const dropStockDefence = (db: Pick<Database, 'pool'>): Promise<void> => dropNets(db, ['stock']);
export const dropVersionDefence = (db: Pick<Database, 'pool'>): Promise<void> => dropNets(db, ['version']);
