import type { Redis } from './redis.ts';

/** Where answers are kept for a while. What is not found is asked for again, so it may forget anything. */
export type Cache = {
  readonly get: (key: string) => Promise<string | undefined>;
  readonly set: (key: string, value: string, ttlSeconds: number) => Promise<void>;
  readonly delete: (key: string) => Promise<void>;
};

type Kept = { readonly value: string; readonly endsMs: number };

/** A cache in this process; when it is full, what was not asked for longest leaves first. */
export function memoryCache(charactersMax: number, nowMs: () => number = () => performance.now()): Cache {
  const kept = new Map<string, Kept>();
  let characters = 0;
  const drop = (key: string) => {
    characters -= key.length + (kept.get(key)?.value.length ?? -key.length);
    kept.delete(key);
  };
  return {
    get: async (key) => {
      const found = kept.get(key);
      if (!found) return undefined;
      drop(key);
      if (found.endsMs <= nowMs()) return undefined;
      // A map keeps the order of insertion: put in again it is the youngest.
      kept.set(key, found);
      characters += key.length + found.value.length;
      return found.value;
    },
    set: async (key, value, ttlSeconds) => {
      drop(key);
      kept.set(key, { value, endsMs: nowMs() + ttlSeconds * 1_000 });
      characters += key.length + value.length;
      for (const oldest of kept.keys()) {
        if (characters <= charactersMax) break;
        drop(oldest);
      }
    },
    delete: async (key) => drop(key),
  };
}

/** A cache that servers share. While Redis does not answer, it keeps nothing. */
export const redisCache = ({ ask }: Pick<Redis, 'ask'>): Cache => ({
  get: async (key) => (await ask((client) => client.get(key))) ?? undefined,
  set: async (key, value, ttlSeconds) => {
    await ask((client) => client.set(key, value, { expiration: { type: 'EX', value: ttlSeconds } }));
  },
  delete: async (key) => {
    await ask((client) => client.del(key));
  },
});
