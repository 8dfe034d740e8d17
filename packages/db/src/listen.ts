import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type Pool } from 'pg';

const retryMs = 1_000;

/**
 * Hears what is said on a channel over a connection of its own, and connects again when that breaks. What was
 * said meanwhile is not heard: whoever must miss nothing looks for itself now and then.
 */
export function listen(
  { options }: Pool,
  channel: string,
  heard: (payload: string) => void,
): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController();
  const run = async () => {
    while (!stopping.signal.aborted) {
      const client = new Client({ ...options, keepAlive: true });
      const broken = new Promise<void>((resolve) => {
        client.once('end', resolve);
        client.once('error', () => resolve());
        stopping.signal.addEventListener('abort', () => resolve(), { once: true });
      });
      client.on('notification', ({ payload = '' }) => heard(payload));
      const connected = client.connect().then(() => client.query(`listen ${channel}`));
      await Promise.race([connected.then(() => broken), broken]).catch(() => {});
      await client.end().catch(() => {});
      await sleep(retryMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
