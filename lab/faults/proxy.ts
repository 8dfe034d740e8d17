import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What can be wrong with a line. */
export type Trouble =
  | { readonly is: 'latency'; readonly ms: number; readonly jitterMs: number }
  /** A few bytes now and then. */
  | { readonly is: 'trickle'; readonly bytes: number; readonly everyMs: number }
  /** Each connection is reset when it has carried so much more. */
  | { readonly is: 'cut'; readonly afterBytes: number }
  /** Nothing arrives any more, and nobody is told; those connections never come back. */
  | { readonly is: 'half-open' }
  /** Nobody listens, and whoever was connected is reset. */
  | { readonly is: 'refuse' };

/** A line to a port of this machine that can be made a bad one. */
export type Proxy = {
  readonly port: number;
  /** Leads to another port from now on. */
  readonly aim: (port: number) => void;
  /** `null`: a good line again. */
  readonly trouble: (trouble: Trouble | null) => Promise<void>;
  /** Resets all connections, once. */
  readonly reset: () => void;
  readonly close: () => Promise<void>;
};

type Line = { readonly near: Socket; readonly far: Socket | null; carried: number; gone: boolean };
type State = { target: number; trouble: Trouble | null; readonly lines: Set<Line> };

export async function startProxy(target: number, chance: () => number): Promise<Proxy> {
  const state: State = { target, trouble: null, lines: new Set() };
  const server = createServer((near) => open(state, near, chance));
  const port = await listen(server, 0);
  const reset = () => {
    for (const line of state.lines) sever(line);
  };
  const hush = async () => {
    if (server.listening) await new Promise((resolve) => void server.close(resolve));
  };
  const trouble = async (next: Trouble | null) => {
    state.trouble = next;
    if (next?.is === 'refuse') {
      const closed = hush();
      reset();
      await closed;
    } else if (!server.listening) await listen(server, port);
    for (const line of state.lines) {
      line.carried = 0;
      if (next?.is === 'half-open') line.gone = true;
    }
  };
  const close = async () => {
    const closed = hush();
    reset();
    await closed;
  };
  return { port, aim: (to) => void (state.target = to), trouble, reset, close };
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

function open(state: State, near: Socket, chance: () => number): void {
  const gone = state.trouble?.is === 'half-open';
  const far = gone ? null : connect(state.target, '127.0.0.1');
  const line: Line = { near, far, carried: 0, gone };
  state.lines.add(line);
  near.on('error', () => sever(line)).on('close', () => close(state, line));
  far?.on('error', () => sever(line)).on('close', () => close(state, line));
  near.setNoDelay(true);
  far?.setNoDelay(true);
  void carry(state, line, { from: near, to: far, chance });
  if (far) void carry(state, line, { from: far, to: near, chance });
}

/** On a line that is gone neither end is told that the other one has left. */
function close({ lines }: State, line: Line): void {
  if (line.gone) return;
  lines.delete(line);
  line.far?.destroy();
  line.near.destroy();
}

function sever(line: Line): void {
  line.near.resetAndDestroy();
  line.far?.resetAndDestroy();
}

type Way = { readonly from: Socket; readonly to: Socket | null; readonly chance: () => number };

async function carry(state: State, line: Line, { from, to, chance }: Way): Promise<void> {
  try {
    for await (const chunk of from) {
      if (!Buffer.isBuffer(chunk) || line.gone) continue;
      await delay(state.trouble, chance);
      if (line.gone || !to) continue;
      await send(state, line, { to, chunk });
    }
    if (!line.gone) to?.end();
  } catch {
    // The line was lost; both ends hear of it by their own events.
  }
}

async function delay(trouble: Trouble | null, chance: () => number): Promise<void> {
  if (trouble?.is === 'latency') await sleep(trouble.ms + trouble.jitterMs * chance());
}

async function send(state: State, line: Line, { to, chunk }: { to: Socket; chunk: Buffer }): Promise<void> {
  for (let at = 0; at < chunk.length;) {
    const { trouble } = state;
    const most = trouble?.is === 'trickle' ? trouble.bytes : chunk.length;
    const left = trouble?.is === 'cut' ? Math.max(trouble.afterBytes - line.carried, 0) : most;
    const piece = chunk.subarray(at, at + Math.min(most, left));
    if (line.gone) return;
    if (piece.length > 0 && !to.write(piece)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
    at += piece.length;
    line.carried += piece.length;
    if (trouble?.is === 'cut' && line.carried >= trouble.afterBytes) return sever(line);
    if (trouble?.is === 'trickle') await sleep(trouble.everyMs);
  }
}
