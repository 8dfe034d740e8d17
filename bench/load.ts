import { Agent, request } from 'node:http';

/** A closed loop: each client sends its next order as soon as it has the answer to the last. */
export type Load = {
  readonly url: string;
  readonly token: string;
  readonly clients: number;
  readonly seconds: number;
};

/** Orders a second and milliseconds an order, after a second of warming up. */
export type Found = {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly refused: number;
};

const shop = { customers: 200, products: 1_000 };

/** Sends orders over connections that are kept, and counts those that were placed. */
export async function load({ url, token, clients, seconds }: Load): Promise<Found> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  let refused = 0;
  const begin = performance.now() + 1_000;
  const end = begin + seconds * 1_000;
  const client = async (number: number) => {
    for (let turn = 0; performance.now() < end; turn += 1) {
      const sent = performance.now();
      const customer_id = 1 + ((number * 13 + turn) % shop.customers);
      const product_id = 1 + ((number * 101 + turn * 7) % shop.products);
      const body = JSON.stringify({ customer_id, product_id, quantity: 1 });
      if ((await post(url, { agent, token, body })) !== 200) refused += 1;
      else if (sent >= begin) times.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round((times[Math.floor(times.length * share)] ?? 0) * 10) / 10;
  return { perSecond: Math.round(times.length / seconds), p50: at(0.5), p99: at(0.99), refused };
}

type Post = { readonly agent: Agent; readonly token: string; readonly body: string };

const post = (url: string, { agent, token, body }: Post): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const sending = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sending.on('error', reject);
    sending.end(body);
  });

// The load is a process of its own, so that it does not run on the server's thread.
if (process.argv[2]) console.log(JSON.stringify(await load(JSON.parse(process.argv[2]))));
