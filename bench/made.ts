import type { Asked } from './load.ts';
import { measure } from './measure.ts';
import { anything, type Wanted } from './placed.ts';
import { shop } from './shop.ts';
import { quiet, type Stage } from './stage.ts';

const asApi = ({ customer, product }: Wanted): Asked => ({
  method: 'POST',
  path: '/api/v1/orders/',
  body: {
    customer_id: String(customer),
    items: [product, (product % shop.products) + 1].map((name) => ({ product: String(name), quantity: 1 })),
    payment_method: 'cash',
  },
});

/** Ids of what was made by requests of which each makes one, when their events have left. */
export async function made(
  stage: Stage,
  table: 'orders' | 'payments',
  requests: readonly Asked[],
): Promise<string[]> {
  const { refusal } = await measure(stage, { clients: 8, requests, once: { warmUp: 0 } });
  if (refusal) throw new Error(refusal);
  await quiet(stage.db);
  const { rows } = await stage.db.pool.query<{ id: string }>(
    `select id from ${table} where tenant_id = $1 order by created_at desc, id desc limit $2`,
    [shop.tenantId, requests.length],
  );
  return rows.map(({ id }) => id);
}

/** So many pending orders of two lines, not paid. */
export const newOrders = (stage: Stage, count: number): Promise<string[]> =>
  made(
    stage,
    'orders',
    Array.from({ length: count }, (_, at) => asApi(anything[at % anything.length] ?? nobody)),
  );
const nobody: Wanted = { customer: 1, product: 1 };
