import { onStage, options, report, summary } from './bench.ts';
import type { Asked } from './load.ts';
import { measure, type Measured } from './measure.ts';
import { anything, orderOf, type Wanted } from './placed.ts';
import { spreadOf } from './result.ts';

// The other doors lead to the same room: each family beside the api family.
const asApi = ({ customer, product }: Wanted): Asked => ({
  method: 'POST',
  path: '/api/v1/orders/',
  body: { customer_id: String(customer), items: [{ product: String(product), quantity: 1 }] },
});
const asService = ({ product }: Wanted): Asked => ({
  method: 'POST',
  path: '/orders',
  body: { products: [{ product_id: `P-${product}`, item_count: 1 }] },
});
const families = {
  'POST /api/v1/orders/': asApi,
  'POST /order/': orderOf,
  'POST /orders': asService,
};

await onStage(async (stage) => {
  const found = new Map<string, Measured[]>();
  for (const as of Object.values(families))
    await measure(stage, { clients: 64, seconds: 1, requests: anything.map(as) });
  for (let turn = 0; turn < options.turns; turn += 1)
    for (const [name, as] of Object.entries(families)) {
      const what = { clients: 64, seconds: options.seconds, requests: anything.map(as) };
      found.set(name, [...(found.get(name) ?? []), await measure(stage, what)]);
    }
  const [api = []] = found.values();
  for (const [name, ours] of found) {
    const { rate, more } = summary(ours);
    const ratio = spreadOf(ours.map((one, at) => one.perSecond / (api[at]?.perSecond ?? Number.NaN)));
    report({
      name: `${name}, 64 clients`,
      value: rate,
      unit: 'orders/s',
      more,
      yardstick: ours === api ? null : { name: 'api family', value: summary(api).rate, ratio },
      first: ours === api ? null : { wants: '≥ 0.9 of the api family', met: ratio.median >= 0.9 },
    });
  }
});
