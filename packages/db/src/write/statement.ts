import type { EntityManager } from '@mikro-orm/postgresql';
import { markWritten } from '../bell.ts';
import type { Columns, PgType } from '../columns.ts';
import { run } from '../sql.ts';

/** A column, its type, and where its value is found. */
export type Column<Row> = readonly [column: string, type: PgType, value: (row: Row) => unknown];

/** How rows of one kind are inserted. */
export type Table<Row> = { readonly table: string; readonly columns: readonly Column<Row>[] };

/** How rows of one kind are changed: `t` is the stored row, `u` the change. */
export type Update<Row> = Table<Row> & {
  readonly key: readonly string[];
  readonly set: readonly string[];
  /** Rows that do not meet it are not changed, and not counted. */
  readonly condition?: string;
};

/** The columns of `columns`, filled from the fields of core's value that `of` finds in a row. */
export const columnsFrom = <Row>(columns: Columns<string>, of: (row: Row) => object): Column<Row>[] =>
  Object.entries(columns).map(([field, [column, type]]) => [
    column,
    type,
    (row) => Reflect.get(of(row), field),
  ]);

/** Sets each column to what the change says. */
export const assigned = (columns: readonly string[]): string[] =>
  columns.map((column) => `${column} = u.${column}`);

/** A statement that writes many rows of many tables at once: one round trip, however many there are. */
export type Statement = {
  readonly insert: <Row>(table: Table<Row>, rows: readonly Row[]) => void;
  readonly update: <Row>(update: Update<Row>, rows: readonly Row[]) => void;
  /** Runs what was gathered; `missed` are the tables in which fewer rows were changed than asked for. */
  readonly run: (em: EntityManager) => Promise<{ readonly missed: readonly string[] }>;
};

export function newStatement(tenantId: string): Statement {
  const params: unknown[] = [tenantId];
  const inserts: string[] = [];
  const updates = new Map<string, { readonly sql: string; readonly expected: number }>();

  const given = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string => {
    const arrays = columns.map(([, type, value]) => {
      params.push(rows.map((row) => encoded(type, value(row))));
      return `$${params.length}::${type}[]`;
    });
    return `unnest(${arrays.join(', ')}) as u (${columns.map(([column]) => column).join(', ')})`;
  };
  return {
    insert: ({ table, columns }, rows) => {
      if (rows.length === 0) return;
      const names = columns.map(([column]) => column).join(', ');
      const source = `select $1, u.* from ${given(columns, rows)}`;
      inserts.push(`${table}_in as (insert into ${table} (tenant_id, ${names}) ${source})`);
    },
    update: ({ table, columns, key, set, condition = 'true' }, rows) => {
      if (rows.length === 0) return;
      const where = key.map((column) => `t.${column} = u.${column}`).join(' and ');
      const sql = `${table}_up as (update ${table} t set ${set.join(', ')} from ${given(columns, rows)}
        where t.tenant_id = $1 and ${where} and ${condition} returning 1)`;
      updates.set(table, { sql, expected: rows.length });
    },
    run: async (em) => {
      const written = [...inserts, ...[...updates.values()].map(({ sql }) => sql)];
      if (written.length === 0) return { missed: [] };
      if (inserts.some((sql) => sql.startsWith('events_in '))) markWritten(em);
      const counts = [...updates.keys()].map(
        (table) => `, (select count(*)::int from ${table}_up) as ${table}`,
      );
      const text = `with ${written.join(', ')} select $1 as tenant_id ${counts.join('')}`;
      const [met = {}] = await run<Readonly<Record<string, unknown>>>(em, text, params);
      return { missed: [...updates.keys()].filter((table) => met[table] !== updates.get(table)?.expected) };
    },
  };
}

/** A value as the driver sends it in an array. */
export const encoded = (type: PgType, value: unknown): unknown =>
  type === 'jsonb' && value !== null && value !== undefined ? JSON.stringify(value) : value;
