import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** A closed loop: each client sends its next request as soon as it has the answer to the last. */
export type Load = {
  /** Without `requests`: where orders of one piece are sent. */
  readonly url: string;
  readonly token: string;
  readonly clients: number;
  readonly seconds: number;
  /** A file of requests, each sent in its turn, again and again; `url` is where the server is. */
  readonly requests?: string;
  /** Each request is sent once, and the load ends with the last; so many of them only warm up. */
  readonly once?: { readonly warmUp: number };
  /** What else every request says; a token only where there is none of these. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether it ends when its process is told to, and not by itself. */
  readonly until?: 'told';
  /** How long a client thinks before it asks again. */
  readonly pauseMs?: number;
};
export type Asked = { readonly method: string; readonly path: string; readonly body?: unknown };

/** Answers a second and milliseconds an answer, after a second of warming up. */
export type Found = {
  readonly count: number;
  /** The same with those of the warm-up. */
  readonly accepted: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly refused: number;
  /** What the first of the refused was told. */
  readonly refusal?: string | undefined;
};

type Sent = { readonly method: string; readonly url: string; readonly body: string };
const shop = { customers: 200, products: 1_000 };

/** One piece of any product for any customer. */
function anOrder(url: string, number: number): Sent {
  const customer_id = 1 + ((number * 13) % shop.customers);
  const product_id = 1 + ((number * 101) % shop.products);
  return { method: 'POST', url, body: JSON.stringify({ customer_id, product_id, quantity: 1 }) };
}

function requestsOf({ url, requests, clients }: Load): (client: number, turn: number) => Sent | undefined {
  if (requests === undefined) return (client, turn) => anOrder(url, client + turn * 7);
  const asked: Asked[] = JSON.parse(readFileSync(requests, 'utf8'));
  const sent = asked.map(({ method, path, body }) => ({
    method,
    url: url + path,
    body: body === undefined ? '' : JSON.stringify(body),
  }));
  return (client, turn) => sent[client + turn * clients];
}

/** Sends requests over connections that are kept, and counts those that went well. */
export async function load(asked: Load, begun: () => void = () => {}): Promise<Found> {
  const { token, clients, seconds, once, pauseMs = 0 } = asked;
  const headers = asked.headers ?? { authorization: `Bearer ${token}` };
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const next = requestsOf(asked);
  const times: number[] = [];
  const failed: Answer[] = [];
  let began = 0;
  const begin = () => {
    began = performance.now();
    begun();
  };
  let sentAll = 0;
  const start = performance.now();
  let told = false;
  process.once('SIGTERM', () => (told = true));
  const client = async (number: number) => {
    for (let turn = 0; !told; turn += 1) {
      if (pauseMs > 0) await sleep(pauseMs * (0.5 + Math.random()));
      const sent = performance.now();
      if (began === 0 && (once ? sentAll >= once.warmUp : sent - start >= 1_000)) begin();
      if (!once && !asked.until && began > 0 && sent - began >= seconds * 1_000) return;
      const what = once ? next(number, turn) : (next(number, turn) ?? next(number, (turn = 0)));
      if (!what) return;
      sentAll += 1;
      const counts = began > 0;
      const answer = await send(what, agent, headers);
      if (answer.status >= 300) failed.push(answer);
      else if (counts) times.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  const took = (performance.now() - began) / 1_000;
  agent.destroy();
  const refusal = failed[0] && `${failed[0].status} ${failed[0].body.slice(0, 300)}`;
  return { ...summed(times, took), accepted: sentAll - failed.length, refused: failed.length, refusal };
}

function summed(times: number[], seconds: number) {
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round((times[Math.floor(times.length * share)] ?? 0) * 10) / 10;
  const perSecond = Math.round((times.length / seconds) * 10) / 10;
  return { count: times.length, perSecond, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

type Answer = { readonly status: number; readonly body: string };

type Headers = Readonly<Record<string, string>>;

const send = ({ method, url, body }: Sent, agent: Agent, own: Headers): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const headers = {
      ...own,
      ...(body === ''
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    const sending = request(url, { method, agent, headers }, (response) => {
      const status = response.statusCode ?? 0;
      if (status < 300) {
        response.resume();
        response.on('end', () => resolve({ status, body: '' }));
        return;
      }
      let told = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => (told += text));
      response.on('end', () => resolve({ status, body: told }));
    });
    sending.on('error', reject);
    sending.end(body);
  });

// The load is a process of its own, so that it does not run on the server's thread. It says when it is warm.
if (process.argv[2])
  console.log(JSON.stringify(await load(JSON.parse(process.argv[2]), () => process.stderr.write('warm\n'))));
