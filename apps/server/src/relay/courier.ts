import { randomInt } from 'node:crypto';
import { ok } from '@orderloom/core';
import {
  claimDeliveries,
  type Claimed,
  type Database,
  hurryDeliveries,
  settleDeliveries,
  type Settled,
  transact,
} from '@orderloom/db';
import type { Logger } from 'pino';
import { type Consumer, Undeliverable } from '../feed.ts';
import { logFailure } from '../log.ts';
import { countDelivery } from '../metrics.ts';
import { type Patience, waitAfter } from './patience.ts';

export type Route = {
  readonly db: Database;
  readonly log: Logger;
  readonly consumer: Consumer;
  readonly patience: Patience;
  /** Whether the server is about to stop, and nothing new should be begun. */
  readonly stopping: () => boolean;
};

const batchMax = 500;
const together = 4;
// A consumer that fails again and again is away: it is asked with few events until one gets through.
const awayAfter = 5;
const pauseMs = 1_000;

/** Carries a consumer's events to it: the orders side by side, the events of an order one after the other. */
export function makeCourier(route: Route): (tenantId: string) => Promise<boolean> {
  const { db, consumer } = route;
  const failing = new Set<string>();
  let failures = 0;
  let pausedUntilMs = 0;
  return async (tenantId) => {
    const away = failures >= awayAfter;
    if (away && performance.now() < pausedUntilMs) return false;
    const limit = away ? awayAfter : batchMax;
    const claimed = await claim(route, tenantId, limit);
    if (claimed.length === 0) return false;
    const settled = await deliverAll(route, claimed);
    await worker(db, tenantId, (em) => settleDeliveries(em, { tenantId, consumer: consumer.name }, settled));
    const ended = (how: Settled['outcome']['is']) =>
      settled.filter(({ outcome }) => outcome.is === how).length;
    if (ended('failed') > 0) failing.add(tenantId);
    if (ended('done') === 0) {
      failures += ended('failed');
      pausedUntilMs = performance.now() + pauseMs;
      return ended('dead') > 0;
    }
    failures = 0;
    // Only what a consumer that was away kept waiting; an event that fails alone keeps its own pace.
    if (away) for (const other of failing) await hurry(route, other);
    if (away) failing.clear();
    return true;
  };
}

const worker = async <T>(
  db: Database,
  tenantId: string,
  work: (em: Parameters<Parameters<typeof transact>[2]>[0]) => Promise<T>,
): Promise<T> => {
  const done = await transact<T, never>(db, { tenantId, role: 'worker' }, async (em) => ok(await work(em)));
  if (!done.ok) throw new Error(done.error.code);
  return done.value;
};

const claim = ({ db, consumer, patience: { leaseMs } }: Route, tenantId: string, limit: number) =>
  worker(db, tenantId, (em) => claimDeliveries(em, { tenantId, consumer: consumer.name, limit, leaseMs }));

const hurry = ({ db, consumer: { name } }: Route, tenantId: string) =>
  worker(db, tenantId, (em) => hurryDeliveries(em, { tenantId, consumer: name }));

async function deliverAll(route: Route, claimed: readonly Claimed[]): Promise<Settled[]> {
  const { timeoutMs, leaseMs } = route.patience;
  const deadlineMs = performance.now() + leaseMs - timeoutMs;
  const orders = Map.groupBy(claimed, ({ event }) => event.orderId ?? event.id);
  const waiting = [...orders.values()].values();
  const settled: Settled[] = [];
  const carry = async () => {
    for (const order of waiting) settled.push(...(await deliverOrder(route, order, deadlineMs)));
  };
  await Promise.all(Array.from({ length: route.consumer.together ?? together }, carry));
  return settled;
}

/** What comes after an event that failed is given back untried, and so is what the lease is too short for. */
async function deliverOrder(
  route: Route,
  claimed: readonly Claimed[],
  deadlineMs: number,
): Promise<Settled[]> {
  const settled: Settled[] = [];
  let held = false;
  for (const each of claimed) {
    held ||= route.stopping() || performance.now() > deadlineMs;
    const outcome: Outcome = held ? untried : await deliverOne(route, each);
    if (outcome.is !== 'untried') countDelivery(route.consumer.name, outcome.is);
    held ||= outcome.is === 'failed';
    settled.push({ feedSeq: each.event.feedSeq, attempts: each.attempts, outcome });
  }
  return settled;
}

type Outcome = Settled['outcome'];
const untried: Outcome = { is: 'untried' };
const wordsMax = 500;

async function deliverOne(route: Route, { event, attempts }: Claimed): Promise<Outcome> {
  const { consumer, log, patience } = route;
  // Tried as often as it may be, and never settled: it ended the server that tried it.
  if (attempts > patience.attemptsMax) return bury(route, event, 'the server ended while it was delivered');
  try {
    if (attempts > 1) countDelivery(consumer.name, 'retried');
    await inTime(consumer.deliver(event), patience.timeoutMs);
    return { is: 'done' };
  } catch (thrown) {
    const why = (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, wordsMax);
    const about = { consumer: consumer.name, event: event.id, type: event.type, attempts, why };
    if (thrown instanceof Undeliverable || attempts >= patience.attemptsMax) return bury(route, event, why);
    log.warn(about, 'an event could not be delivered and is tried again');
    return { is: 'failed', why, againInMs: waitAfter(attempts, patience, randomInt(1_000) / 1_000) };
  }
}

async function bury({ consumer, log }: Route, event: Claimed['event'], why: string): Promise<Outcome> {
  log.error(
    { consumer: consumer.name, event: event.id, type: event.type, why },
    'an event goes to the dead letters',
  );
  try {
    await consumer.giveUp?.(event, why);
  } catch (thrown) {
    logFailure(log, thrown, `relay ${consumer.name} gives up`);
  }
  return { is: 'dead', why };
}

/** A consumer that takes too long has failed, whatever it does later: it may get an event twice anyway. */
async function inTime(work: Promise<void>, ms: number): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not done after ${ms} ms`)), ms);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
