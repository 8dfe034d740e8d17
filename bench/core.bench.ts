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
import { options, report } from './bench.ts';
import { spreadOf } from './result.ts';

/** How often a second `work` is done; one call of it counts as `times`. */
function perSecond(work: () => unknown, times = 1): number {
  const end = performance.now() + 100 * options.seconds;
  const from = performance.now();
  let done = 0;
  while (performance.now() < end) for (let at = 0; at < 100; at++, done += times) work();
  return (done * 1_000) / (performance.now() - from);
}

function say(name: string, rates: readonly number[], budget: number): void {
  const value = spreadOf(rates);
  report({
    name,
    orders: null,
    value,
    unit: 'a second',
    first: { wants: `≥ ${budget.toLocaleString('en')}/s`, met: value.median >= budget },
    aim: { wants: `≥ ${(5 * budget).toLocaleString('en')}/s`, met: value.median >= 5 * budget },
  });
}
const turns = <T>(work: () => T) => Array.from({ length: options.turns + 1 }, work).slice(1);

const order = anOrder();
const context = aContext();
const confirm = { type: 'confirmOrder' } as const;
say(
  'decide',
  turns(() => perSecond(() => decide(order, confirm, context))),
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
  turns(() => perSecond(() => place(one, house, taxed))),
  300_000,
);
const batch = Array.from({ length: 64 }, () => aPlaceRequest({ lines }));
say(
  'place, 2 lines, in batches of 64',
  turns(() => perSecond(() => place(batch, house, taxed), 64)),
  300_000,
);
