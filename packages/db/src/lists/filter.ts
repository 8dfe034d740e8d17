import { escapeLiteral } from 'pg';
import { namesOf } from '../queries/directory.ts';
import type { ListSpec, Push } from './list.ts';

/** One way to narrow a list. */
export type ListFilter =
  /** One of these words, each for values of the column. */
  | {
      readonly kind: 'word';
      readonly column: string;
      readonly words: Readonly<Record<string, readonly string[]>>;
    }
  /** Any text that the column may hold. */
  | { readonly kind: 'text'; readonly column: string }
  /** What a UUID, number or word names. */
  | { readonly kind: 'named'; readonly column: string; readonly of: keyof typeof wordColumns }
  /** The same where a row has several: what holds for the one that is named by this SQL. */
  | {
      readonly kind: 'among';
      readonly holds: (id: string) => string;
      readonly of: keyof typeof wordColumns;
    }
  /** From a moment on, or before it; of ids it is the moment when they were drawn. */
  | { readonly kind: 'since' | 'before'; readonly column: string; readonly ofId?: true };

/** The words that name a row of a table beside its UUID and its number. */
const wordColumns = { stores: 'slug', customers: 'code', products: 'sku', orders: 'number' } as const;

/** Words for a column that is true or false. */
export const flag = { true: ['true'], false: ['false'] } as const;

/** Words that mean just themselves. */
export const plainly = (words: readonly string[]): Record<string, readonly string[]> =>
  Object.fromEntries(words.map((word) => [word, [word]]));

/** What is wrong with what is asked of a list: the parameter, and what may be said there. */
export type ListFault = { readonly name: string; readonly message: string };

/** Everything that a list does not understand. */
export function listFaults(
  { filters, orderings }: Pick<ListSpec, 'filters' | 'orderings'>,
  asked: {
    readonly ordering: readonly string[];
    readonly filters: Readonly<Record<string, readonly string[]>>;
  },
): ListFault[] {
  const known = Object.keys(orderings);
  const wrong = asked.ordering.filter((word) => !known.includes(word.replace(/^-/, '')));
  const unordered = wrong.map(() => ({
    name: 'ordering',
    message: `must be of ${known.join(', ')}, each with - for downwards`,
  }));
  const unfiltered = Object.entries(asked.filters).flatMap(([name, values]) => {
    const filter = filters[name];
    if (!filter) return [{ name, message: 'is no filter of this list' }];
    const all = values.map((value) => misread(filter, value));
    return all.filter((message) => message !== null).map((message) => ({ name, message }));
  });
  return [...unordered, ...unfiltered];
}

function misread(filter: ListFilter, value: string): string | null {
  if (filter.kind === 'word')
    return Object.hasOwn(filter.words, wordIn(value))
      ? null
      : `must be of ${Object.keys(filter.words).join(', ')}`;
  if (filter.kind === 'named' || filter.kind === 'among' || filter.kind === 'text') return null;
  return momentIn(value) === null ? 'must be a date, or a time such as 2026-01-15T10:00:00Z' : null;
}

/** The condition of a filter with one or several values. */
export function conditionOf(filter: ListFilter, values: readonly string[], push: Push): string {
  if (filter.kind === 'among')
    return `(${values.map((value) => filter.holds(idOf(filter.of, value, push))).join(' or ')})`;
  const { column } = filter;
  switch (filter.kind) {
    case 'word': {
      const meant = [...new Set(values.flatMap((value) => filter.words[wordIn(value)] ?? []))];
      // Written out, so that the planner knows which of them are rare.
      return equal(column, meant.map(escapeLiteral));
    }
    case 'text':
      return equal(
        column,
        values.map((value) => push(value)),
      );
    case 'named':
      return equal(
        column,
        values.map((value) => idOf(filter.of, value, push)),
      );
    case 'since':
      return values.map((value) => `${column} >= ${momentOf(filter, value, push)}`).join(' and ');
    case 'before':
      return values.map((value) => `${column} < ${momentOf(filter, value, push)}`).join(' and ');
  }
}

/** A moment as the column has it; of ids it is the first one that could be drawn then. */
function momentOf({ ofId }: Extract<ListFilter, { ofId?: true }>, value: string, push: Push): string {
  const moment = momentIn(value);
  if (!ofId || moment === null) return push(moment);
  const time = Math.max(0, Date.parse(moment)).toString(16).padStart(12, '0');
  return `${push(`${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`)}::uuid`;
}

// One value is compared as such: then an index gives the rows in their order.
const equal = (column: string, values: readonly string[]): string =>
  values.length === 1 ? `${column} = ${values[0]}` : `${column} in (${values.join(', ')})`;

/** SQL for the id that is named; nothing where there is none, and so nothing is found. */
function idOf(table: keyof typeof wordColumns, name: string, push: Push): string {
  const { ids, refs } = namesOf([name]);
  if (ids[0] !== undefined) return `${push(ids[0])}::uuid`;
  const numbered = refs[0] !== undefined && table !== 'orders';
  const column = numbered ? 'ref' : wordColumns[table];
  const value = numbered ? refs[0] : table === 'orders' ? name.toUpperCase() : name;
  return `(select id from ${table} where tenant_id = $1 and ${column} = ${push(value)})`;
}

/** A word in any case, with blanks or hyphens for underscores. */
const wordIn = (value: string): string =>
  value
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');

const moment = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/i;

/** A date (its first moment in UTC) or a time with its zone, as an instant. */
function momentIn(value: string): string | null {
  const at = moment.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
