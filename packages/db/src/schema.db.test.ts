import { transitions } from '@orderloom/core';
import { describe, expect, it } from 'vitest';
import { migrationsList } from '../migrations/index.ts';
import { openDatabase } from './database.ts';
import { migrate, pending, rollback } from './migrate.ts';
import { freshDatabase } from './testing.ts';

const db = await freshDatabase({ checked: false });
const tables = async () => {
  const { rows } = await db.pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  );
  return rows.map(({ name }) => name).sort();
};

describe('the rows', () => {
  it('agree with the migrated tables, column by column', async () => {
    const { rows } = await db.pool.query<{ found: string }>(
      `select table_name || '.' || column_name || ' ' || replace(udt_name, 'int4', 'int') ||
         case when is_nullable = 'YES' then ' null' else '' end as found
       from information_schema.columns
       where table_schema = 'public' and table_name <> 'mikro_orm_migrations'`,
    );
    const word: Record<string, string> = {
      'timestamptz(3)': 'timestamptz',
      bigint: 'int8',
      boolean: 'bool',
      'text[]': '_text',
    };
    const described = [...db.orm.getMetadata().getAll().values()].flatMap(({ tableName, props }) =>
      props.map(({ fieldNames: [column = ''], columnTypes: [type = ''], nullable }) => {
        const kind = word[type] ?? type;
        return `${tableName}.${column} ${kind}${nullable ? ' null' : ''}`;
      }),
    );
    expect(described.sort()).toEqual(rows.map(({ found }) => found).sort());
  });

  it('belong to a tenant by their first key, and are filtered by it', () => {
    const unfiltered = [...db.orm.getMetadata().getAll().values()]
      .filter(
        ({ properties, filters, primaryKeys }) =>
          Boolean(properties['tenantId']) && (!filters['tenant']?.default || primaryKeys[0] !== 'tenantId'),
      )
      .map(({ tableName }) => tableName);
    expect(unfiltered).toEqual([]);
  });
});

describe('the schema', () => {
  it('puts the tenant first into every key, index and foreign key of a tenant table', async () => {
    const { rows } = await db.pool.query<{ name: string }>(
      `select i.indexrelid::regclass::text as name
       from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'public' and exists (
           select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')
         and not exists (
           select from pg_attribute a
           where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnum = i.indkey[0])
       union all
       select conname from pg_constraint f
       where contype = 'f' and confrelid <> 'tenants'::regclass and not exists (
         select from pg_attribute a
         where a.attrelid = f.conrelid and a.attname = 'tenant_id' and a.attnum = f.conkey[1])`,
    );
    // What is presented before the tenant is known is unique across the server.
    expect(rows.map(({ name }) => name).sort()).toEqual([
      'api_tokens_secret_hash_key',
      'principals_email_key',
      'sessions_id_key',
    ]);
  });

  it('knows exactly the status pairs of the state machine', async () => {
    const { rows } = await db.pool.query<{ source: string }>(
      `select pg_get_constraintdef(oid) as source from pg_constraint where conname = 'events_status_pair'`,
    );
    const pairs = [...(rows[0]?.source.matchAll(/'([A-Z_]*>[A-Z_]+)'/g) ?? [])].map(([, pair]) => pair);
    expect(new Set(pairs)).toEqual(new Set(transitions.map(({ from, to }) => `${from ?? ''}>${to}`)));
  });

  it('keeps times to the millisecond and never fills them in itself', async () => {
    const { rows } = await db.pool.query(
      `select table_name, column_name from information_schema.columns
       where table_schema = 'public' and table_name <> 'mikro_orm_migrations' and udt_name like 'timestamp%'
         and (udt_name <> 'timestamptz' or datetime_precision <> 3 or column_default is not null)`,
    );
    expect(rows).toEqual([]);
  });
});

describe('migrations', () => {
  it('go down one by one and up again to the same tables', async () => {
    const before = await tables();
    for (const { name } of [...migrationsList].reverse()) expect(await rollback(db)).toEqual([name]);
    expect(await tables()).toEqual(['mikro_orm_migrations']);
    expect(await pending(db)).toEqual(migrationsList.map(({ name }) => name));
    expect(await migrate(db)).toHaveLength(migrationsList.length);
    expect(await tables()).toEqual(before);
  });

  it('are done once when two servers start together', async () => {
    while ((await rollback(db)).length > 0);
    const other = await openDatabase({ url: db.url, poolMax: 4, acquireTimeoutMs: 20_000 });
    const done = await Promise.all([migrate(db), migrate(other)]);
    await other.close();
    expect(done.flat()).toHaveLength(migrationsList.length);
  });
});
