import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { law } from '../../test/law.ts';
import { sum } from '../money.ts';
import { evolve } from '../order/evolve.ts';
import type { Order } from '../order/order.ts';
import { aContext, aHouse, aLine, anOrder, aPayment, everyCommand, rules } from '../testing.ts';
import { isPayable, openAmountOf } from './decide.ts';
import { doneOf, gatewayRequests, type GatewayReport, reportKinds } from './gateway.ts';
import { begins } from './payment.ts';
import {
  decideGroupPayment,
  groupPaymentOf,
  type GroupPaymentCommand,
  groupRequests,
  payGroup,
} from './group.ts';

const context = aContext({
  house: aHouse({ purses: new Map([['ann', 1_000_000]]) }),
  rules: rules({ gateway: true }),
});

/** Orders of one group, some of them partly paid, some of them over. */
const anyGroup = fc
  .array(
    fc.record({
      unitPrice: fc.integer({ min: 1, max: 9_999 }),
      share: fc.nat(99),
      status: fc.constantFrom('PENDING', 'PENDING', 'CONFIRMED', 'CANCELLED'),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((all) =>
    all.map(({ unitPrice, share, status }, at): Order => {
      const amount = Math.floor((unitPrice * share) / 100);
      const before = aPayment({ id: `before-${at}`, amount, authorized: amount, captured: amount });
      const lines = [aLine({ unitPrice })];
      return anOrder({
        id: `order-${at}`,
        groupId: 'group',
        status,
        lines,
        payments: amount > 0 ? [before] : [],
      });
    }),
  );
const anyMethod = fc.constantFrom('balance', 'cash', 'credit_card', 'credit_card');
const anyAmount = fc.option(fc.integer({ min: 1, max: 20_000 }));

const names = [
  'authorizePayment',
  'processPayment',
  'capturePayment',
  'voidPayment',
  'refundPayment',
  'reportPayment',
  'reportPayment',
  'failPayment',
] as const;
const anyStep = fc.record({
  name: fc.constantFrom(...names),
  kind: fc.constantFrom(...reportKinds),
  amount: fc.integer({ min: 1, max: 20_000 }),
  yes: fc.boolean(),
});

function stepOf(
  said: typeof anyStep extends fc.Arbitrary<infer T> ? T : never,
  paymentId: string,
): GroupPaymentCommand {
  const { name, kind, amount, yes } = said;
  const command = everyCommand[name];
  if (command.type === 'capturePayment') return { ...command, paymentId, amount, final: yes };
  if (command.type === 'refundPayment') return { ...command, paymentId, amount: yes ? amount : null };
  if (command.type === 'reportPayment') return { ...command, paymentId, kind, amount };
  return { ...command, paymentId };
}

const applied = (
  orders: readonly Order[],
  steps: readonly { order: Order; events: readonly Parameters<typeof evolve>[1][] }[],
) =>
  orders.map((order) => {
    const own = steps.find((step) => step.order.id === order.id);
    return own ? own.events.reduce<Order>(evolve, order) : order;
  });
const partsIn = (orders: readonly Order[], id: string) =>
  orders.flatMap(({ payments }) => payments.filter(({ groupPaymentId }) => groupPaymentId === id));

const plan = fc.record({
  orders: anyGroup,
  method: anyMethod,
  amount: anyAmount,
  steps: fc.array(anyStep, { maxLength: 10 }),
});

const captured = (amount: number) => ({ kind: 'captured', amount }) as const;
const numbers = fc.array(fc.nat(), { minLength: 20, maxLength: 20 });
const asking = fc.record({
  orders: anyGroup,
  name: fc.constantFrom('refundPayment', 'capturePayment', 'voidPayment'),
  share: fc.integer({ min: 1, max: 100 }),
  done: numbers,
  told: numbers,
});

describe('a payment of a group', () => {
  it(
    'is its parts, each at most what is open of its order (I-20)',
    law(plan, ({ orders, method, amount }) => {
      const open = sum(orders.filter(isPayable).map(openAmountOf));
      const paid = payGroup(orders, { ...everyCommand.createPayment, method, amount }, context);
      const may = orders.some(isPayable) && open > 0 && (amount ?? open) <= open;
      expect(paid.ok).toBe(may);
      if (!paid.ok) return;
      const { groupPaymentId, steps } = paid.value;
      const after = applied(orders, steps);
      expect(groupPaymentOf(after, groupPaymentId)?.amount).toBe(amount ?? open);
      expect(sum(partsIn(after, groupPaymentId).map((part) => part.amount))).toBe(amount ?? open);
      expect(sum(after.filter(isPayable).map(openAmountOf))).toBe(open - (amount ?? open));
      for (const order of orders.filter((one) => !isPayable(one))) expect(after).toContain(order);
    }),
  );

  it(
    'moves for all of its orders or for none, within its bounds (I-9)',
    law(plan, ({ orders, method, amount, steps }) => {
      const paid = payGroup(orders, { ...everyCommand.createPayment, method, amount }, context);
      if (!paid.ok) return;
      const { groupPaymentId: id } = paid.value;
      let known = applied(orders, paid.value.steps);
      for (const said of steps) {
        const before = groupPaymentOf(known, id);
        const command = stepOf(said, id);
        const answer = decideGroupPayment(known, command, context);
        if (!answer.ok) continue;
        known = applied(known, answer.value);
        const whole = groupPaymentOf(known, id);
        if (!whole || !before) throw new Error('the payment is gone');
        const rising = [0, whole.refunded, whole.captured, whole.authorized, whole.amount];
        expect(rising).toEqual(rising.toSorted((a, b) => a - b));
        const moved = command.type === 'capturePayment' && method !== 'credit_card' ? command.amount : null;
        expect(whole.captured - before.captured).toBe(moved ?? whole.captured - before.captured);
        for (const part of partsIn(known, id))
          expect(part.refunded <= part.captured && part.captured + part.voided <= part.amount).toBe(true);
      }
    }),
  );

  it(
    'is asked of the gateway whole, under one key, and paid when that has said so',
    law(plan, ({ orders, amount }) => {
      const command = {
        ...everyCommand.createPayment,
        method: 'credit_card',
        amount,
        process: true,
      } as const;
      const paid = payGroup(orders, command, context);
      if (!paid.ok) return;
      const { groupPaymentId: id } = paid.value;
      const asked = applied(orders, paid.value.steps);
      const [request, ...more] = groupRequests(asked);
      expect(more).toEqual([]);
      const total = groupPaymentOf(asked, id)?.amount ?? 0;
      expect(request).toMatchObject({ paymentId: id, operation: 'charge', amount: total });
      const half = reported(asked, id, captured(Math.floor(total / 2)));
      expect(groupPaymentOf(half, id)?.captured).toBe(Math.floor(total / 2));
      // Half an answer leaves the same request open.
      expect(groupRequests(half)).toEqual([request]);
      const done = reported(reported(half, id, captured(total)), id, captured(Math.floor(total / 3)));
      expect(groupPaymentOf(done, id)).toMatchObject({ captured: total, amount: total });
      expect(groupRequests(done)).toEqual([]);
    }),
  );

  it(
    'gives each part what it asked for, in whatever order and however often its gateway answers',
    law(asking, ({ orders, name, share, done, told }) => {
      const command = { ...everyCommand.createPayment, method: 'credit_card', amount: null } as const;
      const paid = payGroup(orders, { ...command, process: false }, context);
      if (!paid.ok) return;
      const { groupPaymentId: id } = paid.value;
      const first = name === 'refundPayment' ? 'processPayment' : 'authorizePayment';
      const kind = name === 'refundPayment' ? 'captured' : 'authorized';
      const begun = decided(applied(orders, paid.value.steps), { ...everyCommand[first], paymentId: id });
      const total = groupPaymentOf(begun, id)?.amount ?? 0;
      const taken = reported(begun, id, { kind, amount: total });
      const amount = Math.max(1, Math.floor((total * share) / 100));
      const asked = decided(taken, { ...stepOf({ name, kind, amount, yes: true }, id), paymentId: id });
      let sum = 0;
      const statements = inOrder(asked.flatMap(gatewayRequests), done).map((request) => {
        sum += request.amount;
        return { kind: kinds[name], amount: sum, part: request.paymentId };
      });
      expect(sum).toBe(name === 'voidPayment' ? total : amount);
      const heard = [...statements, ...statements];
      const ended = inOrder(heard, told).reduce((known, one) => reported(known, id, one), asked);
      const after = new Map(partsIn(ended, id).map((part) => [part.id, part]));
      const short = partsIn(asked, id).filter(({ id: partId, attempt }) => {
        const now = after.get(partId);
        return attempt && now && !begins(attempt) && doneOf(now, attempt.operation) !== attempt.target;
      });
      expect(short).toEqual([]);
      expect(ended.flatMap(gatewayRequests)).toEqual([]);
    }),
  );
});

const kinds = { refundPayment: 'refunded', capturePayment: 'captured', voidPayment: 'voided' } as const;

/** The same in another order, by random numbers. */
const inOrder = <T>(all: readonly T[], by: readonly number[]): T[] =>
  all
    .map((one, at) => ({ one, rank: by[at % by.length] ?? 0 }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ one }) => one);

function decided(orders: readonly Order[], command: GroupPaymentCommand): Order[] {
  const answer = decideGroupPayment(orders, command, context);
  if (!answer.ok) throw new Error(answer.error.code);
  return applied(orders, answer.value);
}

type Word = Pick<GatewayReport, 'kind' | 'amount' | 'part'>;
const reported = (orders: readonly Order[], paymentId: string, word: Word): Order[] =>
  decided(orders, { ...everyCommand.reportPayment, paymentId, ...word });
