import { setTimeout as sleep } from 'node:timers/promises';
import { against, options } from './bench.ts';
import type { Asked } from './load.ts';
import { measure, type Measured } from './measure.ts';
import { shop } from './shop.ts';
import type { Stage } from './stage.ts';
import { type Effort, prepareYardstick, type Rate, yardstick } from './yardstick.ts';

/** Who wants one piece of what. */
export type Wanted = { readonly customer: number; readonly product: number };

/** Any product for anybody. */
export const anything: readonly Wanted[] = Array.from({ length: 5_000 }, (_, at) => ({
  customer: 1 + ((at * 13) % shop.customers),
  product: 1 + ((at * 101) % shop.products),
}));

export const orderOf = ({ customer, product }: Wanted): Asked => ({
  method: 'POST',
  path: '/order/',
  body: { customer_id: customer, product_id: product, quantity: 1 },
});

type Contest = {
  readonly clients: number;
  readonly wanted: readonly Wanted[];
  readonly yard: Effort['yard'];
  readonly turns: number;
};

/** Places orders beside a yardstick, in turns. */
export async function placedBeside(stage: Stage, { clients, wanted, yard, turns }: Contest) {
  const { seconds } = options;
  const requests = wanted.map(orderOf);
  await prepareYardstick(stage.databaseUrl);
  await measure(stage, { clients, seconds: 1, requests });
  const ours: Measured[] = [];
  const theirs: Rate[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    ours.push(await counted(stage, () => measure(stage, { clients, seconds, requests })));
    // Events of ours are still leaving.
    await sleep(500);
    theirs.push(await yardstick({ url: stage.databaseUrl, clients: 16, seconds, yard }));
  }
  return { ours, beside: against(ours, theirs) };
}

type Sums = { readonly orders: number; readonly pieces: number; readonly charged: number };

async function sums({ db }: Stage): Promise<Sums> {
  const { rows } = await db.pool.query<Record<keyof Sums, string>>(
    `select (select count(*) from orders) as orders, (select sum(reserved) from stock_levels) as pieces,
       (select -sum(balance_minor) / 2500 from accounts where kind = 'balance') as charged`,
  );
  const [found] = rows;
  return {
    orders: Number(found?.orders),
    pieces: Number(found?.pieces),
    charged: Number(found?.charged),
  };
}

/** What was answered, sold and charged must be the same: a load of orders of one piece, each of 25.00. */
export async function counted(stage: Stage, work: () => Promise<Measured>): Promise<Measured> {
  const before = await sums(stage);
  const found = await work();
  const after = await sums(stage);
  const orders = after.orders - before.orders;
  const [sold, charged] = [after.pieces - before.pieces, after.charged - before.charged];
  if (orders !== found.accepted || sold !== orders || charged !== orders)
    throw new Error(`${found.accepted} accepted, ${orders} orders, ${sold} sold, ${charged} charged`);
  return found;
}
