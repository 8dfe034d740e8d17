import { ok } from '@orderloom/core';
import { type Database, foldTallies, tenantIds, transact } from '@orderloom/db';
import type { Logger } from 'pino';
import { logFailure } from '../log.ts';

type House = { readonly db: Database; readonly log: Logger };

const limits = { everyMs: 5_000, changesAtOnce: 5_000 };

/**
 * Adds up what has changed in the statistics, now and then until it is stopped: once for every tenant, and
 * then for those that this server writes to. Statistics are exact without it; with it they stay quick.
 */
export function startFolding(house: House, everyMs = limits.everyMs): { readonly stop: () => Promise<void> } {
  const written = new Set<string>();
  const unhear = house.db.written.hear((tenantId) => written.add(tenantId));
  const turn = async (tenants: readonly string[]) => {
    for (const tenantId of tenants) {
      written.delete(tenantId);
      if (!(await fold(house, tenantId))) written.add(tenantId);
    }
  };
  let working: Promise<void> | null = everyTenant(house)
    .then(turn)
    .finally(() => (working = null));
  const timer = setInterval(() => {
    working ??= turn([...written]).finally(() => (working = null));
  }, everyMs);
  return {
    stop: async () => {
      unhear();
      clearInterval(timer);
      await working;
    },
  };
}

async function everyTenant({ db, log }: House): Promise<readonly string[]> {
  try {
    return await tenantIds(db);
  } catch (thrown) {
    logFailure(log, thrown, 'statistics');
    return [];
  }
}

/** Whether nothing is left to add up. Never throws. */
async function fold({ db, log }: House, tenantId: string): Promise<boolean> {
  try {
    const folded = await transact<number, never>(db, { tenantId, role: 'worker' }, async (em) =>
      ok(await foldTallies(em, tenantId, limits.changesAtOnce)),
    );
    return folded.ok && folded.value < limits.changesAtOnce;
  } catch (thrown) {
    logFailure(log, thrown, 'statistics');
    return false;
  }
}
