import type { EntityManager } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import { listen } from './listen.ts';

/** Tells whoever listens in which tenant something happened. */
export type Bell = {
  readonly hear: (listener: Heard) => () => void;
  readonly ring: Heard;
};
export type Heard = (tenantId: string) => void;

/** A bell that is heard in this process. */
export function aBell(): Bell {
  const listeners = new Set<Heard>();
  return {
    hear: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ring: (tenantId) => {
      for (const listener of listeners) listener(tenantId);
    },
  };
}

const writers = new WeakSet<EntityManager>();

/** Remembers that a unit of work wrote events, until it is known whether it commits. */
export const markWritten = (em: EntityManager): void => void writers.add(em);
export const hasWritten = (em: EntityManager): boolean => writers.has(em);

export const publishedChannel = 'orderloom_published';

/** Rings in every process when events were published; it listens only while somebody hears it. */
export function publishedBell(pool: Pool): Pick<Bell, 'hear'> & { readonly close: () => Promise<void> } {
  const bell = aBell();
  let hearing = 0;
  let listening: { readonly stop: () => Promise<void> } | undefined;
  const close = async () => {
    const last = listening;
    listening = undefined;
    await last?.stop();
  };
  return {
    hear: (listener) => {
      const unhear = bell.hear(listener);
      hearing += 1;
      listening ??= listen(pool, publishedChannel, bell.ring);
      return () => {
        unhear();
        hearing -= 1;
        if (hearing === 0) void close();
      };
    },
    close,
  };
}
