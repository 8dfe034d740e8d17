import { ok } from '@orderloom/core';
import {
  type Database,
  dueTenants,
  enqueue,
  type EntityManager,
  type Published,
  publishEvents,
  statusChanges,
  type StatusChange,
  transact,
} from '@orderloom/db';
import type { Logger } from 'pino';
import type { Consumer } from '../feed.ts';
import { logFailure } from '../log.ts';
import { countDelivery, measure } from '../metrics.ts';
import { makeCourier } from './courier.ts';
import { type Patience, patience } from './patience.ts';
import { makeRounds, type Rounds } from './rounds.ts';

/** Publishes what was written and carries it to the consumers, until it is stopped. */
export type Relay = { readonly stop: () => Promise<void> };

export type RelayParts = {
  readonly db: Database;
  readonly log: Logger;
  readonly consumers: readonly Consumer[];
  readonly patience?: Partial<Patience>;
  /** How often the tables are looked at for what nobody told of. */
  readonly pollMs?: number;
};

const batchMax = 500;
// What is written in the meantime shares the work of publishing, which costs as much for one as for many.
const gatherMs = 25;

/**
 * Several servers may run one each: a tenant is published by one at a time, and an event is delivered by one
 * at a time. It is woken by this server's own writes and by everybody's publications.
 */
export function startRelay({ db, log, consumers, pollMs = 1_000, ...options }: RelayParts): Relay {
  let stopped = false;
  const route = { db, log, patience: { ...patience, ...options.patience }, stopping: () => stopped };
  const couriers = new Map(
    consumers.map((consumer) => {
      const visit = makeCourier({ ...route, consumer });
      return [consumer.name, makeRounds({ name: consumer.name, log, visit })] as const;
    }),
  );
  const publisher = makeRounds({
    name: 'publisher',
    log,
    gatherMs,
    visit: async (tenantId) => {
      const { names, more } = await publish({ db, log }, tenantId, consumers);
      for (const name of names) couriers.get(name)?.wake(tenantId);
      return more;
    },
  });
  const unhear = [
    db.written.hear(publisher.wake),
    db.published.hear((tenantId) => {
      for (const courier of couriers.values()) courier.wake(tenantId);
    }),
  ];
  const poll = everyNowAndThen(pollMs, () => look({ db, log, publisher, couriers }));
  return {
    stop: async () => {
      stopped = true;
      for (const stop of unhear) stop();
      await Promise.all([poll.stop(), publisher.stop(), ...[...couriers.values()].map(({ stop }) => stop())]);
    },
  };
}

/** Publishes the next events of a tenant; a consumer that cannot be told on the way gets them delivered. */
async function publish(
  { db, log }: Pick<RelayParts, 'db' | 'log'>,
  tenantId: string,
  all: readonly Consumer[],
) {
  const [within, queued] = [all.filter((one) => one.within), all.filter((one) => !one.within)];
  if (within.length === 0) return publishTo(db, tenantId, { within, queued });
  try {
    return await publishTo(db, tenantId, { within, queued });
  } catch (thrown) {
    logFailure(log, thrown, 'relay publisher, telling on the way');
    return publishTo(db, tenantId, { within: [], queued: all });
  }
}

type Hearers = { readonly within: readonly Consumer[]; readonly queued: readonly Consumer[] };

/** Numbers the next events and tells those who want them: at once, or by putting them into their queues. */
async function publishTo(db: Database, tenantId: string, { within, queued }: Hearers) {
  const done = await transact(db, { tenantId, role: 'worker' }, async (em) => {
    const events = await publishEvents(em, tenantId, batchMax);
    const wantedBy = ({ wants }: Consumer) => events.filter(({ type }) => wants(type));
    for (const consumer of within) await consumer.within?.(em, wantedBy(consumer));
    const addressed = queued.flatMap((consumer) =>
      wantedBy(consumer).map((event) => ({ ...event, consumer: consumer.name })),
    );
    if (addressed.length > 0) await enqueue(em, tenantId, addressed);
    const names = new Set(addressed.map(({ consumer }) => consumer));
    const told = within.map((consumer) => [consumer.name, wantedBy(consumer).length] as const);
    const steps = await stepsOf(em, tenantId, events);
    return ok({ names, told, more: events.length === batchMax, events, steps });
  });
  if (!done.ok) return { names: new Set<string>(), more: true };
  measureAll(done.value);
  for (const [name, count] of done.value.told) countDelivery(name, 'done', count);
  return done.value;
}

async function stepsOf(em: EntityManager, tenantId: string, events: readonly Published[]) {
  const moved = events.filter(({ from, to }) => from !== null && from !== to);
  return moved.length === 0
    ? []
    : statusChanges(
        em,
        tenantId,
        moved.map(({ id }) => id),
      );
}

type Told = { readonly events: readonly Published[]; readonly steps: readonly StatusChange[] };

/** Every event is published once, whichever server does it: so each is measured once. */
function measureAll({ events, steps }: Told): void {
  for (const { type, worth, score } of events) {
    if (worth) measure.value(worth);
    if (score !== null) measure.score(score);
    if (type === 'payment.captured') measure.payment('captured');
    if (type === 'payment.failed') measure.payment('failed');
  }
  for (const step of steps) measure.step(step);
}

type Looking = {
  readonly db: Database;
  readonly log: Logger;
  readonly publisher: Rounds;
  readonly couriers: ReadonlyMap<string, Rounds>;
};

async function look({ db, log, publisher, couriers }: Looking): Promise<void> {
  try {
    for (const { tenantId, unpublished, consumers } of await dueTenants(db)) {
      if (unpublished) publisher.wake(tenantId);
      for (const name of consumers) couriers.get(name)?.wake(tenantId);
    }
  } catch (thrown) {
    logFailure(log, thrown, 'relay');
  }
}

function everyNowAndThen(ms: number, work: () => Promise<void>): Relay {
  let stopped = false;
  let timer: NodeJS.Timeout;
  let working = Promise.resolve();
  const turn = () => {
    working = work().finally(() => {
      if (!stopped) timer = setTimeout(turn, ms);
    });
  };
  turn();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}
