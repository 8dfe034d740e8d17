import { onStage, options, report, summary } from './bench.ts';
import { anything, placedBeside } from './placed.ts';

// `POST /order/` with everything on, any product for anybody; beside the naive transaction.
await onStage(async (stage) => {
  const { turns } = options;
  const { ours, beside } = await placedBeside(stage, { clients: 64, wanted: anything, yard: 'B', turns });
  const { rate, cpu, more } = summary(ours);
  const ratio = beside?.ratio.median ?? 0;
  report({
    name: 'place, 64 clients',
    value: rate,
    unit: 'orders/s',
    yardstick: beside,
    more,
    first: { wants: '≥ 0.4 B, ≤ 0.7 ms CPU', met: ratio >= 0.4 && cpu <= 0.7 },
    aim: { wants: '≥ 1 B, ≤ 0.35 ms CPU', met: ratio >= 1 && cpu <= 0.35 },
  });
});
