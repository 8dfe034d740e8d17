import type { EntityManager } from '@mikro-orm/postgresql';
import { isOff } from '../defence.ts';
import { rows, run } from '../sql.ts';
import { conditionOf, type ListFilter } from './filter.ts';

/** A column that a list can be ordered by: never null, with the type that its values are read back as. */
export type SortColumn = readonly [sql: string, type: 'timestamptz' | 'text' | 'bigint' | 'uuid'];

/** Adds a value to the parameters of a statement and gives its name there. */
export type Push = (value: unknown) => string;

/** A list as data: everything that can be asked of it, and the SQL for that; `$1` is the tenant. */
export type ListSpec = {
  /** Also what its cursors are bound to. */
  readonly name: string;
  readonly table: string;
  /** What the table is called in all SQL of the list. */
  readonly as: string;
  /** What makes a row unique in its tenant. */
  readonly id: string;
  /** What is in the list at all; left out, every row of the tenant. */
  readonly where?: string;
  /** What is told of a row, and where it is found; asked for the rows of one page only. */
  readonly columns: string;
  readonly joins?: string;
  readonly filters: Readonly<Record<string, ListFilter>>;
  /** Conditions that `only` may name, by the value that they ask for; what else it names are columns. */
  readonly scopes?: Readonly<Record<string, (value: string) => string>>;
  /** The first one, downwards, is the order when nothing else is asked for. */
  readonly orderings: Readonly<Record<string, SortColumn>>;
  /** What tells rows apart that are alike in an ordering, where it is not their ids alone. */
  readonly ties?: Readonly<Record<string, readonly SortColumn[]>>;
  readonly search?: (text: string, push: Push) => string;
  /**
   * The ids of all rows that a text finds, in a list that is long; `null` when they are many, too, and
   * nothing where `search` needs no help.
   */
  readonly find?: (em: EntityManager, text: string) => Promise<readonly string[] | null | undefined>;
};

/** What is asked of a list, in the words of its spec. */
export type ListQuery = {
  readonly filters: Readonly<Record<string, readonly string[]>>;
  /** Names of orderings, each with `-` for downwards. */
  readonly ordering: readonly string[];
  readonly search?: string | undefined;
  /** The rows that `search` finds, once they are known; `null` when they are too many for that. */
  readonly found?: readonly string[] | null | undefined;
  /** What the caller may see: columns or scopes, and the value that they must have. */
  readonly only: Readonly<Record<string, string>>;
};

/** Which rows of it: a page by number, or those next to a row. */
export type ListSlice =
  | { readonly offset: number; readonly limit: number }
  | { readonly beside: ListPosition | null; readonly limit: number };
/** A row by its place in the order, and on which side of it the rows lie. */
export type ListPosition = { readonly keys: readonly string[]; readonly back: boolean };

/** A row with its place in the order. */
export type Listed<T> = T & { readonly listKey: readonly string[] };

type Key = { readonly sql: string; readonly type: SortColumn[1]; readonly down: boolean };
type Asked = { readonly spec: ListSpec; readonly query: ListQuery };

/** The same query, with what it searches for already found where the list can do that. */
export async function sought(em: EntityManager, { spec, query }: Asked): Promise<ListQuery> {
  if (!query.search || !spec.find) return query;
  return { ...query, found: await spec.find(em, query.search) };
}

/** The rows of a slice in the order of the list; the shape is the caller's word. */
export async function listRows<T>(
  em: EntityManager,
  tenantId: string,
  { spec, query, slice }: Asked & { readonly slice: ListSlice },
): Promise<Listed<T>[]> {
  const { where, params, push } = conditionsOf(tenantId, { spec, query });
  const forth = keysOf(spec, query.ordering);
  const beside = 'beside' in slice ? slice.beside : null;
  const keys = beside?.back ? forth.map((key) => ({ ...key, down: !key.down })) : forth;
  if (beside) where.push(behind(isOff(em, 'keyset') ? keys.slice(0, -1) : keys, beside.keys, push));
  const order = keys.map(({ sql, down }) => `${sql} ${down ? 'desc' : 'asc'}`).join(', ');
  // Written out: with a limit that the planner does not know, it expects a tenth of all rows.
  const offset = 'offset' in slice && slice.offset > 0 ? ` offset ${slice.offset}` : '';
  const { table, as, columns, joins = '' } = spec;
  // The page is cut before anything is looked up for its rows.
  const found = await rows<Listed<T>>(
    em,
    `select ${columns}, json_build_array(${keys.map(({ sql }) => `${sql}::text`).join(', ')}) as "listKey"
      from (select * from ${table} ${as} where ${where.join(' and ')}
        order by ${order} limit ${slice.limit}${offset}) ${as} ${joins}
      order by ${order}`,
    params,
  );
  return beside?.back ? found.reverse() : found;
}

const countedExactly = 10_000;
type Planned = { readonly 'QUERY PLAN': readonly [{ readonly Plan: { readonly 'Plan Rows': number } }] };

/** How many rows there are: exact to 10,000, beyond that as the planner estimates. */
export async function listCount(
  em: EntityManager,
  tenantId: string,
  asked: Asked,
): Promise<{ readonly count: number; readonly isEstimate: boolean }> {
  const { query } = asked;
  const estimate = async (least: number) => {
    const { text, params } = countedOf(tenantId, asked);
    const [planned] = await run<Planned>(em, `explain (format json) ${text}`, params);
    return { count: Math.max(least, planned?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0), isEstimate: true };
  };
  // What many rows hold is not counted among many: that would compare them all.
  if (query.search && query.found === null) {
    const all = await listCount(em, tenantId, { ...asked, query: { ...query, search: undefined } });
    if (all.isEstimate) return estimate(countedExactly + 1);
  }
  const { text, params } = countedOf(tenantId, asked);
  const [counted] = await rows<{ count: number }>(
    em,
    `select count(*) as count from (${text} limit ${countedExactly + 1}) found`,
    params,
  );
  const count = counted?.count ?? 0;
  return count <= countedExactly ? { count, isEstimate: false } : estimate(count);
}

function countedOf(tenantId: string, asked: Asked) {
  const { where, params } = conditionsOf(tenantId, asked);
  const { table, as } = asked.spec;
  return { text: `select 1 from ${table} ${as} where ${where.join(' and ')}`, params };
}

function conditionsOf(tenantId: string, { spec, query }: Asked) {
  const params: unknown[] = [tenantId];
  const push: Push = (value) => `$${params.push(value)}`;
  const where = [`${spec.as}.tenant_id = $1`];
  if (spec.where) where.push(spec.where);
  for (const [name, value] of Object.entries(query.only)) {
    const scope = spec.scopes?.[name] ?? ((pushed: string) => `${name} = ${pushed}`);
    where.push(scope(push(value)));
  }
  for (const [name, values] of Object.entries(query.filters)) {
    const filter = spec.filters[name];
    if (filter && values.length > 0) where.push(conditionOf(filter, values, push));
  }
  if (query.found) where.push(`${spec.id} = any (${push(query.found)}::uuid[])`);
  else if (query.search && spec.search) where.push(spec.search(query.search, push));
  return { where, params, push };
}

/** The columns of the order; the last tells rows apart that are alike in all the others. */
function keysOf(spec: ListSpec, ordering: readonly string[]): Key[] {
  const [first = ''] = Object.keys(spec.orderings);
  const asked = ordering.length > 0 ? ordering : [`-${first}`];
  const keys = asked.flatMap((word): Key[] => {
    const column = spec.orderings[word.replace(/^-/, '')];
    return column ? [{ sql: column[0], type: column[1], down: word.startsWith('-') }] : [];
  });
  const down = keys[0]?.down ?? true;
  const ties = spec.ties?.[asked.at(-1)?.replace(/^-/, '') ?? ''] ?? [[spec.id, 'uuid'] as const];
  return [...keys, ...ties.map(([sql, type]) => ({ sql, type, down }))];
}

/** What lies behind a row: one comparison where all columns go the same way, which an index can answer. */
function behind(keys: readonly Key[], values: readonly string[], push: Push): string {
  const compared = keys.map((key, at) => ({ ...key, value: `${push(values[at])}::${key.type}` }));
  const sign = ({ down }: Key) => (down ? '<' : '>');
  const [first] = compared;
  if (!first) return 'true';
  if (compared.every(({ down }) => down === first.down))
    return `(${compared.map(({ sql }) => sql).join(', ')}) ${sign(first)}
      (${compared.map(({ value }) => value).join(', ')})`;
  const after = compared.reduceRight(
    (rest, key) => `${key.sql} ${sign(key)} ${key.value} or (${key.sql} = ${key.value} and (${rest}))`,
    'false',
  );
  return `${first.sql} ${sign(first)}= ${first.value} and (${after})`;
}

/**
 * Whether any of these columns holds the text, in any case: asked row by row while an index gives them in
 * their order. Behind row-level security no trigram index would be used, because `ilike` may leak what it
 * compares; a list that is long needs another way to search.
 */
export const holding =
  (...columns: readonly string[]) =>
  (text: string, push: Push): string => {
    const part = push(`%${text.replace(/[\\%_]/g, '\\$&')}%`);
    return `(${columns.map((column) => `${column} ilike ${part}`).join(' or ')})`;
  };
