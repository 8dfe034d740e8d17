import { describe, expect, it } from 'vitest';
import type { OrderCommand } from '../order/commands.ts';
import { consequences } from '../order/consequences.ts';
import { decide } from '../order/decide.ts';
import { evolve } from '../order/evolve.ts';
import type { Order } from '../order/order.ts';
import { aContext, anOrder, aPayment, everyCommand, ids, rules } from '../testing.ts';
import { type GatewayReport, gatewayRequests } from './gateway.ts';
import { type Payment, paymentStatusOf } from './payment.ts';

const card = (but: Partial<Payment> = {}) => aPayment({ method: 'credit_card', ...but });
const order = (but: Partial<Payment> = {}, of: Partial<Order> = {}) =>
  anOrder({ payments: [card(but)], ...of });
const context = aContext({ rules: rules({ gateway: true, newId: ids() }) });

const answered = (given: Order, command: OrderCommand) => decide(given, command, context);
const after = (given: Order, ...commands: readonly OrderCommand[]): Order =>
  commands.reduce((known, command) => {
    const answer = answered(known, command);
    if (!answer.ok) throw new Error(answer.error.code);
    return answer.value.reduce(evolve, known);
  }, given);
const refusal = (given: Order, command: OrderCommand) => {
  const answer = answered(given, command);
  return answer.ok ? null : answer.error;
};
const said = (
  kind: GatewayReport['kind'],
  amount = 2_500,
  but: Partial<GatewayReport> = {},
): OrderCommand => ({
  ...everyCommand.reportPayment,
  kind,
  amount,
  ...but,
});
const standing = ({ payments }: Order) => payments.map((payment) => paymentStatusOf(payment));
const { processPayment, authorizePayment, capturePayment, voidPayment, refundPayment } = everyCommand;
const held = { authorized: 2_500 };
const paid = { authorized: 2_500, captured: 2_500 };

describe('a card payment', () => {
  it('is asked of the gateway first, and paid when that says so', () => {
    const asked = after(order(), processPayment);
    expect(standing(asked)).toEqual(['PENDING']);
    expect(gatewayRequests(asked)).toEqual([
      {
        paymentId: 'payment-1',
        charged: 'payment-1',
        attempt: 1,
        operation: 'charge',
        amount: 2_500,
        currency: 'USD',
        final: false,
        idempotencyKey: 'payment-1:1',
        waiting: false,
      },
    ]);
    const done = after(asked, said('captured'));
    expect(done).toMatchObject({ paid: 2_500, paymentStatus: 'paid' });
    expect(gatewayRequests(done)).toEqual([]);
  });

  it('has the gateway asked in the step that creates it', () => {
    const created = after(anOrder(), { ...everyCommand.createPayment, method: 'credit_card', process: true });
    expect(gatewayRequests(created)).toMatchObject([{ operation: 'charge', amount: 2_500 }]);
  });

  it('cannot be taken where there is no gateway', () => {
    const answer = decide(order(), processPayment, aContext());
    expect(answer).toMatchObject({ error: { code: 'PAYMENT_METHOD_UNAVAILABLE', method: 'credit_card' } });
  });

  it('is asked for once until there is an answer', () => {
    const asked = after(order(), processPayment);
    for (const command of [processPayment, authorizePayment, voidPayment])
      expect(refusal(asked, command)).toEqual({ code: 'PAYMENT_IN_PROGRESS', paymentId: 'payment-1' });
  });

  it('is tried again under a new key after it failed, and no old word counts for it', () => {
    const failure = { code: 'insufficient_funds', message: 'Not enough.' };
    const failed = after(order(), processPayment, said('failed', 0, { failure }));
    expect(failed.payments).toMatchObject([{ failure, attempt: { state: 'failed' } }]);
    expect(standing(failed)).toEqual(['FAILED']);
    const again = after(failed, processPayment);
    expect(standing(again)).toEqual(['PENDING']);
    expect(gatewayRequests(again)).toMatchObject([{ idempotencyKey: 'payment-1:2' }]);
    for (const attempt of [{}, { attempt: 1 }])
      expect(answered(again, said('failed', 0, attempt))).toEqual({ ok: true, value: [] });
    expect(standing(after(again, said('failed', 0, { attempt: 2 })))).toEqual(['FAILED']);
  });

  it('may wait for the customer, and then only be let go of', () => {
    const action = { kind: 'redirect', url: 'https://bank.example/3ds' };
    const waiting = after(order(), processPayment, said('requires_action', 0, { action }));
    expect(waiting.payments).toMatchObject([{ attempt: { state: 'waiting', action } }]);
    expect(gatewayRequests(waiting)).toMatchObject([{ waiting: true }]);
    expect(answered(waiting, said('requires_action', 0, { action }))).toEqual({ ok: true, value: [] });
    expect(refusal(waiting, processPayment)).toMatchObject({ code: 'PAYMENT_IN_PROGRESS' });
    expect(standing(after(waiting, said('captured')))).toEqual(['PAID']);
    const cancelled = after(waiting, everyCommand.cancelOrder);
    expect(gatewayRequests(cancelled)).toMatchObject([{ operation: 'void', amount: 2_500 }]);
    expect(standing(after(cancelled, said('voided')))).toEqual(['VOIDED']);
  });

  it('that nobody asked for is let go of without asking', () => {
    expect(standing(after(order(), voidPayment))).toEqual(['VOIDED']);
  });
});

describe('an authorised card payment', () => {
  it('is captured in parts, each by its own request', () => {
    const first = after(order(held), capturePayment, said('captured', 1_000));
    const second = after(first, { ...capturePayment, amount: 500, final: true });
    expect(gatewayRequests(second)).toMatchObject([
      { operation: 'capture', amount: 500, final: true, attempt: 2 },
    ]);
    const done = after(second, said('captured', 1_500), said('voided', 1_000));
    expect(standing(done)).toEqual(['PAID']);
    expect(done.payments).toMatchObject([{ captured: 1_500, voided: 1_000 }]);
  });

  it('stays authorised when a capture is declined', () => {
    const declined = after(order(held), capturePayment, said('failed', 0, { attempt: 1 }));
    expect(standing(declined)).toEqual(['AUTHORIZED']);
    expect(declined.payments).toMatchObject([{ failure: null, attempt: { state: 'failed' } }]);
    expect(refusal(declined, capturePayment)).toBeNull();
  });

  it('moves no money until it is captured', () => {
    const asked = after(order(), authorizePayment);
    const answer = answered(asked, said('authorized'));
    expect(answer.ok && answer.value.flatMap((event) => consequences(asked, event).entries)).toEqual([]);
  });

  it('expires with what was not captured', () => {
    expect(standing(after(order(held), said('expired', 0)))).toEqual(['EXPIRED']);
  });
});

describe('money that a card payment gives back', () => {
  it('is refunded when the gateway says so, as the refund that was asked for', () => {
    const asked = after(order(paid), { ...refundPayment, amount: 1_000 });
    expect(asked).toMatchObject({ refunded: 0, refunds: [] });
    const done = after(asked, said('refunded', 1_000));
    expect(done.refunds).toMatchObject([{ reason: 'came back', parts: [{ amount: 1_000 }] }]);
    expect(after(done, said('refunded', 1_000))).toEqual(done);
  });

  it('is asked for when the order is cancelled or refunded: what is held first, then what was taken', () => {
    const both = { ...paid, captured: 1_000 };
    const cancelled = after(order(both), everyCommand.cancelOrder);
    expect(gatewayRequests(cancelled)).toMatchObject([{ operation: 'void', amount: 1_500 }]);
    const next = after(cancelled, said('voided', 1_500));
    expect(gatewayRequests(next)).toMatchObject([{ operation: 'refund', amount: 1_000 }]);
    expect(standing(after(next, said('refunded', 1_000)))).toEqual(['REFUNDED']);
  });

  it('waits for an open answer before the order ends', () => {
    const asked = after(order(), processPayment);
    expect(refusal(asked, everyCommand.cancelOrder)).toMatchObject({ code: 'PAYMENT_IN_PROGRESS' });
  });

  it('goes back at once when it came for an order that is over', () => {
    const late = after(order({}, { status: 'CANCELLED' }), said('captured'));
    expect(gatewayRequests(late)).toMatchObject([{ operation: 'refund', amount: 2_500 }]);
  });

  it('had been taken, even if that was never told', () => {
    expect(after(order(), said('refunded')).payments).toMatchObject([{ captured: 2_500, refunded: 2_500 }]);
  });
});

describe('a statement that does not fit', () => {
  it.each([[{ currency: 'EUR' }], [{ amount: 2_501 }], [{ amount: -1 }], [{ amount: 0.5 }]])(
    'is refused whole: %j',
    (but) => {
      expect(refusal(order(), said('captured', 2_500, but))).toMatchObject({
        code: 'GATEWAY_MISMATCH',
        amount: 2_500,
        currency: 'USD',
      });
    },
  );

  it('is refused for money that no gateway moves', () => {
    expect(refusal(order({ method: 'cash' }), said('captured'))).toEqual({
      code: 'PAYMENT_METHOD_UNAVAILABLE',
      method: 'cash',
    });
  });
});
