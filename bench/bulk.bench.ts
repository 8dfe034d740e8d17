import { z } from 'zod';
import { onStage, options, report } from './bench.ts';
import type { Asked } from './load.ts';
import { newOrders } from './made.ts';
import { measure } from './measure.ts';
import { anything, orderOf } from './placed.ts';
import { short, spreadOf } from './result.ts';
import { token } from './shop.ts';
import type { Stage } from './stage.ts';

// Ten thousand orders taken one step on by one call, while eight others place and read, thinking in between.
const size = 10_000;
const Done = z.object({ updated: z.int(), failed: z.array(z.unknown()) });

await onStage(async (stage) => {
  const [seconds, foreground]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < options.turns; turn += 1) {
    const ids = await newOrders(stage, size);
    const requests = anything.flatMap((wanted, at): Asked[] => [
      orderOf(wanted),
      { method: 'GET', path: `/api/v1/orders/${ids[at]}/` },
    ]);
    const bulk = async () => seconds.push(await confirmAll(stage, ids));
    const beside = { clients: 8, pauseMs: 40, until: 'told', requests } as const;
    foreground.push((await measure(stage, beside, bulk)).p99);
  }
  const [took, p99] = [spreadOf(seconds), spreadOf(foreground)];
  report({
    name: 'bulk status of 10,000 orders',
    value: took,
    unit: 's',
    more: `p99 of placing and reading beside it ${short(p99.median)} ms`,
    first: { wants: '≤ 5 s, foreground p99 ≤ 100 ms', met: took.median <= 5 && p99.median <= 100 },
    aim: { wants: '≤ 2 s', met: took.median <= 2 },
  });
});

/** How many seconds it takes. */
async function confirmAll({ url }: Stage, ids: readonly string[]): Promise<number> {
  const from = performance.now();
  const answer = await fetch(`${url}/api/v1/orders/bulk_update_status/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ order_ids: ids, status: 'confirmed' }),
  });
  const told = await answer.text();
  const seconds = (performance.now() - from) / 1_000;
  if (!answer.ok) throw new Error(`bulk: ${answer.status} ${told.slice(0, 300)}`);
  const { updated, failed } = Done.parse(JSON.parse(told));
  if (updated !== ids.length) throw new Error(`${updated} were updated: ${JSON.stringify(failed[0])}`);
  return seconds;
}
