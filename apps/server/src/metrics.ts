import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

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

export type Answered = {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
};

export const countRequest = ({ method, route, status, ms }: Answered): void =>
  durations.observe({ method, route, status }, ms / 1000);

export const countPlaced = (orders: number): void => placed.inc(orders);

export const countRefusal = (code: string): void => refusals.inc({ code });

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
