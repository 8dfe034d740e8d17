import { onStage, options, report, summary } from './bench.ts';
import { placedBeside } from './placed.ts';
import { shop } from './shop.ts';

// The same as `place`, but everybody wants one product; beside the naive transaction that waits for its row.
await onStage(async (stage) => {
  const wanted = Array.from({ length: shop.customers }, (_, at) => ({ customer: at + 1, product: 1 }));
  const { ours, beside } = await placedBeside(stage, {
    clients: 64,
    wanted,
    yard: 'H',
    turns: options.turns,
  });
  const { rate, p99, more } = summary(ours);
  const ratio = beside?.ratio.median ?? 0;
  report({
    name: 'place, 64 clients, one hot product',
    value: rate,
    unit: 'orders/s',
    yardstick: beside,
    more,
    first: { wants: '≥ 1.5 H, p99 ≤ 150 ms', met: ratio >= 1.5 && p99 <= 150 },
    aim: { wants: '≥ 4 H, p99 ≤ 50 ms', met: ratio >= 4 && p99 <= 50 },
  });
});
