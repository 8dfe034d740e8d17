import { onStage, options, report, summary } from './bench.ts';
import { measure, type Measured } from './measure.ts';
import { spreadOf } from './result.ts';

// Statistics that nobody has asked for before: one client, nothing kept.
await onStage(
  async (stage) => {
    for (const path of ['/api/v1/orders/order_stats/', '/api/v1/payments/payment_stats/']) {
      const all: Measured[] = [];
      for (let turn = 0; turn < options.turns; turn += 1) {
        const requests = [{ method: 'GET', path }];
        all.push(await measure(stage, { clients: 1, seconds: options.seconds, requests }));
      }
      const value = spreadOf(all.map(({ p50 }) => p50));
      report({
        name: `GET ${path}, nothing kept`,
        value,
        unit: 'ms',
        more: summary(all).more,
        first: { wants: '≤ 50 ms', met: value.median <= 50 },
        aim: { wants: '≤ 5 ms', met: value.median <= 5 },
      });
    }
  },
  { CACHE_TIMEOUT: '0', STATS_CACHE_TIMEOUT: '0' },
);
