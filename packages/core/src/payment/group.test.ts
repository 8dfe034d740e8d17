import { describe, expect, it } from 'vitest';
import { decide } from '../order/decide.ts';
import { evolve } from '../order/evolve.ts';
import type { Order } from '../order/order.ts';
import { aContext, aHouse, aLine, anOrder, everyCommand, ids, rules } from '../testing.ts';
import { gatewayRequests } from './gateway.ts';
import {
  decideGroupPayment,
  type GroupPaymentCommand,
  groupPaymentOf,
  groupRequests,
  payGroup,
} from './group.ts';
import type { PaymentMethod } from './payment.ts';

const orders = [
  anOrder({ id: 'order-1', lines: [aLine({ unitPrice: 1_000 })] }),
  anOrder({ id: 'order-2', lines: [aLine({ unitPrice: 2_000 })] }),
];
const context = aContext({ rules: rules({ gateway: true, newId: ids() }) });
const create = (method: PaymentMethod, process = false) => ({
  ...everyCommand.createPayment,
  method,
  process,
});

type Steps = readonly { readonly order: Order; readonly events: readonly Parameters<typeof evolve>[1][] }[];
const applied = (given: readonly Order[], steps: Steps): Order[] =>
  given.map((order) => {
    const own = steps.find((step) => step.order.id === order.id);
    return own ? own.events.reduce<Order>(evolve, order) : order;
  });
const begun = (method: PaymentMethod, given: readonly Order[] = orders, process = false) => {
  const paid = payGroup(given, create(method, process), context);
  if (!paid.ok) throw new Error(paid.error.code);
  return { id: paid.value.groupPaymentId, orders: applied(given, paid.value.steps) };
};
const after = (given: ReturnType<typeof begun>, command: GroupPaymentCommand) => {
  const answer = decideGroupPayment(given.orders, { ...command, paymentId: given.id }, context);
  if (!answer.ok) throw new Error(answer.error.code);
  return { ...given, orders: applied(given.orders, answer.value) };
};
const captured = ({ orders: all }: ReturnType<typeof begun>) =>
  all.map(({ payments }) => payments.map((payment) => payment.captured));

describe('paying a group', () => {
  it('takes a part for each order, of what is open there', () => {
    const paid = begun('cash', orders, true);
    expect(captured(paid)).toEqual([[1_000], [2_000]]);
    expect(groupPaymentOf(paid.orders, paid.id)).toMatchObject({
      id: paid.id,
      amount: 3_000,
      captured: 3_000,
    });
  });

  it('takes all of it from a balance, or nothing', () => {
    const poor = { ...context, house: aHouse({ purses: new Map([['ann', 2_500]]) }) };
    expect(payGroup(orders, create('balance', true), poor)).toMatchObject({
      error: { code: 'INSUFFICIENT_BALANCE', required: 3_000, available: 2_500 },
    });
  });

  it('is refused beyond what is open, and for orders that are over', () => {
    const over = orders.map((order) => ({ ...order, status: 'CANCELLED' as const }));
    expect(payGroup(orders, { ...create('cash'), amount: 3_001 }, context)).toMatchObject({
      error: { code: 'PAYMENT_EXCEEDS_OPEN', open: 3_000 },
    });
    expect(payGroup(over, create('cash'), context)).toMatchObject({ error: { code: 'ORDER_NOT_PAYABLE' } });
  });

  it('gives money back by what each order paid, to the last cent', () => {
    const paid = begun('cash', orders, true);
    const some = after(paid, { ...everyCommand.refundPayment, amount: 1_000 });
    expect(some.orders.map(({ refunded }) => refunded)).toEqual([333, 667]);
    expect(after(some, everyCommand.refundPayment).orders.map(({ refunded }) => refunded)).toEqual([
      1_000, 2_000,
    ]);
  });

  it('leaves the part of a cancelled order out', () => {
    const pending = begun('cash');
    const [first, second] = pending.orders;
    if (!first || !second) throw new Error('two orders');
    const voided = first.payments.map((payment) => ({ ...payment, voided: payment.amount }));
    const rest = {
      ...pending,
      orders: [{ ...first, status: 'CANCELLED' as const, payments: voided }, second],
    };
    expect(captured(after(rest, everyCommand.processPayment))).toEqual([[0], [2_000]]);
  });

  it.each(Object.values(everyCommand).flatMap((one) => ('paymentId' in one ? [one] : [])))(
    'is refused for a payment that nobody knows: $type',
    (command) => {
      const answer = decideGroupPayment(orders, { ...command, paymentId: 'nobody' }, context);
      expect(answer).toEqual({ ok: false, error: { code: 'PAYMENT_NOT_FOUND', id: 'nobody' } });
    },
  );
});

describe('a group paid by card', () => {
  const { reportPayment } = everyCommand;
  const asked = () => begun('credit_card', orders, true);

  it('is not asked for order by order', () => {
    expect(asked().orders.flatMap(gatewayRequests)).toEqual([]);
  });

  it('begins for all its orders together, never for one alone', () => {
    const { orders: given, id } = begun('credit_card');
    const [first] = given;
    const [part] = first?.payments ?? [];
    if (!first || !part) throw new Error('an order');
    const { processPayment } = everyCommand;
    expect(decide(first, { ...processPayment, paymentId: part.id }, context)).toMatchObject({
      error: { code: 'PAYMENT_OF_GROUP', id: part.id },
    });
    expect(groupRequests(after({ orders: given, id }, processPayment).orders)).toMatchObject([
      { amount: 3_000 },
    ]);
  });

  it('counts a part of the money for the first orders first, and what is let go for the last', () => {
    const half = after(asked(), { ...reportPayment, kind: 'captured', amount: 1_500 });
    expect(captured(half)).toEqual([[1_000], [500]]);
    const rest = after(half, { ...reportPayment, kind: 'voided', amount: 1_500 });
    expect(rest.orders.map(({ payments }) => payments[0]?.voided)).toEqual([0, 1_500]);
  });

  it('counts what is given back for the order that asked for it', () => {
    const paid = after(asked(), { ...reportPayment, kind: 'captured', amount: 3_000 });
    const [first, second] = paid.orders;
    const [part] = second?.payments ?? [];
    if (!first || !second || !part) throw new Error('two orders');
    const own = decideGroupPayment(
      [second],
      { ...everyCommand.refundPayment, paymentId: paid.id, amount: 400 },
      context,
    );
    if (!own.ok) throw new Error(own.error.code);
    const asking = { ...paid, orders: [first, ...applied([second], own.value)] };
    const back = after(asking, { ...reportPayment, kind: 'refunded', amount: 400 });
    expect(back.orders.map(({ refunded }) => refunded)).toEqual([0, 400]);
    expect(after(back, { ...reportPayment, kind: 'refunded', amount: 400 })).toEqual(back);
  });

  it('is refused for more than it is', () => {
    const { id, orders: given } = asked();
    const command = { ...reportPayment, paymentId: id, amount: 3_001 };
    expect(decideGroupPayment(given, command, context)).toMatchObject({
      error: { code: 'GATEWAY_MISMATCH', amount: 3_000 },
    });
  });
});
