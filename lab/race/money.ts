import type { Outcome, Told } from './client.ts';
import type { Verdict } from '../verdicts.ts';
import { type Arena, atOnce, type Scenario } from './scenario.ts';
import {
  aCustomer,
  anOrder,
  aProduct,
  balanceOf,
  type Customer,
  Order,
  orderNow,
  orderOf,
  Payment,
  paths,
} from './shop.ts';

const count = (answers: readonly Told[], wanted: Outcome): number =>
  answers.filter(({ outcome }) => outcome === wanted).length;
const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

/** An order that waits to be paid from the balance. */
async function aBill(arena: Arena, customer: Customer, product: { readonly id: string }) {
  const { staff } = arena;
  const body = orderOf([{ product, quantity: 1 }], customer);
  const order = await staff.made(Order, paths.orders, { body });
  const asked = { order: order.id, payment_method: 'balance' };
  return { order, payment: await staff.made(Payment, paths.payments, { body: asked }) };
}

export const drain: Scenario = {
  name: 'drain',
  what: 'one balance, and more bills than it can pay, all at once',
  needs: ['balance'],
  run: async (arena) => {
    const { staff, clients } = arena;
    const bills = Math.min(clients, 60);
    const product = await aProduct(staff, bills + 1);
    const sample = await anOrder(staff, product);
    const price = sample.total_amount;
    const start = price * Math.floor(bills / 3);
    const customer = await aCustomer(staff, start);
    const open = await atOnce(bills, () => aBill(arena, customer, product));
    const answers = await Promise.all(
      open.map(({ payment }) =>
        staff.tell(`${paths.payment(payment.id)}process_payment/`, { method: 'POST' }),
      ),
    );
    const paid = count(answers, 'ok');
    const left = await balanceOf(staff, customer);
    const orders = await Promise.all(open.map(({ order }) => orderNow(staff, order.id)));
    const taken = sumOf(orders.map(({ paid_amount }) => paid_amount));
    const words = [
      `${bills} bills of ${price} on a balance of ${start}: ${paid} paid, ${bills - paid} told, `,
      `${left} left, ${Math.max(0, -left)} overdrawn, ${Math.abs(start - left - taken)} astray`,
    ].join('');
    const due = Math.floor(start / price);
    return [{ promise: 'balance', words, kept: paid === due && left >= 0 && taken + left === start }];
  },
};

const refunders = 8;

/** Everybody gives back more than half of an order, and then all of what is left, at once. */
async function refunded(arena: Arena, customer: Customer, product: { readonly id: string }) {
  const { staff } = arena;
  const { order, payment } = await aBill(arena, customer, product);
  await staff.made(Payment, `${paths.payment(payment.id)}process_payment/`, { method: 'POST' });
  const most = { amount: String(Math.floor(order.total_amount / 2) + 1), reason: 'twice' };
  const parts = await atOnce(refunders, () => staff.tell(paths.refunds(order.id), { body: most }));
  const whole = await atOnce(refunders, () =>
    staff.tell(`${paths.payment(payment.id)}refund_payment/`, { method: 'POST' }),
  );
  return { now: await orderNow(staff, order.id), told: [...parts, ...whole] };
}

const orders = 10;

export const refunds: Scenario = {
  name: 'refunds',
  what: 'the same money given back by many at once',
  run: async (arena): Promise<Verdict[]> => {
    const { staff } = arena;
    const product = await aProduct(staff, orders + 1);
    const { total_amount: price } = await anOrder(staff, product);
    const start = price * orders;
    const customer = await aCustomer(staff, start);
    const all = await atOnce(orders, () => refunded(arena, customer, product));
    const paid = sumOf(all.map(({ now }) => now.paid_amount));
    const back = sumOf(all.map(({ now }) => now.refunded_amount));
    const astray = Math.abs(start - paid + back - (await balanceOf(staff, customer)));
    const told = all.flatMap((one) => one.told);
    const [yes, unknown] = [count(told, 'ok'), count(told, 'unknown')];
    const how = `${orders} paid orders, twice refunded by ${refunders} at once: `;
    const money = `${paid} paid, ${back} given back, ${Math.max(0, back - paid)} too much, ${astray} astray`;
    const answers = `${told.length} asked, ${yes} of ${orders * 2} told that they did it, ${unknown} unknown`;
    return [
      { promise: 'balance', words: how + money, kept: back === paid && astray === 0 },
      { promise: 'answers', words: how + answers, kept: yes <= orders * 2 && yes + unknown >= orders * 2 },
    ];
  },
};
