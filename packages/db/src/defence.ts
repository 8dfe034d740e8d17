import type { EntityManager } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';

/** Defences that a test may take away, to see that it would notice. */
export const defences = ['stock', 'idempotency', 'version', 'outbox', 'keyset', 'epoch'] as const;
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

/** Takes the second net away as well, for good: only from a database that was made for the test. */
export const dropStockDefence = async ({ pool }: { readonly pool: Pool }): Promise<void> => {
  await pool.query(`alter table stock_levels
    drop constraint if exists stock_levels_not_negative, drop constraint if exists stock_levels_no_oversell`);
};

/** The same for versions: the trigger of I-13 and I-14, and the key that gives a version its events once. */
export const dropVersionDefence = async ({ pool }: { readonly pool: Pool }): Promise<void> => {
  await pool.query(`
    drop trigger if exists orders_are_told on orders;
    alter table events drop constraint if exists events_tenant_id_order_id_version_idx_key`);
};
