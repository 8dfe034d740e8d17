import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { changed, charged, confirmed, type Statement } from './charges.ts';
import type { Store } from './store.ts';

const amount = z.int().positive();
const Create = z.strictObject({
  reference: z.string().min(1).max(300),
  currency: z.string().regex(/^[A-Z]{3}$/),
  amount,
  capture: z.boolean(),
  token: z.string().max(200).default('tok_ok'),
});
const Change = z.strictObject({ amount, final: z.boolean().default(false) });
const Operation = z.enum(['capture', 'void', 'refund']);

type Sandbox = {
  readonly store: Store;
  /** Whoever may call presents it as a Bearer token. */
  readonly key: string;
  readonly newId: () => string;
  readonly tell: (statement: Statement) => void;
  /** How much later than anybody waits `tok_timeout` answers. */
  readonly lateMs?: number;
};
type Call = {
  readonly method: string;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly key: string;
  readonly body: unknown;
};
type Reply = { readonly status: number; readonly body: unknown };

const no = (status: number, error: string): Reply => ({ status, body: { error } });

/** A gateway to try cards with: no money moves, everything else is as with a real one. */
export function sandbox(house: Sandbox): RequestListener {
  const shaken = new Set<string>();
  return (req, res) => {
    void replyTo(req, { house, shaken }).then(
      (reply) => send(res, reply),
      () => send(res, no(500, 'the sandbox is broken')),
    );
  };
}

function send(res: ServerResponse, { status, body }: Reply): void {
  const text = JSON.stringify(body);
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(text);
}

type Around = { readonly house: Sandbox; readonly shaken: Set<string> };

async function replyTo(req: IncomingMessage, around: Around): Promise<Reply> {
  if (req.headers.authorization !== `Bearer ${around.house.key}`) return no(401, 'unknown key');
  const { pathname, searchParams: query } = new URL(req.url ?? '/', 'http://sandbox');
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString();
  const key = String(req.headers['idempotency-key'] ?? '');
  const path = pathname.split('/').slice(1);
  if (path[0] !== 'v1' || path[1] !== 'charges') return no(404, 'no such place');
  const call: Call = {
    method: req.method ?? 'GET',
    path: path.slice(2),
    query,
    key,
    body: parsed(text),
  };
  return call.method === 'GET' ? look(around.house, call) : act(around, call);
}

function parsed(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function look({ store }: Sandbox, { path: [id], query }: Call): Reply {
  const key = query.get('idempotency_key');
  if (key !== null) {
    const found = store.byKey(key);
    return found ? { status: 200, body: found } : no(404, 'no such request');
  }
  if (id !== undefined) {
    const charge = store.byId(id);
    return charge ? { status: 200, body: charge } : no(404, 'no such charge');
  }
  const reference = query.get('reference');
  const charges = store.all().filter((one) => reference === null || one.reference === reference);
  return { status: 200, body: { charges } };
}

async function act({ house, shaken }: Around, call: Call): Promise<Reply> {
  const { key } = call;
  if (key === '') return no(400, 'Idempotency-Key is needed');
  const made = house.store.byKey(key) ?? done(house, { call, shaken });
  if ('status' in made) return made;
  const { token } = made.charge;
  // What is charged with it was done; only the answer comes too late.
  if (token === 'tok_timeout' && call.path.length === 0) await sleep(house.lateMs ?? 8_000);
  return { status: 200, body: made };
}

function done(house: Sandbox, { call, shaken }: { call: Call; shaken: Set<string> }): Statement | Reply {
  const { store } = house;
  const [id, word] = call.path;
  const keep = (statement: Statement): Statement => {
    store.keep(statement);
    house.tell(statement);
    return statement;
  };
  if (id === undefined) {
    const asked = Create.safeParse(call.body);
    if (!asked.success) return no(400, z.prettifyError(asked.error));
    if (asked.data.token === 'tok_flaky' && !shaken.has(call.key)) {
      shaken.add(call.key);
      return no(500, 'try again');
    }
    return keep(charged(asked.data, { id: `ch_${house.newId()}`, key: call.key }));
  }
  const charge = store.byId(id);
  if (!charge) return no(404, 'no such charge');
  if (word === 'confirm') {
    const first = store.first(id);
    return first?.request.status === 'requires_action' ? keep(confirmed(first)) : no(409, 'nothing waits');
  }
  const operation = Operation.safeParse(word);
  const asked = Change.safeParse(call.body);
  if (!operation.success) return no(404, 'no such place');
  if (!asked.success) return no(400, z.prettifyError(asked.error));
  return keep(changed(charge, { ...asked.data, operation: operation.data }, call.key));
}
