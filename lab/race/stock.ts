import type { Verdict } from '../verdicts.ts';
import type { Told } from './client.ts';
import { aProduct, Order, orderOf, paths, type Product, stockOf } from './shop.ts';
import { type Arena, atOnce, percentile, type Scenario } from './scenario.ts';

const done = (answers: readonly Told[]): Told[] => answers.filter(({ outcome }) => outcome === 'ok');

/** What came of it when everybody wanted so many pieces of what there was. */
type Sale = {
  readonly stock: number;
  readonly pieces: number;
  readonly answers: readonly Told[];
  readonly left: number;
};

function saleVerdict({ stock, pieces, answers, left }: Sale): Verdict {
  const sold = done(answers).length;
  const unknown = answers.filter(({ outcome }) => outcome === 'unknown').length;
  const due = Math.min(answers.length, Math.floor(stock / pieces));
  const over = Math.max(0, sold - due);
  const under = Math.max(0, due - sold - unknown);
  const words = [
    `${answers.length} clients, ${pieces} of ${stock} pieces each: ${sold} sold, `,
    `${answers.length - sold - unknown} told, ${unknown} unknown, ${over} oversold, ${under} undersold; `,
    `${left} pieces left`,
  ].join('');
  const agrees = unknown > 0 || left === stock - sold * pieces;
  return { promise: 'stock', words, kept: over === 0 && under === 0 && agrees };
}

/** Everybody wants what there is too little of, on so many lines of one order. */
async function rush({ staff, clients, stock }: Arena, quantities: readonly number[]): Promise<Verdict[]> {
  const product = await aProduct(staff, stock);
  const body = orderOf(quantities.map((quantity) => ({ product, quantity })));
  const answers = await atOnce(clients, () => staff.tell(paths.orders, { body }));
  const pieces = quantities.reduce((sum, quantity) => sum + quantity, 0);
  return [saleVerdict({ stock, pieces, answers, left: await stockOf(staff, product) })];
}

export const scarce: Scenario = {
  name: 'scarce',
  what: 'more clients than pieces',
  run: (arena) => rush(arena, [1]),
  needs: ['stock'],
};

export const duplicates: Scenario = {
  name: 'duplicates',
  what: 'two lines of one product in every order',
  run: (arena) => rush(arena, [1, 2]),
};

const turns = 5;

/** What a client of a hot product is left with: pieces that are its own, and those of which nobody knows. */
type Bought = { held: number; maybe: number };

/** Orders one product again and again, and now and then changes its mind. */
async function shop({ staff, luck }: Arena, product: Pick<Product, 'id'>, times: number[]): Promise<Bought> {
  const bought = { held: 0, maybe: 0 };
  for (let turn = 0; turn < turns; turn += 1) {
    const quantity = luck.between(1, 3);
    const from = performance.now();
    const placed = await staff.tell(paths.orders, { body: orderOf([{ product, quantity }]) });
    times.push(performance.now() - from);
    if (placed.outcome === 'unknown') bought.maybe += quantity;
    if (placed.outcome !== 'ok') continue;
    const path = paths.command(Order.parse(JSON.parse(placed.text)).id, 'cancel');
    const cancel = luck.percent(20) ? await staff.tell(path, { method: 'PATCH', body: {} }) : null;
    if (cancel?.outcome === 'unknown') bought.maybe += quantity;
    else if (cancel?.outcome !== 'ok') bought.held += quantity;
  }
  return bought;
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

export const hot: Scenario = {
  name: 'hot',
  what: 'everybody orders one product again and again, and some cancel',
  run: async (arena) => {
    const { staff, clients } = arena;
    const stock = clients * turns * 3;
    const product = await aProduct(staff, stock);
    const times: number[] = [];
    const from = performance.now();
    const bought = await atOnce(clients, () => shop(arena, product, times));
    const seconds = (performance.now() - from) / 1_000;
    const [held, maybe] = [sumOf(bought.map((one) => one.held)), sumOf(bought.map((one) => one.maybe))];
    const left = await stockOf(staff, product);
    const gone = stock - left;
    const astray = Math.max(0, held - gone, gone - held - maybe);
    const words = [
      `${clients} clients, ${times.length} orders at ${Math.round(times.length / seconds)} a second, `,
      `half within ${percentile(times, 0.5)} ms, 99 % within ${percentile(times, 0.99)} ms: `,
      `of ${stock} pieces ${held} ordered, ${maybe} unknown, ${left} left, ${astray} astray`,
    ].join('');
    return [{ promise: 'stock', words, kept: astray === 0 }];
  },
};
