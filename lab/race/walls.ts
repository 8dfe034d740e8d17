import type { Verdict } from '../verdicts.ts';
import type { Client, Command, Told } from './client.ts';
import { type Arena, atOnce, type Scenario } from './scenario.ts';
import { aCustomer, anOrder, aProduct, orderOf, Payment, paths } from './shop.ts';

/** What belongs to a tenant, and a word that stands in all of it and nowhere else. */
type Things = {
  readonly product: string;
  readonly customer: string;
  readonly order: string;
  readonly payment: string;
  readonly key: string;
};

async function someThings(by: Client): Promise<Things> {
  const [product, customer] = [await aProduct(by, 10), await aCustomer(by, 100)];
  const order = await anOrder(by, product, { customer });
  const body = { order: order.id, payment_method: 'balance' };
  const { id: payment } = await by.made(Payment, paths.payments, { body });
  const key = by.key();
  await by.tell(paths.orders, { body: orderOf([{ product, quantity: 1 }], customer), key });
  return { product: product.id, customer: customer.id, order: order.id, payment, key };
}

type Ask = readonly [path: string, command?: Command];

/** Everything of somebody else that one might look at or lay hands on. */
const asksFor = ({ product, customer, order, payment, key }: Things): readonly Ask[] => [
  [paths.order(order)],
  [paths.product(product)],
  [paths.customer(customer)],
  [`${paths.customer(customer)}ledger/`],
  [paths.payment(payment)],
  [`${paths.orders}?customer_id=${customer}`],
  [`${paths.orders}?search=${product}`],
  [`${paths.orders}?page_size=100`],
  [`${paths.payments}?order=${order}`],
  [`${paths.products}?page_size=100`],
  [`${paths.customers}?page_size=100`],
  [`/orders/${order}`],
  [paths.order(order), { method: 'PATCH', body: { notes: 'mine now' } }],
  [paths.order(order), { method: 'DELETE' }],
  [paths.product(product), { method: 'PATCH', body: { price: '1' } }],
  [`${paths.product(product)}receive/`, { body: { quantity: 1 } }],
  [paths.customer(customer), { method: 'PATCH', body: { name: 'Mine' } }],
  [`${paths.customer(customer)}top_up/`, { body: { amount: '1', reason: 'mine' } }],
  [`${paths.payment(payment)}process_payment/`, { method: 'POST' }],
  [paths.command(order, 'confirm'), { method: 'PATCH', body: {} }],
  [paths.command(order, 'cancel'), { method: 'PATCH', body: {} }],
  [paths.bulk, { body: { order_ids: [order], status: 'confirmed' } }],
  [paths.orders, { body: orderOf([{ product: { id: product }, quantity: 1 }]) }],
  [paths.orders, { body: orderOf([{ product: { id: product }, quantity: 1 }], { id: customer }), key }],
];

/** What an answer tells of somebody else's things beyond the words that were asked with. */
function leaks({ outcome, text }: Told, [path, command]: Ask, things: Things): boolean {
  if (outcome !== 'ok') return false;
  const asked = path + JSON.stringify(command?.body ?? '');
  const told = [things.product, things.customer, things.order, things.payment];
  if (command?.method !== undefined || command?.body !== undefined)
    return path !== paths.bulk || !text.includes('"updated":0');
  return told.some((id) => text.includes(id) && !asked.includes(id)) || !/[?]/.test(path);
}

/** How its owner sees them. */
const seenBy = (owner: Client, things: Things): Promise<string[]> =>
  Promise.all(
    [paths.order(things.order), paths.product(things.product), paths.customer(things.customer)]
      .concat(paths.payment(things.payment))
      .map(async (path) => (await owner.tell(path)).text),
  );

/** Orders come and go in a tenant until the others are done. */
async function busy(by: Client, isOver: () => boolean): Promise<void> {
  const product = await aProduct(by, 1_000_000);
  while (!isOver()) {
    const { id } = await anOrder(by, product);
    await by.tell(paths.command(id, 'cancel'), { method: 'PATCH', body: {} });
  }
}

async function trespassed({ staff, clients }: Arena, stranger: Client): Promise<Verdict> {
  const things = await someThings(staff);
  const before = await seenBy(staff, things);
  let over = false;
  const work = [staff, staff, stranger, stranger].map((by) => busy(by, () => over).catch(String));
  const asks = asksFor(things);
  const rounds = Math.max(1, Math.floor(clients / 20));
  const tries = await atOnce(rounds, () =>
    Promise.all(asks.map(async (ask) => ({ ask, told: await stranger.tell(...ask) }))),
  );
  over = true;
  await Promise.all(work);
  const all = tries.flat();
  const leaked = all.filter(({ ask, told }) => leaks(told, ask, things));
  const lost = all.filter(({ told }) => told.outcome === 'unknown').length;
  const after = await seenBy(staff, things);
  const changed = before.filter((text, at) => text !== after[at]).length;
  const first = leaked[0];
  const words = [
    `${all.length} tries at another tenant's things while both are busy: `,
    `${leaked.length} told or did something, `,
    `${changed} of ${before.length} things changed, ${lost} without an answer`,
    first ? `; first of them ${first.ask[1]?.method ?? 'GET'} ${first.ask[0]}` : '',
  ].join('');
  return { promise: 'tenant', words, kept: leaked.length + changed === 0 };
}

export const walls: Scenario = {
  name: 'walls',
  what: 'a stranger among the busy',
  needs: ['tenant'],
  run: async (arena) => {
    const { stranger } = arena;
    if (stranger) return [await trespassed(arena, stranger)];
    const words = 'needs --stranger-token, of an administrator of another tenant';
    return [{ promise: 'tenant', words, kept: null }];
  },
};
