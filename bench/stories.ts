import { z } from 'zod';
import { type Shop, tokenOf } from './shop.ts';

type Step = 'pay' | 'confirm' | 'ship' | 'deliver' | 'cancel' | 'refund';

/** What becomes of twenty orders in a shop. */
const courses: readonly (readonly [times: number, ...steps: readonly Step[]])[] = [
  [3],
  [1, 'pay'],
  [2, 'confirm'],
  [2, 'pay', 'confirm'],
  [3, 'pay', 'confirm', 'ship'],
  [6, 'pay', 'confirm', 'ship', 'deliver'],
  [1, 'cancel'],
  [1, 'pay', 'cancel'],
  [1, 'pay', 'confirm', 'ship', 'deliver', 'refund'],
];

const Order = z.looseObject({ id: z.string() });

/** Places orders of two lines and takes them as far as they go; each id as often as its turn comes. */
export async function tellStories(url: string, shop: Shop): Promise<string[]> {
  const headers = { authorization: `Bearer ${tokenOf(shop)}`, 'content-type': 'application/json' };
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(url + path, { method, headers, body: body ? JSON.stringify(body) : null });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return Order.parse(JSON.parse(text)).id;
  };
  const stories: string[] = [];
  for (const [at, [times, ...steps]] of courses.entries()) {
    const id = await call('POST', '/api/v1/orders/', {
      customer_id: String(at + 1),
      items: [1, 2].map((line) => ({ product: String(2 * at + line), quantity: line })),
      payment_method: steps.includes('pay') && at % 2 === 1 ? 'cash' : 'balance',
    });
    for (const step of steps)
      if (step === 'pay')
        await call(
          'POST',
          `/api/v1/payments/${await call('POST', '/api/v1/payments/', { order: id })}/process_payment/`,
        );
      else await call('PATCH', `/api/v1/orders/${id}/${step}_order/`);
    stories.push(...Array.from({ length: times }, () => id));
  }
  return stories;
}
