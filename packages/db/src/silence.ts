import { Socket } from 'node:net';
import type { Pool, PoolClient } from 'pg';

// Longer than a statement may take, and than a transaction may stand idle before the database ends it.
const silenceMs = 6_000;

const known = new WeakSet<Socket>();

function socketOf(client: PoolClient): Socket | undefined {
  const stream: unknown = Reflect.get(Object(Reflect.get(client, 'connection')), 'stream');
  return stream instanceof Socket ? stream : undefined;
}

/**
 * Breaks the connection when the database says nothing for long, until `unwatch`. A line that is lost without
 * a word would otherwise be waited on for as long as the operating system has patience: a quarter of an hour.
 */
export function watch(client: PoolClient, mostMs = silenceMs): void {
  const socket = socketOf(client);
  if (!socket) return;
  if (!known.has(socket)) socket.on('timeout', () => socket.destroy());
  known.add(socket);
  socket.setTimeout(mostMs);
}

export const unwatch = (client: PoolClient): void => void socketOf(client)?.setTimeout(0);

/** Asks the database whether it is there; a connection over which it says nothing in time is given up. */
export async function ping({ pool }: { readonly pool: Pool }, mostMs: number): Promise<void> {
  const client = await pool.connect();
  let broken = true;
  try {
    watch(client, mostMs);
    await client.query('select 1');
    broken = false;
  } finally {
    unwatch(client);
    client.release(broken);
  }
}
