import { z } from 'zod';
import type { Told } from './client.ts';
import { atOnce, type Scenario } from './scenario.ts';
import { aCustomer, aProduct, orderOf, ordersOf, paths, stockOf } from './shop.ts';

const copies = 8;
const Placed = z.object({ id: z.string() });

const idOf = ({ outcome, text }: Told): string[] =>
  outcome === 'ok' ? [Placed.parse(JSON.parse(text)).id] : [];

export const once: Scenario = {
  name: 'once',
  what: `each key sent by ${copies} clients at once`,
  needs: ['idempotency'],
  run: async ({ staff, clients }) => {
    const keys = Math.max(1, Math.floor(clients / copies));
    const [product, customer] = [await aProduct(staff, keys * copies), await aCustomer(staff)];
    const body = orderOf([{ product, quantity: 1 }], customer);
    const answers = await atOnce(keys, () => {
      const key = staff.key();
      return atOnce(copies, () => staff.tell(paths.orders, { body, key }));
    });
    const different = answers.filter(
      (told) => new Set(told.map(({ status, text }) => status + text)).size > 1,
    );
    const ids = new Set(answers.flat().flatMap(idOf));
    const orders = await ordersOf(staff, customer);
    const gone = keys * copies - (await stockOf(staff, product));
    const words = [
      `${keys} keys, each sent ${copies} times at once: ${orders} orders, ${ids.size} told, `,
      `${gone} pieces gone, `,
      `${different.length} keys with more than one answer`,
    ].join('');
    const kept = [orders, ids.size, gone].every((count) => count === keys) && different.length === 0;
    return [{ promise: 'idempotency', words, kept }];
  },
};
