import { exponentOf } from '@orderloom/core';
import type { Backlog, ReplicaOutcome, StatusChange } from '@orderloom/db';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';

/** What the server counts about itself; there is one process, so there is one registry. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry });

const durations = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'How long requests took, by route and status.',
  labelNames: ['method', 'route', 'status'] as const,
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
  registers: [registry],
});
const placed = new Counter({
  name: 'orders_placed_total',
  help: 'Orders that were placed since the start.',
  registers: [registry],
});
const refusals = new Counter({
  name: 'refusals_total',
  help: 'Requests that were refused, by code.',
  labelNames: ['code'] as const,
  registers: [registry],
});

const deliveries = new Counter({
  name: 'deliveries_total',
  help: 'Events that were done, failed, tried again or dead, by consumer.',
  labelNames: ['consumer', 'outcome'] as const,
  registers: [registry],
});

const redis = new Counter({
  name: 'redis_questions_total',
  help: 'Questions to Redis: answered, failed, or not asked because it was left alone.',
  labelNames: ['outcome'] as const,
  registers: [registry],
});
const replicas = new Counter({
  name: 'replica_questions_total',
  help: 'Reads that a replica answered, or why the primary did: it was behind, failed or left alone.',
  labelNames: ['outcome'] as const,
  registers: [registry],
});
const keptAnswers = new Counter({
  name: 'cached_answers_total',
  help: 'Answers that may be kept, by name: found, or worked out.',
  labelNames: ['name', 'outcome'] as const,
  registers: [registry],
});

const [minute, hour, day] = [60, 3_600, 86_400];
const longTimes = [1, 10, minute, 10 * minute, hour, 6 * hour, day, 3 * day, 7 * day, 14 * day, 30 * day];
const shop = {
  steps: new Histogram({
    name: 'order_status_seconds',
    help: 'How long orders were in one status before they went to the next.',
    labelNames: ['from', 'to'] as const,
    buckets: longTimes,
    registers: [registry],
  }),
  processing: new Histogram({
    name: 'order_processing_seconds',
    help: 'How long it took from placing orders to delivering them.',
    buckets: longTimes,
    registers: [registry],
  }),
  // The sum divided by the count is the average order value, the rate of the count that of new orders.
  value: new Summary({
    name: 'order_value',
    help: 'What orders were worth when they were placed, by currency.',
    labelNames: ['currency'] as const,
    percentiles: [],
    registers: [registry],
  }),
  payments: new Counter({
    name: 'payment_outcomes_total',
    help: 'Tries to take the money of payments: captured, or failed.',
    labelNames: ['outcome'] as const,
    registers: [registry],
  }),
  scores: new Histogram({
    name: 'order_score',
    help: 'The scores that customers gave to orders, from 1 to 5.',
    buckets: [1, 2, 3, 4, 5],
    registers: [registry],
  }),
};

/** What events say about how the shops are doing. */
export const measure = {
  value: ({ total, currency }: { readonly total: number; readonly currency: string }): void =>
    shop.value.observe({ currency }, total / 10 ** exponentOf(currency)),
  payment: (outcome: 'captured' | 'failed'): void => shop.payments.inc({ outcome }),
  score: (score: number): void => shop.scores.observe(score),
  step: ({ from, to, seconds, sincePlaced }: StatusChange): void => {
    shop.steps.observe({ from: from.toLowerCase(), to: to.toLowerCase() }, seconds);
    if (to === 'DELIVERED') shop.processing.observe(sincePlaced);
  },
};

export type Answered = {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
};

export const countRequest = ({ method, route, status, ms }: Answered): void =>
  durations.observe({ method, route, status }, ms / 1000);

export const countPlaced = (orders: number): void => placed.inc(orders);

type Delivered = 'done' | 'failed' | 'retried' | 'dead';

export const countDelivery = (consumer: string, outcome: Delivered, count = 1): void =>
  deliveries.inc({ consumer, outcome }, count);

export const countRedis = (outcome: 'answered' | 'failed' | 'left alone'): void => redis.inc({ outcome });

export const countReplica = (outcome: ReplicaOutcome): void => replicas.inc({ outcome });

export const countKept = (name: string, outcome: 'found' | 'worked out'): void =>
  keptAnswers.inc({ name, outcome });

export const countRefusal = (code: string): void => refusals.inc({ code });

const backlog = {
  waiting: new Gauge({
    name: 'relay_waiting_events',
    help: 'Events that wait: to be published, or for a consumer.',
    labelNames: ['queue'] as const,
    registers: [registry],
  }),
  oldest: new Gauge({
    name: 'relay_oldest_seconds',
    help: 'How long the oldest of them has been waiting.',
    labelNames: ['queue'] as const,
    registers: [registry],
  }),
  dead: new Gauge({
    name: 'relay_dead_letters',
    help: 'Events that a consumer did not take.',
    labelNames: ['queue'] as const,
    registers: [registry],
  }),
};

/** Shows what waits on its way out, as it was just counted. */
export function showBacklog(queues: readonly Backlog[]): void {
  for (const gauge of Object.values(backlog)) gauge.reset();
  const unpublished = { consumer: null, waiting: 0, oldestSeconds: 0, dead: 0 };
  for (const { consumer, waiting, oldestSeconds, dead } of [unpublished, ...queues]) {
    const queue = consumer ?? 'unpublished';
    backlog.waiting.set({ queue }, waiting);
    backlog.oldest.set({ queue }, oldestSeconds);
    backlog.dead.set({ queue }, dead);
  }
}

export type PoolUse = { readonly used: number; readonly idle: number; readonly waiting: number };

/** Shows how busy the connections to the database are, asked for whenever the metrics are read. */
export function watchPool(poolUse: () => PoolUse): void {
  const name = 'database_connections';
  registry.removeSingleMetric(name);
  registry.registerMetric(
    new Gauge({
      name,
      help: 'Connections to the database, and callers that wait for one.',
      labelNames: ['state'] as const,
      registers: [],
      collect() {
        for (const [state, count] of Object.entries(poolUse())) this.set({ state }, count);
      },
    }),
  );
}
