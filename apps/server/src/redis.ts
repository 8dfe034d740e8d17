import { createClient } from '@redis/client';
import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleAll } from 'cockatiel';
import type { Logger } from 'pino';
import { countRedis } from './metrics.ts';

/** How long an answer is waited for. */
type Patience = { readonly patienceMs: number };

const limits = { patienceMs: 20, failuresInRow: 2, restMs: 2_000, connectMs: 1_000 };

const clientOf = (url: string) =>
  createClient({
    url,
    // Whoever asks while there is no connection is told at once, and does without.
    disableOfflineQueue: true,
    commandsQueueMaxLength: 10_000,
    socket: {
      connectTimeout: limits.connectMs,
      reconnectStrategy: (tries) => Math.min(50 * 2 ** tries, 2_000),
    },
  });
type Client = ReturnType<typeof clientOf>;

/** A Redis that may be slow or gone: nothing that is kept in it is needed. */
export type Redis = {
  /** What `work` finds; `undefined` when there is no answer in time. Never throws. */
  readonly ask: <T>(work: (client: Client) => Promise<T>) => Promise<T | undefined>;
  /** For libraries that speak to the client themselves, within `ask`. */
  readonly client: Client;
  readonly close: () => void;
};

/**
 * Connects to a Redis in the background. A question costs 20 ms at most; after two without an answer nobody
 * asks for two seconds, and then one caller alone.
 */
export function connectRedis(url: string, log: Logger, { patienceMs }: Patience = limits): Redis {
  const client = clientOf(url);
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: limits.restMs,
    breaker: new ConsecutiveBreaker(limits.failuresInRow),
  });
  breaker.onBreak(() => log.warn('Redis does not answer; answers are kept, and limits counted, without it'));
  breaker.onReset(() => log.info('Redis answers again'));
  // The client reconnects by itself, and says so with every try.
  client.on('error', (thrown) => log.debug({ err: thrown }, 'no connection to Redis'));
  void client.connect().catch((thrown: unknown) => log.warn({ err: thrown }, 'no connection to Redis'));
  const ask: Redis['ask'] = async (work) => {
    try {
      const found = await breaker.execute(() => inTime(work(client), patienceMs));
      countRedis('answered');
      return found;
    } catch (thrown) {
      countRedis(thrown instanceof BrokenCircuitError ? 'left alone' : 'failed');
      return undefined;
    }
  };
  return { ask, client, close: () => client.isOpen && client.destroy() };
}

class TooSlow extends Error {}

/** What comes too late is not waited for, and harms nobody. */
async function inTime<T>(answer: Promise<T>, patienceMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(new TooSlow('Redis took too long'));
  // When it is this process that was busy, the answer lies there unread: it is read first.
  const timer = setTimeout(() => setImmediate(giveUp), patienceMs);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    answer.catch(() => {});
  }
}
