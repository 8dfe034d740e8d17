import { z } from 'zod';
import { onStage, options, report } from './bench.ts';
import type { Asked } from './load.ts';
import { newOrders } from './made.ts';
import { measure } from './measure.ts';
import { anything, orderOf } from './placed.ts';
import { short, spreadOf } from './result.ts';
import { shop, token } from './shop.ts';
import { quiet, type Stage } from './stage.ts';

// Ten thousand orders taken one step on, by one call and by four at once, while eight others place and read,
// thinking in between. One in ten is another tenant's, and one has no such step.
const size = 10_000;
const movable = size * 0.8;
const Done = z.object({ updated: z.int(), failed: z.array(z.object({ code: z.string() })) });
const cases = [
  { calls: 1, name: 'bulk status of 10,000 orders', first: 5, aim: 2 },
  { calls: 4, name: 'bulk status of the same 10,000 orders, four at once', first: 12, aim: 6 },
];

await onStage(async (stage) => {
  for (const { calls, name, first, aim } of cases) {
    const [seconds, foreground]: [number[], number[]] = [[], []];
    for (let turn = 0; turn < options.turns; turn += 1) {
      const { fresh, others } = await mixed(stage);
      const requests = anything.flatMap((wanted, at): Asked[] => [
        orderOf(wanted),
        { method: 'GET', path: `/api/v1/orders/${fresh[at]}/` },
      ]);
      const bulks = async () => seconds.push(await confirmAll(stage, [...fresh, ...others], calls));
      const beside = { clients: 8, pauseMs: 40, until: 'told', requests } as const;
      foreground.push((await measure(stage, beside, bulks)).p99);
      await quiet(stage.db);
    }
    const [took, p99] = [spreadOf(seconds), spreadOf(foreground)];
    const met = (most: number, mostMs: number) => took.median <= most && p99.median <= mostMs;
    report({
      name,
      value: took,
      unit: 's',
      more: `p99 of placing and reading beside it ${short(p99.median)} ms`,
      first: { wants: `≤ ${first} s, foreground p99 ≤ 100 ms`, met: met(first, 100) },
      aim: { wants: `≤ ${aim} s, foreground p99 ≤ 50 ms`, met: met(aim, 50) },
    });
  }
});

/** Orders that were just placed, and others that cannot be confirmed. */
async function mixed(stage: Stage) {
  const fresh = await newOrders(stage, movable);
  const { rows } = await stage.db.pool.query<{ id: string }>(
    `(select id from orders where tenant_id <> $1 limit $2)
     union all (select id from orders where tenant_id = $1 and status = 'CANCELLED' limit $2)`,
    [shop.tenantId, (size - movable) / 2],
  );
  return { fresh, others: rows.map(({ id }) => id) };
}

/** How many seconds it takes until the last of these calls is answered. */
async function confirmAll(stage: Stage, ids: readonly string[], calls: number): Promise<number> {
  const from = performance.now();
  const shares = Array.from({ length: calls }, (_, at) => (at * ids.length) / calls);
  const told = await Promise.all(shares.map((at) => confirm(stage, [...ids.slice(at), ...ids.slice(0, at)])));
  const seconds = (performance.now() - from) / 1_000;
  const updated = told.reduce((sum, one) => sum + one.updated, 0);
  const codes = new Set(told.flatMap(({ failed }) => failed.map(({ code }) => code)));
  if (updated !== movable || codes.size !== 2)
    throw new Error(`${updated} were updated; ${[...codes].join()}`);
  return seconds;
}

async function confirm({ url }: Stage, ids: readonly string[]): Promise<z.output<typeof Done>> {
  const answer = await fetch(`${url}/api/v1/orders/bulk_update_status/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ order_ids: ids, status: 'confirmed' }),
  });
  const told = await answer.text();
  if (!answer.ok) throw new Error(`bulk: ${answer.status} ${told.slice(0, 300)}`);
  return Done.parse(JSON.parse(told));
}
