import { onStage, options, report, summary } from './bench.ts';
import { deepestPage } from './deep.ts';
import { measure, type Measured } from './measure.ts';
import { spreadOf } from './result.ts';
import { shop, token } from './shop.ts';
import type { Stage } from './stage.ts';

// A page of twenty orders, by every filter that is documented; one client, nothing kept. And the last page.
await onStage(
  async (stage) => {
    for (const query of await queries(stage)) await page(stage, query);
  },
  { CACHE_TIMEOUT: '0', STATS_CACHE_TIMEOUT: '0' },
);

/** Each filter alone, some together, each order, and what is looked for. */
async function queries({ db }: Stage): Promise<string[]> {
  const { rows } = await db.pool.query<{ number: string; day: string; next: string }>(
    `select number, to_char(created_at, 'YYYY-MM-DD') as day,
       to_char(created_at + interval '30 days', 'YYYY-MM-DD') as next
     from orders where tenant_id = $1 and created_at < now() - interval '365 days'
     order by created_at desc limit 1`,
    [shop.tenantId],
  );
  const [old] = rows;
  return [
    '',
    'status=pending',
    'status=pending&status=confirmed',
    'payment_status=paid',
    'payment_method=cash',
    'shipping_method=standard',
    'store=1',
    'customer_id=7',
    `created_after=${old?.day}`,
    `created_before=${old?.day}`,
    `created_after=${old?.day}&created_before=${old?.next}`,
    'status=delivered&store=1&payment_status=paid',
    'ordering=created_at',
    'ordering=-total_amount',
    'ordering=total_amount&ordering=-created_at',
    `search=${old?.number}`,
    'search=Customer%2017',
    'search=nobody-has-this',
  ];
}

async function page(stage: Stage, query: string): Promise<void> {
  const [first, deepest]: [Measured[], Measured[]] = [[], []];
  const path = `/api/v1/orders/?${query}`;
  const answer = await fetch(stage.url + path, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) {
    console.log(`list ${query}: ${answer.status}`);
    await answer.text();
    return;
  }
  await answer.text();
  const seconds = Math.min(1, options.seconds);
  const read = (of: string) =>
    measure(stage, { clients: 1, seconds, requests: [{ method: 'GET', path: of }] });
  const deep = await deepestPage(stage, query);
  for (let turn = 0; turn < options.turns; turn += 1) {
    first.push(await read(path));
    if (deep !== null) deepest.push(await read(deep));
  }
  const { p95, more } = summary(first);
  const ratio =
    deep === null ? null : spreadOf(deepest.map((one, at) => one.p50 / (first[at]?.p50 ?? Number.NaN)));
  report({
    name: `list by ${query === '' ? 'nothing' : query.replaceAll(/\d{4}-\d\d-\d\d|ORD-[\d-]+/g, '…')}`,
    value: spreadOf(first.map((one) => one.p95)),
    unit: 'ms (p95)',
    more: `deepest page ${ratio === null ? 'not there' : `${ratio.median.toFixed(2)} of the first`}; ${more}`,
    first: {
      wants: '≤ 150 ms, deepest ≤ 1.2 of the first',
      met: p95 <= 150 && (ratio === null || ratio.median <= 1.2),
    },
    aim: { wants: '≤ 30 ms', met: p95 <= 30 },
  });
}
