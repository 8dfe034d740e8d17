import type { Instant, OrderCommand } from '@orderloom/core';
import { PlaceOrder } from '@orderloom/core/inputs';
import type { Chance } from './chance.ts';
import { type DemoProduct, policies } from './shop.ts';

/** One command in the life of a demo order. */
export type Step = { readonly at: Instant; readonly command: OrderCommand };

/** The life of a demo order from the moment it was placed. */
export type Story = {
  readonly at: Instant;
  readonly asked: PlaceOrder;
  /** The customer's number, and what the balance has to pay for it, in cents. */
  readonly customer: number;
  readonly fromBalance: number;
  readonly steps: readonly Step[];
};

export type Shop = { readonly products: readonly DemoProduct[]; readonly customers: number };
export type Span = { readonly count: number; readonly until: Date };

const hour = 3_600_000;
const months13 = 395 * 24 * hour;
const lately = 6 * 24 * hour;

/** The lives of `count` orders over the thirteen months before `until`, a little more of them every month. */
export function demoStories(shop: Shop, { count, until }: Span, luck: Chance): Story[] {
  const stories = Array.from({ length: count }, (_, index) => {
    // One in twelve came in the last six days: something is left to do.
    const share = (index + 0.5) / count / 0.92;
    const age = share > 1 ? luck.next() * lately : lately + (months13 - lately) * (1 - share ** 0.8);
    return demoStory(shop, { placed: until.getTime() - age, until: until.getTime() }, luck);
  });
  return stories.sort((a, b) => a.at.localeCompare(b.at));
}

const wishes = ['Please deliver after 6 PM', 'It is a present', 'Leave it with the neighbours'] as const;

type Window = { readonly placed: number; readonly until: number };

function demoStory({ products, customers }: Shop, { placed, until }: Window, luck: Chance): Story {
  const method = luck.pick(['bank_transfer', 'bank_transfer', 'cash', 'balance', 'balance'] as const);
  const settle = method === 'balance' && luck.percent(60) ? 'balance' : 'later';
  // Product 1 is left to the printed examples, customer 1 with it.
  const wanted = Array.from({ length: settle === 'balance' ? 1 : luck.between(1, 3) }, () =>
    luck.between(1, products.length - 1),
  );
  const items = [...new Set(wanted)].map((at) => ({ product: at + 1, quantity: luck.between(1, 3) }));
  const customer = luck.between(2, customers);
  const shipping = luck.pick(['standard', 'standard', 'express'] as const);
  const subtotal = items.reduce(
    (sum, item) => sum + (products[item.product - 1]?.price ?? 0) * item.quantity,
    0,
  );
  const total = subtotal + (settle === 'balance' ? 0 : policies.shippingMethods[shipping]);
  return {
    at: new Date(placed).toISOString(),
    asked: PlaceOrder.parse({
      customer,
      items,
      paymentMethod: method,
      shippingMethod: settle === 'balance' ? undefined : shipping,
      settle,
      notes: luck.percent(8) ? luck.pick(wishes) : undefined,
    }),
    customer,
    fromBalance: method === 'balance' ? total : 0,
    steps: life({ method, settled: settle === 'balance' }, luck)
      .map(({ after, command }) => ({ at: placed + after * hour, command }))
      .filter(({ at }) => at < until)
      .sort((a, b) => a.at - b.at)
      .map(({ at, command }) => ({ at: new Date(at).toISOString(), command })),
  };
}

type Planned = { readonly after: number; readonly command: OrderCommand };
type Paying = { readonly method: 'bank_transfer' | 'cash' | 'balance'; readonly settled: boolean };

const pay = (method: Paying['method']): OrderCommand => ({
  type: 'createPayment',
  method,
  amount: null,
  reference: null,
  process: true,
});

/** What happens to an order, with the hours after which it does. */
function life({ method, settled }: Paying, luck: Chance): Planned[] {
  const plan: Planned[] = settled ? [] : [{ after: luck.between(1, 12), command: { type: 'confirmOrder' } }];
  const paid = !settled && luck.percent(96);
  if (luck.percent(7)) {
    if (paid && luck.percent(50)) plan.push({ after: 13, command: pay(method) });
    return [
      ...plan,
      { after: 14, command: { type: 'cancelOrder', reason: 'The customer changed their mind' } },
    ];
  }
  if (paid) plan.push({ after: luck.between(1, 60) + 0.5, command: pay(method) });
  if (luck.percent(2)) return plan;
  if (luck.percent(30)) plan.push({ after: luck.between(13, 22), command: { type: 'startProcessing' } });
  const trackingNumber = `1Z${luck.between(10_000_000, 99_999_999)}`;
  plan.push({ after: luck.between(24, 48), command: { type: 'shipOrder', trackingNumber } });
  if (luck.percent(30)) plan.push({ after: luck.between(50, 70), command: { type: 'markOutForDelivery' } });
  plan.push({ after: luck.between(72, 120), command: { type: 'deliverOrder' } });
  return [...plan, ...ending(luck)];
}

function ending(luck: Chance): Planned[] {
  const fate = luck.between(1, 100);
  if (fate <= 3) return [{ after: 200, command: { type: 'refundOrder', reason: 'Arrived damaged' } }];
  if (fate <= 5)
    return [{ after: 180, command: { type: 'cancelOrder', reason: 'Sent back by the customer' } }];
  if (fate <= 7)
    return [
      { after: 180, command: { type: 'cancelOrder', reason: 'Sent back by the customer' } },
      { after: 220, command: { type: 'refundOrder', reason: 'Goods are back' } },
    ];
  return fate <= 20 ? [{ after: 700, command: { type: 'closeOrder' } }] : [];
}
