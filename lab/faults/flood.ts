import { Agent, request } from 'node:http';

/** An open loop: requests leave by the clock, whether or not the earlier ones were answered. */
export type Flood = {
  readonly urls: readonly [string, ...string[]];
  readonly token: string;
  /** Of all servers together; 0: as fast as `clients` clients get answers. */
  readonly perSecond: number;
  readonly clients: number;
  readonly seconds: number;
};

/** What came back, in milliseconds. */
export type Flooded = {
  readonly sent: number;
  readonly placed: number;
  readonly busy: number;
  /** Of those, without the word when to come again. */
  readonly silent: number;
  readonly other: Readonly<Record<string, number>>;
  readonly lost: number;
  readonly placedMs: Spread;
  readonly busyMs: Spread;
  /** Orders a second over the whole time. */
  readonly goodput: number;
};
type Spread = { readonly p50: number; readonly p99: number; readonly max: number };

const timeoutMs = 15_000;

type Seen = { readonly status: number; readonly ms: number; readonly retryAfter: boolean };

export async function flood({ urls, token, perSecond, clients, seconds }: Flood): Promise<Flooded> {
  const agent = new Agent({ keepAlive: true, maxSockets: perSecond > 0 ? 8_000 : clients });
  const seen: Seen[] = [];
  const began = performance.now();
  const end = began + seconds * 1_000;
  let sent = 0;
  const next = async () => {
    const number = sent;
    sent += 1;
    const url = urls[number % urls.length] ?? urls[0];
    seen.push(await place(url, { agent, token, number }));
  };
  const closed = async () => {
    while (performance.now() < end) await next();
  };
  const all = perSecond > 0 ? await byTheClock({ perSecond, began, end }, next) : [];
  if (perSecond === 0) await Promise.all(Array.from({ length: clients }, closed));
  const took = (performance.now() - began) / 1_000;
  await Promise.all(all);
  agent.destroy();
  return summed(seen, { sent, seconds: took });
}

type Clock = { readonly perSecond: number; readonly began: number; readonly end: number };

function byTheClock({ perSecond, began, end }: Clock, next: () => Promise<void>): Promise<Promise<void>[]> {
  const all: Promise<void>[] = [];
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = ((Math.min(performance.now(), end) - began) / 1_000) * perSecond;
      while (all.length < due) all.push(next());
      if (performance.now() < end) return;
      clearInterval(timer);
      resolve(all);
    }, 5);
  });
}

type Placing = { readonly agent: Agent; readonly token: string; readonly number: number };

const place = (url: string, { agent, token, number }: Placing): Promise<Seen> =>
  new Promise((resolve) => {
    const customer_id = 1 + (number % 200);
    const body = JSON.stringify({ customer_id, product_id: 1 + ((number * 7) % 1_000), quantity: 1 });
    const began = performance.now();
    const end = (status: number, retryAfter = false) =>
      resolve({ status, ms: performance.now() - began, retryAfter });
    const sending = request(`${url}/order/`, {
      method: 'POST',
      agent,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
    });
    sending.on('error', () => end(0));
    sending.on('response', (response) => {
      response.resume();
      response.on('error', () => end(0));
      response.on('end', () => end(response.statusCode ?? 0, response.headers['retry-after'] !== undefined));
    });
    sending.end(body);
  });

function summed(seen: readonly Seen[], { sent, seconds }: { sent: number; seconds: number }): Flooded {
  const by = Map.groupBy(seen, ({ status }) => status);
  const [placed, busy, lost] = [200, 503, 0].map((status) => by.get(status) ?? []);
  const others = [...by].filter(([status]) => ![200, 503, 0].includes(status));
  return {
    sent,
    placed: placed?.length ?? 0,
    busy: busy?.length ?? 0,
    silent: (busy ?? []).filter(({ retryAfter }) => !retryAfter).length,
    other: Object.fromEntries(others.map(([status, { length }]) => [status, length])),
    lost: lost?.length ?? 0,
    placedMs: spread(placed ?? []),
    busyMs: spread(busy ?? []),
    goodput: Math.round((placed?.length ?? 0) / seconds),
  };
}

function spread(seen: readonly Seen[]): Spread {
  const times = seen.map(({ ms }) => Math.round(ms)).sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(Math.floor(times.length * share), times.length - 1)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

// The flood is a process of its own, so that it does not run on anybody's thread.
if (process.argv[2] && import.meta.main)
  console.log(JSON.stringify(await flood(JSON.parse(process.argv[2]))));
