import { useEffect, useSyncExternalStore } from 'react';

/** Something that can be done on the page that is open. */
export type PageAction = { readonly id: string; readonly text: string; readonly run: () => void };

let current: readonly PageAction[] = [];
const listeners = new Set<() => void>();

function offer(actions: readonly PageAction[]) {
  current = actions;
  for (const listener of listeners) listener();
}

/** Offers the page's actions in the palette for as long as the page is open. */
export function useOffer(actions: readonly PageAction[]): void {
  useEffect(() => {
    offer(actions);
    return () => offer([]);
  }, [actions]);
}

/** What the open page offers. */
export const usePageActions = (): readonly PageAction[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
