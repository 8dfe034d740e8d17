import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer, type ListenOptions, type Server as Door } from 'node:net';

// A listener takes in one connection each time round the event loop. With a single one, callers of a server
// that is busy wait seconds to be told that it is. Elsewhere a port cannot have several listeners.
const doorsMax = process.platform === 'linux' ? 8 : 1;
// Whoever finds no room among the waiting would hear nothing for seconds.
const waitingMax = 4_096;

/** Where a server listens; with port 0 the system chooses. */
export type Where = { readonly host: string; readonly port: number };

/** Lets nobody in any more, and waits until everybody has left. */
export type CloseDoors = () => Promise<void>;

/** Opens a server at a port that nobody else has. */
export async function openDoors(server: Server, { host, port }: Where): Promise<CloseDoors> {
  const free = await opened(createServer(), { host, port });
  const address = free.address();
  await new Promise((resolve) => free.close(resolve));
  const chosen = typeof address === 'object' && address ? address.port : port;
  const where = { host, port: chosen, backlog: waitingMax, reusePort: doorsMax > 1 };
  await opened(server, where);
  const doors: Door[] = [server];
  for (let at = 1; at < doorsMax; at += 1)
    doors.push(
      await opened(
        createServer((socket) => server.emit('connection', socket)),
        where,
      ),
    );
  return async () => {
    await Promise.all(doors.map((door) => new Promise((resolve) => door.close(resolve))));
  };
}

async function opened(door: Door, where: ListenOptions): Promise<Door> {
  door.listen(where);
  await once(door, 'listening');
  return door;
}
