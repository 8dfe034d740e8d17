import { err, ok, type Result } from '@orderloom/core';
import {
  type EntityManager,
  listCount,
  type Listed,
  listFaults,
  type ListPosition,
  listRows,
  type ListSpec,
  sought,
} from '@orderloom/db';
import { z } from 'zod';
import { type ListKey, readCursor, writeCursor } from './cursor.ts';
import { orThrow, type Refusal } from './errors.ts';
import type { Acting } from './trpc.ts';

/** What can be asked of every list of the api family, in the words of the list's spec. */
export const ListAsked = z.strictObject({
  page: z.int().min(1).optional(),
  /** Where a keyset page begins; empty for the first one. Left out, pages go by number. */
  cursor: z.string().max(2_000).optional(),
  size: z.int().min(1).optional(),
  ordering: z.array(z.string().max(100)).max(10).default([]),
  filters: z.record(z.string(), z.array(z.string()).max(100)).default({}),
  search: z.string().max(200).optional(),
});
export type ListAsked = z.output<typeof ListAsked>;

/** The parameter that leads to another page of the same list. */
const Turn = z.union([z.strictObject({ page: z.int() }), z.strictObject({ cursor: z.string() })]).nullable();
export type Turn = z.output<typeof Turn>;

/** A page of a list, with how many rows there are in all. */
export const PageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    count: z.int(),
    countIsEstimate: z.boolean(),
    next: Turn,
    previous: Turn,
  });
export type PageOf<T> = {
  readonly items: T[];
  readonly count: number;
  readonly countIsEstimate: boolean;
  readonly next: Turn;
  readonly previous: Turn;
};

type Asking = { readonly asked: ListAsked; readonly only?: Readonly<Record<string, string>> };

/**
 * A page of a list, by number or by keyset: the same rows in the same order. The shape is the caller's word.
 */
export const listPage = <T>(ctx: Acting, spec: ListSpec, asking: Asking): Promise<PageOf<T>> =>
  ctx.readAnywhere((em) => pageIn(em, ctx, { spec, ...asking }));

/** The same within a unit of work that looks up more. */
export async function pageIn<T>(
  em: EntityManager,
  ctx: Acting,
  { spec, asked, only = {} }: Asking & { readonly spec: ListSpec },
): Promise<PageOf<T>> {
  const { pageSize, maxPageSize } = ctx.parts.config;
  const size = Math.min(asked.size ?? pageSize, maxPageSize);
  const { query, ...slice } = await sliceIn<T>(em, ctx, { spec, asked: { ...asked, size }, only });
  const { count, isEstimate } = await listCount(em, ctx.caller.tenantId, { spec, query });
  return { ...slice, count, countIsEstimate: isEstimate };
}

/** The rows of a page, without how many there are in all, and what they were found by. */
export async function sliceIn<T>(
  em: EntityManager,
  ctx: Acting,
  { spec, asked, only = {} }: Asking & { readonly spec: ListSpec },
) {
  orThrow(understood(spec, asked));
  const { tenantId } = ctx.caller;
  const { page = 1, size = ctx.parts.config.pageSize, filters, ordering } = asked;
  const key = { list: spec.name, filters: { ...only, ...filtersOf(asked) } };
  const at = asked.cursor === undefined ? null : orThrow(positionIn(ctx, key, asked.cursor));
  const wanted = { filters, ordering, search: asked.search?.trim(), only };
  const query = await sought(em, { spec, query: wanted });
  const beside = { beside: at, limit: size + 1 };
  const slice = asked.cursor === undefined ? { offset: (page - 1) * size, limit: size + 1 } : beside;
  const found = await listRows<T>(em, tenantId, { spec, query, slice });
  const more = found.length > size;
  const items = at?.back ? found.slice(more ? 1 : 0) : found.slice(0, size);
  const turns: { next: Turn; previous: Turn } =
    asked.cursor === undefined
      ? { next: more ? { page: page + 1 } : null, previous: page > 1 ? { page: page - 1 } : null }
      : besides(ctx, key, { items, at, more });
  return { items, query, ...turns };
}

function understood(spec: ListSpec, asked: ListAsked): Result<null, Refusal> {
  const faults = listFaults(spec, asked).map(({ name, message }) => ({ path: name, message }));
  if (asked.cursor !== undefined && asked.page !== undefined)
    faults.push({ path: 'page', message: 'goes not together with cursor' });
  return faults.length > 0 ? err({ code: 'INVALID_INPUT', issues: faults }) : ok(null);
}

/** What a cursor is bound to beside its list. */
const filtersOf = ({ filters, ordering, search }: ListAsked): Record<string, unknown> => ({
  ...Object.fromEntries(Object.entries(filters).map(([name, values]) => [`filter ${name}`, values])),
  ordering,
  search,
});

type Side = {
  readonly items: readonly Listed<unknown>[];
  readonly at: ListPosition | null;
  readonly more: boolean;
};

/** The pages on both sides of one that was found by keyset. */
function besides(ctx: Acting, key: ListKey, { items, at, more }: Side): { next: Turn; previous: Turn } {
  const turn = (row: Listed<unknown> | undefined, back: boolean): Turn => {
    if (!row) return null;
    return { cursor: writeCursor(ctx, key, { at: JSON.stringify(row.listKey), id: back ? 'back' : 'on' }) };
  };
  const [hasNext, hasPrevious] = at?.back ? [true, more] : [more, at !== null];
  return {
    next: hasNext ? turn(items.at(-1), false) : null,
    previous: hasPrevious ? turn(items[0], true) : null,
  };
}

const Keys = z.array(z.string());

function positionIn(ctx: Acting, key: ListKey, cursor: string): Result<ListPosition | null, Refusal> {
  const position = readCursor(ctx, key, cursor === '' ? undefined : cursor);
  if (!position.ok || position.value === null) return position.ok ? ok(null) : position;
  // What carries our signature is what we wrote.
  return ok({ keys: Keys.parse(JSON.parse(position.value.at)), back: position.value.id === 'back' });
}
