import type { Result } from '@orderloom/core';
import { type ListKey, type Position, readCursor, writeCursor } from './cursor.ts';
import { orThrow, type Refusal } from './errors.ts';
import type { Acting } from './trpc.ts';

export type PageOf<T> = { readonly items: T[]; readonly nextCursor: string | null };

/**
 * How a list gives its pages: the rows behind a position (one more than asked for), and a row's own position.
 */
export type Pager<T> = {
  readonly key: ListKey;
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly fetch: (slice: { readonly after: Position | null; readonly limit: number }) => Promise<T[]>;
  readonly position: (row: T) => Position;
};

/** One keyset page: no offset, no count, the deepest as fast as the first. */
export async function pageOf<T>(ctx: Acting, pager: Pager<T>): Promise<PageOf<T>> {
  const after: Result<Position | null, Refusal> = readCursor(ctx, pager.key, pager.cursor);
  const found = await pager.fetch({ after: orThrow(after), limit: pager.limit });
  const items = found.slice(0, pager.limit);
  const last = items.at(-1);
  const more = found.length > pager.limit && last !== undefined;
  return { items, nextCursor: more ? writeCursor(ctx, pager.key, pager.position(last)) : null };
}
