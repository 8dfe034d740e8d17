import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from '../../apps/server/src/demo/chance.ts';
import { token } from '../../bench/shop.ts';
import { charged } from './charged.ts';
import { unanswered, violations } from './checkers.ts';
import { startClients } from './clients.ts';
import type { Fault } from './faults.ts';
import type { History, Op, Stored, Violation } from './history.ts';
import { isFinal, once, type Place, settled as settle } from './insist.ts';
import { settled, startObserver, stored } from './observe.ts';
import { taken } from './warehouse.ts';
import type { World } from './world.ts';

export type Pace = {
  readonly seed: number;
  readonly luck: Chance;
  readonly faultMs: number;
  readonly clients: number;
};

/** What one fault did to the shop. */
export type Episode = {
  readonly fault: string;
  readonly history: History;
  /** Until new orders succeeded at every server again. */
  readonly recoverySeconds: number;
  /** From then on, until all events were told to everybody. */
  readonly toldSeconds: number;
  readonly violations: readonly Violation[];
};

const recoverWithinMs = 60_000;
const tellWithinMs = 60_000;

/** A shop at work, in which the fault strikes and ends; then everything is counted. */
export async function episode(
  world: World,
  fault: Fault,
  { seed, luck, faultMs, clients }: Pace,
): Promise<Episode> {
  const before = new Set((await stored(world.db)).orders.map(({ id }) => id));
  const began = performance.now();
  const clock = () => performance.now() - began;
  const urls = (): [string, string] => [world.servers[0].url, world.servers[1].url];
  const crowd = { urls, token, clock, giveUpMs: 60_000 };
  const observer = startObserver(world.db, clock);
  const cards = fault.name.startsWith('gateway') || luck.percent(25);
  const busy = startClients({ ...crowd, seed, count: clients, cards });
  await sleep(700);
  const end = await fault.strike(world, luck);
  await sleep(faultMs);
  await end();
  const probes = await recovered(world, { ...crowd, luck, name: `${seed}-probe` });
  await sleep(500);
  await busy.stop();
  const left = await told(world);
  await observer.stop();
  const history = { ops: [...busy.ops, ...probes.ops], books: observer.books, pages: observer.pages };
  const counted = await stored(world.db);
  const now: Stored = { ...counted, orders: counted.orders.filter(({ id }) => !before.has(id)) };
  const all = [
    ...violations(history, now),
    ...unanswered(history.ops),
    ...late(fault, probes.seconds),
    ...left.violations,
  ];
  all.push(...(await charged(world)), ...(world.warehouse ? await taken(world.db, world.warehouse) : []));
  return {
    fault: fault.name,
    history,
    recoverySeconds: probes.seconds,
    toldSeconds: left.seconds,
    violations: all,
  };
}

const late = ({ recoversIn }: Fault, seconds: number): Violation[] =>
  seconds <= recoversIn
    ? []
    : [{ promise: `orders succeed within ${recoversIn} s`, subject: 'recovery', why: `took ${seconds} s` }];

/** Places at each server until it goes well there. */
async function recovered(world: World, { name, ...place }: Place & { readonly name: string }) {
  const began = performance.now();
  const ops = await Promise.all(
    world.servers.map(async ({ url, name: server }): Promise<Op> => {
      const key = `${name}-${server}`;
      const op: Op = { kind: 'place', key, order: null, from: null, to: null, outcome: 'unknown', tries: [] };
      const body = { customer_id: 1, payment_method: 'balance', items: [{ product: 1, quantity: 1 }] };
      const command = { method: 'POST', path: '/api/v1/orders/', body };
      while (performance.now() - began < recoverWithinMs) {
        const answer = await once({ ...place, urls: () => [url] }, op, { command, timeoutMs: 1_000 });
        if (answer && isFinal(answer)) {
          settle(op, answer);
          return op;
        }
        await sleep(50);
      }
      return op;
    }),
  );
  return { ops, seconds: Math.round((performance.now() - began) / 100) / 10 };
}

/** How long it takes until everybody was told of everything; what never was is a broken promise. */
async function told({ db }: World) {
  const began = performance.now();
  const { waiting, dead, paying } = await settled(db, tellWithinMs);
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  const promise = `everybody is told within ${tellWithinMs / 1_000} s`;
  const found: Violation[] = [];
  if (waiting + paying > 0)
    found.push({ promise, subject: 'queues', why: `${waiting} events and ${paying} intents wait` });
  if (dead > 0) found.push({ promise, subject: 'queues', why: `${dead} deliveries were given up` });
  return { seconds, violations: found };
}
