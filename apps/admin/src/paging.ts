import { type InfiniteData, infiniteQueryOptions, type QueryKey } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The cursors of the pages before this one; `null` is the first page, which has none. */
    readonly walked?: readonly (string | null)[];
  }
}

type Turn = { readonly cursor: string | undefined; readonly walked: readonly (string | null)[] };
type Paged = {
  readonly cursor: string | undefined;
  readonly next: string | null | undefined;
  readonly turn: (to: Turn) => unknown;
};

/**
 * Walks a list that can only be read forwards. The page's own cursor is in the URL; the way back is
 * remembered by the history entry, so a shared link opens the same page and leads back to the first one.
 */
export function usePaging({ cursor, next, turn }: Paged) {
  const walked = useLocation({ select: ({ state }) => state.walked ?? [] });
  return {
    onPrevious:
      cursor === undefined
        ? null
        : () => turn({ cursor: walked.at(-1) ?? undefined, walked: walked.slice(0, -1) }),
    onNext: next ? () => turn({ cursor: next, walked: [...walked, cursor ?? null] }) : null,
  };
}

type HistoryPage = { readonly nextCursor: string | null };
type Read<Page> = (cursor: string | undefined) => Promise<Page>;

/**
 * A history that is lengthened page by page, below the key of its procedure. The bridge's own helper sends a
 * `direction` along, which an input that knows its fields refuses.
 */
export const historyOptions = <Page extends HistoryPage>(key: QueryKey, of: string, read: Read<Page>) =>
  infiniteQueryOptions<Page, Error, InfiniteData<Page>, QueryKey, string | null>({
    queryKey: [...key, 'history', of],
    queryFn: ({ pageParam }) => read(pageParam ?? undefined),
    initialPageParam: null,
    getNextPageParam: (page) => page.nextCursor,
  });
