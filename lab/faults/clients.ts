import { setTimeout as sleep } from 'node:timers/promises';
import { chance } from '../../apps/server/src/demo/chance.ts';
import { shop } from '../../bench/shop.ts';
import type { Answer } from '../http.ts';
import type { Op } from './history.ts';
import { type Command, idIn, insist, type Place } from './insist.ts';

/** Customers who place, edit, pay, cancel and ask for their money back, all at once. */
export type Clients = { readonly ops: Op[]; readonly stop: () => Promise<void> };
export type Crowd = Omit<Place, 'luck'> & {
  readonly seed: number;
  readonly count: number;
  /** Whether some of them pay by card. */
  readonly cards: boolean;
};

/** What all of them know: the newest versions, and the orders that several of them work on. */
type Shared = {
  readonly ops: Op[];
  readonly versions: Map<string, number>;
  readonly hot: string[];
  over: boolean;
};
type Client = { readonly place: Place; readonly shared: Shared; readonly name: string; keys: number };

const hotOrders = 4;

export function startClients({ seed, count, cards, ...place }: Crowd): Clients {
  const shared: Shared = { ops: [], versions: new Map(), hot: [], over: false };
  const lives = Array.from({ length: count }, (_, number) => {
    const luck = chance(seed * 1_000 + number);
    return live({ place: { ...place, luck }, shared, name: `${seed}-${number}`, keys: 0 }, cards);
  });
  const stop = async () => {
    shared.over = true;
    await Promise.all(lives);
  };
  return { ops: shared.ops, stop };
}

async function live(client: Client, cards: boolean): Promise<void> {
  const { luck } = client.place;
  const own: string[] = [];
  while (!client.shared.over) {
    const [order = null] = own;
    if (order === null || luck.percent(40)) own.push(...(await place(client)));
    else if (luck.percent(60)) await edit(client);
    else if (luck.percent(55)) await pay(client, own.shift() ?? order, cards);
    else await cancel(client, own.shift() ?? order);
    await sleep(luck.between(5, 60));
  }
}

type Wanted = Pick<Op, 'kind'> & Partial<Pick<Op, 'order' | 'from'>>;

/** Every command has a key of its own, and is written down before it is sent. */
async function command(client: Client, wanted: Wanted, what: Command): Promise<Answer | null> {
  const { shared, name } = client;
  client.keys += 1;
  const key = `${name}-${client.keys}`;
  const op: Op = { order: null, from: null, ...wanted, key, to: null, outcome: 'unknown', tries: [] };
  shared.ops.push(op);
  const answer = await insist(client.place, op, what);
  if (op.order !== null && op.to !== null)
    shared.versions.set(op.order, Math.max(op.to, shared.versions.get(op.order) ?? 0));
  return answer;
}

/** A new order, in one voice of the API or the other. */
async function place(client: Client): Promise<string[]> {
  const { luck } = client.place;
  const product = luck.percent(20) ? 1 : luck.between(1, shop.products);
  const customer = luck.between(1, shop.customers);
  const items = [{ product, quantity: luck.between(1, 3) }];
  const what: Command = luck.percent(30)
    ? {
        method: 'POST',
        path: `/orders/${customer}`,
        body: { items: items.map(({ quantity }) => ({ product_id: product, quantity })) },
      }
    : {
        method: 'POST',
        path: '/api/v1/orders/',
        body: { customer_id: customer, payment_method: 'balance', items },
      };
  const answer = await command(client, { kind: 'place' }, what);
  const id = answer && answer.status < 300 ? idIn(answer.text) : null;
  if (id === null) return [];
  const { hot } = client.shared;
  if (hot.length === hotOrders && luck.percent(90)) return [id];
  hot.push(id);
  if (hot.length > hotOrders) hot.shift();
  return [];
}

/** Many change the same orders; whoever is late is refused and looks again. */
async function edit(client: Client): Promise<void> {
  const { shared, place } = client;
  const order = shared.hot[place.luck.between(0, shared.hot.length - 1)];
  const from = order === undefined ? undefined : shared.versions.get(order);
  if (order === undefined || from === undefined) return;
  const body = { notes: `${client.name} ${client.keys}` };
  const headers = { 'if-match': `"${from}"` };
  const path = `/api/v1/orders/${order}/`;
  const answer = await command(
    client,
    { kind: 'edit', order, from },
    { method: 'PATCH', path, body, headers },
  );
  const now = /"current_version":\s*(\d+)/.exec(answer?.text ?? '')?.[1];
  if (now !== undefined) shared.versions.set(order, Number(now));
}

/** Money goes from the customer's balance or card to the shop, and some of it comes back. */
async function pay(client: Client, order: string, cards: boolean): Promise<void> {
  const { luck } = client.place;
  const card = cards && luck.percent(60);
  const by = card ? { payment_method: 'credit_card', card_token: 'tok_ok' } : { payment_method: 'balance' };
  const path = '/api/v1/payments/';
  const opened = await command(
    client,
    { kind: 'open-payment', order },
    { method: 'POST', path, body: { order, ...by } },
  );
  const id = opened && opened.status < 300 ? idIn(opened.text) : null;
  if (id === null) return;
  await command(client, { kind: 'pay', order }, { method: 'POST', path: `${path}${id}/process_payment/` });
  if (luck.percent(30)) await cancel(client, order);
  else if (luck.percent(40)) {
    const body = { amount: '5.00', reason: 'arrived late' };
    await command(
      client,
      { kind: 'refund', order },
      { method: 'POST', path: `/api/v1/orders/${order}/refunds/`, body },
    );
  }
}

const cancel = (client: Client, order: string): Promise<Answer | null> =>
  command(client, { kind: 'cancel', order }, { method: 'DELETE', path: `/orders/${order}` });
