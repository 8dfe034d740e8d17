import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { Redis } from './redis.ts';

/** How much of a window a caller has used, this call included. */
export type Use = { readonly calls: number; readonly msLeft: number };

/** Counts calls by key, in windows of a minute. */
export type Limits = { readonly count: (key: string) => Promise<Use> };

export const windowSeconds = 60;

/**
 * Servers with the same Redis count together; without one, or while it does not answer, each counts for
 * itself, so that together they let through as many times as much as there are servers.
 */
export function createLimits(redis: Redis | null): Limits {
  // The counters only count: what is too much is decided by whoever asks.
  const window = { keyPrefix: 'orderloom-calls', points: Number.MAX_SAFE_INTEGER, duration: windowSeconds };
  const own = new RateLimiterMemory(window);
  const together =
    redis && new RateLimiterRedis({ ...window, storeClient: redis.client, useRedisPackage: true });
  return {
    count: async (key) => {
      const counted = redis && together ? await redis.ask(() => together.penalty(key, 1)) : undefined;
      const { consumedPoints, msBeforeNext } = counted ?? (await own.penalty(key, 1));
      return { calls: consumedPoints, msLeft: Math.max(msBeforeNext, 0) };
    },
  };
}
