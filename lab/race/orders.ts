import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from '../../apps/server/src/demo/chance.ts';
import type { Verdict } from '../verdicts.ts';
import { z } from 'zod';
import type { Client, Command, Told } from './client.ts';
import { type Arena, atOnce, type Scenario } from './scenario.ts';
import { anOrder, aProduct, type Order, orderNow, paths, type Product, stockOf } from './shop.ts';

/** A command that was carried out: from which version, if it named one, to which. */
type Done = { readonly kind: string; readonly from: number | null; readonly to: number };

/** What there may be wrong with the history of an order that the answers tell. */
type Faults = { forks: number; lost: number; revived: number };

/** Each version is the work of one command, nothing is missing, and no step follows a cancellation. */
function faultsOf({ version }: Order, all: readonly Done[]): Faults {
  const last = all.find(({ kind }) => kind === 'cancel')?.to ?? Infinity;
  return {
    forks:
      all.length -
      new Set(all.map(({ to }) => to)).size +
      all.filter(({ from, to }) => from !== null && to !== from + 1).length,
    lost: Math.abs(version - 1 - all.length),
    revived: all.filter(({ kind, to }) => kind !== 'edit' && to > last).length,
  };
}

type Ask = { readonly kind: string; readonly path: string; readonly command: Command };

/** Mostly edits; now and then a step towards the order's end. */
function anAsk(id: string, product: Product, { luck, staff }: { luck: Chance; staff: Client }): Ask {
  const dice = luck.between(1, 100);
  const step = (kind: string): Ask => ({
    kind,
    path: paths.command(id, kind),
    command: { method: 'PATCH', body: {} },
  });
  if (dice <= 6) return step('cancel');
  if (dice <= 16) return step('confirm');
  if (dice <= 24) return step('ship');
  const body =
    dice <= 60
      ? { notes: staff.key() }
      : { notes: staff.key(), items: [{ product: product.id, quantity: luck.between(1, 5) }] };
  return { kind: 'edit', path: paths.order(id), command: { method: 'PATCH', body } };
}

/** One of several who work on an order, every other time with the version that they have seen. */
async function work({ staff, luck }: Arena, order: Order, product: Product): Promise<Done[]> {
  const done: Done[] = [];
  for (let turn = 0; turn < 6; turn += 1) {
    const from = luck.percent(50) ? (await orderNow(staff, order.id)).version : null;
    const { kind, path, command } = anAsk(order.id, product, { luck, staff });
    const told = await staff.tell(path, { ...command, ifMatch: from ?? undefined });
    if (told.outcome === 'ok' && told.version !== null) done.push({ kind, from, to: told.version });
  }
  return done;
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

export const editors: Scenario = {
  name: 'editors',
  what: 'edit against cancel against ship',
  needs: ['version'],
  run: async (arena) => {
    const { staff, clients } = arena;
    const count = Math.max(1, Math.floor(clients / 16));
    const stock = count * 50;
    const product = await aProduct(staff, stock);
    const orders = await atOnce(count, () => anOrder(staff, product, { quantity: 2 }));
    const done = await Promise.all(
      orders.map(async (order) => (await atOnce(8, () => work(arena, order, product))).flat()),
    );
    const now = await Promise.all(orders.map(({ id }) => orderNow(staff, id)));
    const all = now.map((order, at) => faultsOf(order, done[at] ?? []));
    const [forks, lost, revived] = [
      sumOf(all.map((one) => one.forks)),
      sumOf(all.map((one) => one.lost)),
      sumOf(all.map((one) => one.revived)),
    ];
    const astray = Math.abs(stock - (await stockOf(staff, product)) - sumOf(now.map(heldBy)));
    const words = [
      `8 editors on each of ${count} orders: ${done.flat().length} commands done, ${forks} versions forked, `,
      `${lost} lost, ${revived} steps after a cancellation, ${astray} pieces astray`,
    ].join('');
    return [{ promise: 'version', words, kept: forks + lost + revived + astray === 0 }];
  },
};

/** What an order keeps from others: what was sent is gone, even when it is cancelled on its way. */
const heldBy = ({ status, items }: Order): number =>
  sumOf(items.map((item) => (status === 'cancelled' ? item.shipped_quantity : item.quantity)));

const BulkDone = z.object({ updated: z.int(), order_ids: z.array(z.string()), failed: z.array(z.unknown()) });

/** One step of many orders at once, in an order that nobody else has. */
async function bulk({ staff, luck }: Arena, orders: readonly Order[]): Promise<string[]> {
  const shuffled = orders.map(({ id }) => ({ id, at: luck.next() })).toSorted((a, b) => a.at - b.at);
  const body = { order_ids: shuffled.map(({ id }) => id), status: 'confirmed' };
  const told = await staff.tell(paths.bulk, { body });
  return told.outcome === 'ok' ? BulkDone.parse(JSON.parse(told.text)).order_ids : [];
}

async function single(
  { staff, luck }: Arena,
  { id }: Order,
): Promise<{ readonly id: string; readonly told: Told }> {
  const name = luck.percent(50) ? 'confirm' : 'cancel';
  await sleep(luck.between(0, 500));
  return { id, told: await staff.tell(paths.command(id, name), { method: 'PATCH', body: {} }) };
}

/** Orders that have nothing to do with the bulks, are done while those are at it, and overtake them. */
async function besides({ staff, luck, clients }: Arena): Promise<void> {
  const product = await aProduct(staff, clients * 3);
  await atOnce(clients, async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await sleep(luck.between(0, 50));
      await anOrder(staff, product);
    }
  });
}

export const bulks: Scenario = {
  name: 'bulk',
  what: 'many orders at once against single ones',
  needs: ['outbox'],
  run: async (arena): Promise<Verdict[]> => {
    const { staff, clients } = arena;
    const product = await aProduct(staff, clients);
    const orders = await atOnce(clients, () => anOrder(staff, product));
    const [inBulk, alone] = await Promise.all([
      atOnce(4, () => bulk(arena, orders)),
      Promise.all(orders.map((order) => single(arena, order))),
      besides(arena),
    ]);
    const changes = [
      ...inBulk.flat(),
      ...alone.flatMap(({ id, told }) => (told.outcome === 'ok' ? [id] : [])),
    ];
    const unknown = alone.filter(({ told }) => told.outcome === 'unknown').length;
    const now = await Promise.all(orders.map(({ id }) => orderNow(staff, id)));
    const written = sumOf(now.map(({ version }) => version - 1));
    const held = sumOf(now.map(heldBy));
    const astray = Math.abs(clients - held - (await stockOf(staff, product)));
    const words = [
      `4 bulks over ${clients} orders in any order, and as many single commands: `,
      `${inBulk.flat().length} and ${changes.length - inBulk.flat().length} done, `,
      `${written} versions written, `,
      `${unknown} without an answer, ${astray} pieces astray`,
    ].join('');
    const kept = changes.length === written && unknown + astray === 0;
    return [{ promise: 'version', words, kept }];
  },
};
