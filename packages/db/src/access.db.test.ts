import { ok } from '@orderloom/core';
import { describe, expect, it } from 'vitest';
import { newId } from './ids.ts';
import { callerByToken } from './queries/sign-in.ts';
import { rows, run } from './sql.ts';
import { oneOfEach, secretHash } from './testing/one-of-each.ts';
import { aTenant, freshDatabase } from './testing.ts';
import { sqlStateOf } from './faults.ts';
import { byCredential, read, transact } from './transact.ts';

const db = await freshDatabase();
const ours = await aTenant(db);
const theirs = await aTenant(db);

// One row of everything, so that an empty answer says that the wall stands and not that there is nothing
// behind it.
await oneOfEach(db, theirs);

const tables = [...db.orm.getMetadata().getAll().values()]
  .filter(({ properties }) => Boolean(properties['tenantId']))
  .map(({ tableName }) => tableName);
const stateOf = (work: Promise<unknown>) => work.then(() => 'nothing', sqlStateOf);
const count = `select count(*)::int as count from`;

describe.each(tables)('%s', (table) => {
  it('shows its rows to their tenant', async () => {
    const [found] = await read(db, theirs, (em) => run<{ count: number }>(em, `${count} ${table}`, []));
    expect(found?.count).toBeGreaterThan(0);
  });

  it('shows another tenant nothing of them', async () => {
    const theirRows = `${count} ${table} where tenant_id = $1`;
    expect(await read(db, ours, (em) => run(em, theirRows, [theirs.tenantId]))).toEqual([{ count: 0 }]);
  });

  it('shows nothing at all without a tenant', async () => {
    expect(await byCredential(db, '', (em) => run(em, `${count} ${table}`, []))).toEqual([{ count: 0 }]);
  });

  it('takes no row of another tenant', async () => {
    const smuggled = transact(db, ours, async (em) =>
      ok(
        await run(
          em,
          `insert into ${table} overriding user value
           select (jsonb_populate_record(null::${table}, jsonb_build_object('tenant_id', $1::text))).*`,
          [theirs.tenantId],
        ),
      ),
    );
    expect(await stateOf(smuggled)).toBe('42501');
  });
});

describe('the role of requests', () => {
  it.each([
    `update events set reason = 'x'`,
    'delete from events',
    'update stock_movements set reserved = 0',
    'delete from journal_entries',
    'update postings set amount_minor = 1',
    'delete from orders',
    'drop table orders',
    'alter table orders disable row level security',
    'create table mine (id int)',
    `update sessions set principal_id = '${newId()}'`,
  ])('may not %s', async (statement) => {
    expect(await stateOf(transact(db, ours, async (em) => ok(await run(em, statement, []))))).toBe('42501');
  });
});

describe('the role of workers', () => {
  const worker = { tenantId: theirs.tenantId, role: 'worker' as const };

  it('publishes an event, once', async () => {
    const publish = `update events set feed_seq = 1, published_at = now(),
        hash = chain_step(null, '', event_digest(events))
      where id = (select id from events order by id limit 1 for update skip locked)`;
    expect(await stateOf(transact(db, worker, async (em) => ok(await run(em, publish, []))))).toBe('nothing');
    expect(await stateOf(transact(db, worker, async (em) => ok(await run(em, publish, []))))).toBe('23000');
  });

  it.each([
    `update events set data = '{}'`,
    `update orders set status = 'CLOSED'`,
    'select secret_hash from api_tokens',
  ])('may not %s', async (statement) => {
    expect(await stateOf(transact(db, worker, async (em) => ok(await run(em, statement, []))))).toBe('42501');
  });
});

describe('a credential', () => {
  it('is found by its hash before the tenant is known, in one statement', async () => {
    const caller = await callerByToken(db, secretHash);
    expect(caller).toMatchObject({ tenantId: theirs.tenantId, principalId: theirs.principalId });
  });

  it('that nobody has finds nobody', async () => {
    expect(await callerByToken(db, 'b'.repeat(64))).toBeUndefined();
  });

  it('shows its own row and no other', async () => {
    const seen = (credential: string) =>
      byCredential(db, credential, (em) =>
        rows(
          em,
          `select (select count(*) from api_tokens) as tokens, (select count(*) from sessions) as sessions,
             (select count(*) from principals) as principals`,
          [],
        ),
      );
    expect(await seen(secretHash)).toEqual([{ tokens: 1, sessions: 0, principals: 0 }]);
    expect(await seen('session-hash')).toEqual([{ tokens: 0, sessions: 1, principals: 0 }]);
    expect(await seen(`${theirs.tenantId}@example.com`)).toEqual([{ tokens: 0, sessions: 0, principals: 1 }]);
  });

  it('leaves nothing behind for whoever gets the connection next', async () => {
    await callerByToken(db, secretHash);
    const { rows: left } = await db.pool.query(
      `select coalesce(current_setting('app.tenant', true), '')
         || coalesce(current_setting('app.credential', true), '') as left`,
    );
    expect(left).toEqual([{ left: '' }]);
  });
});
