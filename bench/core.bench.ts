import { decide, place } from '@orderloom/core';
import {
  aContext,
  aHouse,
  anOrder,
  aPlaceRequest,
  aShelf,
  aShelfItem,
  ids,
  rules,
} from '@orderloom/core/testing';

/** How often a second `work` is done, the best of five rounds; one call of `work` counts as `times`. */
function perSecond(work: () => unknown, times = 1): number {
  const rounds = Array.from({ length: 5 }, () => {
    const end = performance.now() + 400;
    let done = 0;
    while (performance.now() < end) for (let at = 0; at < 100; at++, done += times) work();
    return done / 0.4;
  });
  return Math.round(Math.max(...rounds));
}

const say = (what: string, rate: number, budget: number) =>
  console.log(`${what}: ${rate.toLocaleString('en')}/s (budget ${budget.toLocaleString('en')}/s)`);

const order = anOrder();
const context = aContext();
const confirm = { type: 'confirmOrder' } as const;
say(
  'decide',
  perSecond(() => decide(order, confirm, context)),
  1_000_000,
);

const lines = ['tea', 'cup'].map((variantId) => ({
  variantId,
  ref: variantId,
  quantity: 2,
  unitPrice: null,
}));
const house = aHouse({
  shelf: aShelf(
    ...['tea', 'cup'].map((variantId) =>
      aShelfItem({ variantId, levels: [{ locationId: 'main', sellable: 1_000_000 }] }),
    ),
  ),
});
const taxed = rules({ newId: ids() });
const one = [aPlaceRequest({ lines })];
say(
  'place, 2 lines, alone',
  perSecond(() => place(one, house, taxed)),
  300_000,
);
const batch = Array.from({ length: 64 }, () => aPlaceRequest({ lines }));
say(
  'place, 2 lines, in batches of 64',
  perSecond(() => place(batch, house, taxed), 64),
  300_000,
);
