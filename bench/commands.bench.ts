import { onStage, options, report, summary } from './bench.ts';
import { made, newOrders } from './made.ts';
import { measure, type Measured } from './measure.ts';

// One command on one order, each order once, 16 clients.
const each = 150 * options.seconds;
const once = { warmUp: 50 };
const count = each + once.warmUp;

await onStage(async (stage) => {
  const found = new Map<string, Measured[]>();
  const run = async (name: string, paths: readonly string[], method = 'PATCH') => {
    const requests = paths.map((path) => ({ method, path }));
    const measured = await measure(stage, { clients: 16, requests, once });
    found.set(name, [...(found.get(name) ?? []), measured]);
  };
  for (let turn = 0; turn < options.turns; turn += 1) {
    const kept = await newOrders(stage, count);
    for (const name of ['confirm', 'ship', 'deliver'])
      await run(
        name,
        kept.map((id) => `/api/v1/orders/${id}/${name}_order/`),
      );
    const dropped = await newOrders(stage, count);
    await run(
      'cancel',
      dropped.map((id) => `/api/v1/orders/${id}/cancel_order/`),
    );
    const owed = (await newOrders(stage, count)).map((order) => ({
      method: 'POST',
      path: '/api/v1/payments/',
      body: { order },
    }));
    const payments = await made(stage, 'payments', owed);
    await run(
      'pay',
      payments.map((id) => `/api/v1/payments/${id}/process_payment/`),
      'POST',
    );
  }
  for (const [name, all] of found) {
    const { rate, statements, more } = summary(all);
    report({
      name: `${name}, 16 clients`,
      value: rate,
      unit: 'commands/s',
      more,
      first: { wants: '≥ 400/s, ≤ 8 statements', met: rate.median >= 400 && statements <= 8.05 },
      aim: { wants: '≥ 1,500/s', met: rate.median >= 1_500 },
    });
  }
});
