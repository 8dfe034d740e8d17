import { createHash } from 'node:crypto';
import { onStage, options, report, summary } from './bench.ts';
import { measure, type Measured } from './measure.ts';
import { shop } from './shop.ts';

const cookie = 'b'.repeat(43);
const asked = (id: string) => encodeURIComponent(JSON.stringify({ id }));
/** Any order of the shop, whole: by a program, and with its timeline by the console. */
const what = {
  'get one order, 16 clients': { pathOf: (id: string) => `/api/v1/orders/${id}/` },
  'get its timeline, 16 clients': {
    pathOf: (id: string) => `/trpc/orders.timeline?input=${asked(id)}`,
    headers: { cookie: `olm=${cookie}`, 'x-trpc-source': 'console' },
  },
};

await onStage(async (stage) => {
  const { rows } = await stage.db.pool.query<{ id: string }>(
    `select id from orders where tenant_id = $1 order by md5(id::text) limit 5000`,
    [shop.tenantId],
  );
  await stage.db.pool.query(
    `insert into sessions (tenant_id, id, principal_id, created_at, expires_at)
     select tenant_id, $2, id, now(), now() + interval '1 hour' from principals where tenant_id = $1
     on conflict (tenant_id, id) do update set expires_at = excluded.expires_at, created_at = now()`,
    [shop.tenantId, createHash('sha256').update(cookie).digest('hex')],
  );
  for (const [name, { pathOf, ...how }] of Object.entries(what)) {
    const requests = rows.map(({ id }) => ({ method: 'GET', path: pathOf(id) }));
    const all: Measured[] = [];
    for (let turn = 0; turn < options.turns; turn += 1)
      all.push(await measure(stage, { clients: 16, seconds: options.seconds, requests, ...how }));
    const { rate, p99, statements, more } = summary(all);
    report({
      name,
      value: rate,
      unit: 'answers/s',
      more,
      first: {
        wants: '≤ 3 statements, ≥ 1,500/s, p99 ≤ 30 ms',
        met: statements <= 3.05 && rate.median >= 1_500 && p99 <= 30,
      },
      aim: { wants: '≥ 4,000/s', met: rate.median >= 4_000 },
    });
  }
});
