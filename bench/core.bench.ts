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

/** How often `work` is done in a second of one core, whoever else uses it; one call counts as `times`. */
function perSecond(work: () => unknown, times = 1): number {
  const spent = () => (({ user, system }) => (user + system) / 1e6)(process.cpuUsage());
  const from = spent();
  let done = 0;
  while (spent() - from < options.seconds / 10) for (let at = 0; at < 1_000; at++, done += times) work();
  return done / (spent() - from);
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
