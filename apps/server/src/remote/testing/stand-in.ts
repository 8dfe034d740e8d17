import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll } from 'vitest';

/** What can be wrong with a service. */
export const faults = [
  'slow',
  'error',
  'reset',
  'half-open',
  'trickle',
  'garbage',
  'wrong shape',
  'redirect',
  'huge',
] as const;
export type Fault = (typeof faults)[number];

export type Call = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
};
type Product = { id: number; sku: string; name: string; price: number; quantity: number; version: number };
type Cart = { customer_id: number; status: string; items: { product_id: number; quantity: number }[] };

/** A catalogue and cart service that does what the test says. */
export type StandIn = {
  readonly url: string;
  readonly calls: Call[];
  /** What came to the place that redirects lead to: nobody is to go there. */
  readonly strayed: string[];
  readonly products: Map<string, Product>;
  readonly carts: Map<string, Cart>;
  /** What goes wrong with every call, or with those that `only` finds. */
  fault: Fault | null;
  only: (call: Call) => boolean;
  /** The call does its work, and goes wrong only in the answer. */
  late: boolean;
  /** Whether answers carry an ETag, and whether keys are remembered. */
  etags: boolean;
  keys: boolean;
  /** How long it thinks before it does anything. */
  thinkMs: number;
  readonly stop: () => Promise<void>;
};

/** Starts a stand-in with one product (`1`, `TEA`, 25.00, ten pieces) and the cart of customer 1. */
export async function startStandIn(): Promise<StandIn> {
  const answered = new Map<string, Reply>();
  const elsewhere = await startElsewhere();
  const server = createServer((req, res) => void serve(req, res));
  const serve = async (req: IncomingMessage, res: ServerResponse) => {
    const call = await callOf(req);
    standIn.calls.push(call);
    if (standIn.thinkMs > 0) await sleep(standIn.thinkMs);
    const broken = standIn.fault !== null && standIn.only(call) ? standIn.fault : null;
    const answer = { req, res, elsewhere: elsewhere.url };
    if (broken !== null && !standIn.late) return breakDown(broken, answer);
    const key = standIn.keys ? `${call.path} ${String(call.headers['idempotency-key'])}` : '';
    const reply = answered.get(key) ?? replyTo(standIn, call);
    if (standIn.keys && call.headers['idempotency-key'] && reply.status === 200) answered.set(key, reply);
    if (broken !== null) return breakDown(broken, answer);
    res.writeHead(reply.status, { 'Content-Type': 'application/json', ...reply.headers });
    res.end(JSON.stringify(reply.body));
  };
  const url = await listening(server);
  const stop = async () => void (await Promise.all([closed(server), closed(elsewhere.server)]));
  const standIn: StandIn = {
    url,
    calls: [],
    strayed: elsewhere.strayed,
    products: new Map(),
    carts: new Map(),
    fault: null,
    only: () => true,
    late: false,
    etags: true,
    keys: true,
    thinkMs: 0,
    stop,
  };
  standIn.products.set('1', { ...tea, version: 1 });
  standIn.carts.set('1', { customer_id: 1, status: 'Active', items: [{ product_id: 1, quantity: 2 }] });
  afterAll(() => (server.listening ? stop() : undefined));
  return standIn;
}

/** Where redirects lead: it would answer well, and remembers who came. */
async function startElsewhere() {
  const strayed: string[] = [];
  const server = createServer((req, res) => {
    strayed.push(`${req.method} ${req.url}`);
    res.writeHead(200, json).end(JSON.stringify(tea));
  });
  return { server, strayed, url: await listening(server) };
}

const closed = (server: Server): Promise<void> => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
};

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

async function callOf(req: IncomingMessage): Promise<Call> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of req) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const { method = '', url: path = '', headers } = req;
  return { method, path, headers, body: text === '' ? undefined : JSON.parse(text) };
}

type Reply = { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown };

function replyTo(standIn: StandIn, { method, path, headers, body }: Call): Reply {
  const [, kind, id = ''] = path.split('/');
  const cart = kind === 'carts' ? standIn.carts.get(id) : undefined;
  if (cart) {
    if (method === 'PUT') Object.assign(cart, body);
    return { status: 200, body: cart };
  }
  const named = [...standIn.products.values()].find(({ sku }) => sku === id);
  const product = kind === 'products' ? (standIn.products.get(id) ?? named) : undefined;
  if (!product) return { status: 404, body: { error: 'Not found.' } };
  const etag = () => `"${product.version}"`;
  if (method === 'PUT') {
    const expected = headers['if-match'];
    if (expected !== undefined && expected !== etag()) return { status: 409, body: { error: 'Stale.' } };
    Object.assign(product, body);
    product.version += 1;
  }
  const { version: _, ...told } = product;
  return { status: 200, headers: standIn.etags ? { ETag: etag() } : {}, body: { ...told, colour: 'green' } };
}

const slowMs = 30_000;
const tea = { id: 1, sku: 'TEA', name: 'Tea', price: 25, quantity: 10 };
// Nothing is wrong with it but its length.
const huge = JSON.stringify({ ...tea, colour: 'x'.repeat(10_000_000) });
const json = { 'Content-Type': 'application/json' };

type Answer = { readonly req: IncomingMessage; readonly res: ServerResponse; readonly elsewhere: string };

function breakDown(fault: Fault, { req, res, elsewhere }: Answer): void {
  switch (fault) {
    case 'slow':
      setTimeout(() => res.writeHead(200, json).end('{}'), slowMs).unref();
      break;
    case 'error':
      res.writeHead(500, json).end('{"error":"boom"}');
      break;
    case 'reset':
      req.socket.resetAndDestroy();
      break;
    case 'half-open':
      break;
    case 'trickle':
      trickle(res);
      break;
    case 'garbage':
      res.writeHead(200, json).end('<html>{');
      break;
    case 'wrong shape':
      res.writeHead(200, json).end('{"id":1,"sku":"TEA","name":"Tea","price":"cheap","quantity":"many"}');
      break;
    case 'redirect':
      res.writeHead(302, { Location: `${elsewhere}/latest/meta-data` }).end();
      break;
    case 'huge':
      res.writeHead(200, json).end(huge);
  }
}

function trickle(res: ServerResponse): void {
  res.writeHead(200, json).write('{');
  const drop = setInterval(() => res.write(' '), 200);
  res.on('close', () => clearInterval(drop));
}
