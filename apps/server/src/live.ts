import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@orderloom/db';

/** Says when there may be something new in a tenant's feed. */
export type Live = {
  readonly watch: (tenantId: string, left: AbortSignal) => Watch;
  /** Ends every watch: whoever watched comes again and goes on where they were. */
  readonly close: () => void;
};
export type Watch = {
  /** Done when something was published since the last time, or after a while; throws when it is over. */
  readonly next: () => Promise<void>;
  readonly stop: () => void;
};

// Many small publications are read together, and one that was not heard of is found after a while.
const gatherMs = 50;
const lookAgainMs = 5_000;

export function createLive({ published }: Pick<Database, 'published'>): Live {
  const closing = new AbortController();
  const watch = (tenantId: string, left: AbortSignal): Watch => {
    const over = AbortSignal.any([left, closing.signal]);
    const rung = new EventTarget();
    let news = false;
    const stop = published.hear((other) => {
      if (other !== tenantId) return;
      news = true;
      rung.dispatchEvent(new Event('news'));
    });
    const next = async () => {
      over.throwIfAborted();
      if (!news) {
        const signal = AbortSignal.any([over, AbortSignal.timeout(lookAgainMs)]);
        await once(rung, 'news', { signal }).catch(() => {});
      }
      await sleep(gatherMs, undefined, { signal: over });
      news = false;
    };
    return { next, stop };
  };
  return { watch, close: () => closing.abort() };
}
