import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from '@mikro-orm/postgresql';
import { fold, transitions } from '@orderloom/core';
import type { Database } from './database.ts';
import { eventsOf } from './history.ts';
import { type Invariant, invariants } from './invariants.ts';
import { loadOrders } from './load.ts';
import { rows, run } from './sql.ts';
import { read, tenantIds } from './transact.ts';

/** Where the data disagree with themselves. A healthy system has none. */
export type Difference = {
  readonly invariant: string;
  readonly tenantId: string;
  readonly subject: string;
  readonly expected: unknown;
  readonly found: unknown;
};

const limits = { differencesMax: 100, pageSize: 500 };
const statementTimeout = '10min';

/** Whole tables are read here, not a few rows of them: hashed, and as planned for what is there now. */
export const forWholeTables = `select set_config('enable_nestloop', 'off', true),
  set_config('enable_seqscan', 'on', true), set_config('plan_cache_mode', 'force_custom_plan', true)`;

/** Recomputes the invariants for every tenant, or for one, and gives the differences. */
export async function check(db: Database, tenantId?: string): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const id of tenantId === undefined ? await tenantIds(db) : [tenantId])
    differences.push(...(await checkTenant(db, id)));
  return differences;
}

async function checkTenant(db: Database, tenantId: string): Promise<Difference[]> {
  const scope = { tenantId, statementTimeout };
  const found = await read(db, scope, async (em) => {
    await run(em, forWholeTables, []);
    const all: Difference[] = [];
    for (const invariant of invariants) all.push(...(await differencesOf(em, tenantId, invariant)));
    return [...all, ...(await unknownPairs(em, tenantId))];
  });
  // I-12 page by page, each in its own snapshot, so that a large tenant neither fills memory nor holds one
  // open.
  for (let page = await read(db, scope, (em) => refold(em, tenantId, null)); page.last !== null;) {
    found.push(...page.differences);
    const { last } = page;
    page = await read(db, scope, (em) => refold(em, tenantId, last));
  }
  return found;
}

type Finding = Pick<Difference, 'subject' | 'expected' | 'found'>;

async function differencesOf(
  em: EntityManager,
  tenantId: string,
  { id, sql }: Invariant,
): Promise<Difference[]> {
  const found = await rows<Finding>(em, `${sql} limit ${limits.differencesMax}`, [tenantId]);
  return found.map((finding) => ({ invariant: id, tenantId, ...finding }));
}

/** I-16 against the table of today; the database's own net holds the pairs of its migration. */
async function unknownPairs(em: EntityManager, tenantId: string): Promise<Difference[]> {
  const pairs = transitions.map(({ from, to }) => `${from ?? ''}>${to}`);
  const found = await rows<Finding>(
    em,
    `select id as subject, 'a pair of the table' as expected, concat(from_status, '>', to_status) as found
     from events where tenant_id = $1 and from_status is distinct from to_status
       and not concat(from_status, '>', to_status) = any ($2::text[]) limit ${limits.differencesMax}`,
    [tenantId, pairs],
  );
  return found.map((finding) => ({ invariant: 'I-16', tenantId, ...finding }));
}

type Page = { readonly last: string | null; readonly differences: readonly Difference[] };

/** I-12: folding the events of an order gives the stored order. */
async function refold(em: EntityManager, tenantId: string, after: string | null): Promise<Page> {
  const ids = await rows<{ id: string }>(
    em,
    `select id from orders where tenant_id = $1 and deleted_at is null and ($2::uuid is null or id > $2::uuid)
     order by id limit ${limits.pageSize}`,
    [tenantId, after],
  );
  const wanted = ids.map(({ id }) => id);
  const stored = await loadOrders(em, tenantId, wanted);
  const told = await eventsOf(em, tenantId, wanted);
  const differences = wanted.flatMap((id): Difference[] => {
    const events = told.get(id) ?? [];
    const expected = events.length > 0 ? fold(events) : null;
    const found = stored.get(id) ?? null;
    return isDeepStrictEqual(expected, found)
      ? []
      : [{ invariant: 'I-12', tenantId, subject: id, expected, found }];
  });
  return { last: wanted.at(-1) ?? null, differences };
}
