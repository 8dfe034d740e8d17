import { describe, expect, it } from 'vitest';
import { aContext, aHouse, aLine, anOrder, aPayment, aShelf, aShelfItem, policy } from '../testing.ts';
import { evolve } from './evolve.ts';
import { type Order, type OrderStatus, statuses } from './order.ts';
import { walk, type WalkContext } from './walk.ts';

const context = (but: Partial<WalkContext> = {}): WalkContext => ({
  ...aContext(),
  reason: 'asked for',
  ...but,
});
const walked = (order: Order, to: OrderStatus, but: Partial<WalkContext> = {}) => {
  const answer = walk(order, to, context(but));
  if (!answer.ok) throw new Error(answer.error.code);
  return { ...answer.value, after: answer.value.events.reduce(evolve, order) };
};
const noWay = (from: OrderStatus, to: OrderStatus) => ({ ok: false, error: { code: 'NO_PATH', from, to } });

describe('a walk to a status (S3-13)', () => {
  it('takes the shortest way, all of it in one version', () => {
    const { events, commands, after } = walked(anOrder({ version: 4 }), 'DELIVERED');
    expect(commands).toEqual(['confirmOrder', 'shipOrder', 'deliverOrder']);
    expect(events.map(({ type, version }) => [type, version])).toEqual([
      ['order.confirmed', 5],
      ['order.shipped', 5],
      ['order.delivered', 5],
    ]);
    expect(after).toMatchObject({ status: 'DELIVERED', version: 5, fulfillmentStatus: 'delivered' });
  });

  it('records nothing where the order is already', () => {
    for (const status of statuses)
      expect(walk(anOrder({ status }), status, context())).toEqual({
        ok: true,
        value: { events: [], commands: [] },
      });
  });

  it('begins with a draft as with any order', () => {
    const drafted = anOrder({ status: 'DRAFT', number: null, placedAt: null });
    expect(walked(drafted, 'PENDING').commands).toEqual(['placeDraft']);
    expect(walked(drafted, 'SHIPPED').commands).toEqual(['confirmDraft', 'shipOrder']);
    const empty = anOrder({ status: 'DRAFT', lines: [], placedAt: null });
    expect(walked(empty, 'CLOSED')).toMatchObject({
      commands: ['confirmDraft', 'closeOrder'],
      after: { total: 0 },
    });
    expect(walk(empty, 'PENDING', context())).toEqual({ ok: false, error: { code: 'ORDER_EMPTY' } });
  });

  it('writes the caller’s reason where a step asks for one', () => {
    const payments = [aPayment({ authorized: 2_500, captured: 2_500 })];
    const { events } = walked(anOrder({ payments }), 'CANCELLED', { reason: 'a typo' });
    expect(events).toMatchObject([
      { type: 'order.cancelled', reason: 'a typo' },
      { type: 'payment.refunded', reason: 'a typo', version: 2 },
    ]);
  });

  it('ends with cancelling, refunding or closing, and never passes through them', () => {
    expect(walked(anOrder(), 'REFUNDED').commands).toEqual(['confirmOrder', 'shipOrder', 'refundOrder']);
    expect(walked(anOrder(), 'CLOSED').commands).toEqual([
      'confirmOrder',
      'shipOrder',
      'deliverOrder',
      'closeOrder',
    ]);
    expect(walk(anOrder({ status: 'CANCELLED' }), 'SHIPPED', context())).toEqual(
      noWay('CANCELLED', 'SHIPPED'),
    );
  });

  it.each([
    ['SHIPPED', 'CONFIRMED'],
    ['DELIVERED', 'DRAFT'],
    ['CONFIRMED', 'PENDING'],
    ['CLOSED', 'CANCELLED'],
    ['REFUNDED', 'DELIVERED'],
  ] as const)('never goes back: from %s to %s', (from, to) => {
    expect(walk(anOrder({ status: from }), to, context())).toEqual(noWay(from, to));
  });

  it('goes round a step that is refused when there is another way', () => {
    const open = anOrder({ status: 'CONFIRMED' });
    expect(walked(open, 'CLOSED').commands).toEqual(['shipOrder', 'deliverOrder', 'closeOrder']);
  });

  it('looks at each guard on the order as it then is', () => {
    const unpaid = { policy: policy({ requirePaidBefore: 'ship' }) };
    expect(walk(anOrder(), 'DELIVERED', context(unpaid))).toMatchObject({
      error: { code: 'PAYMENT_REQUIRED' },
    });
    const payments = [aPayment({ authorized: 2_500, captured: 2_500 })];
    expect(walked(anOrder({ payments, paid: 2_500 }), 'DELIVERED', unpaid).after.status).toBe('DELIVERED');
  });

  it('says which step of a longer way is refused', () => {
    const bare = aHouse({ shelf: aShelf(aShelfItem({ levels: [] })) });
    expect(walk(anOrder({ status: 'DRAFT' }), 'DELIVERED', context({ house: bare }))).toMatchObject({
      error: { code: 'INSUFFICIENT_STOCK' },
    });
    const unpaid = context({ policy: policy({ requirePaidBefore: 'ship' }) });
    // Nothing that could be paid leads back.
    expect(walk(anOrder({ status: 'PROCESSING' }), 'PENDING', unpaid)).toEqual(
      noWay('PROCESSING', 'PENDING'),
    );
  });

  it('says why a single step is refused', () => {
    const shipped = anOrder({ status: 'SHIPPED', lines: [aLine({ shippedQuantity: 1 })] });
    expect(walk(shipped, 'CANCELLED', context({ policy: policy({ cancelShipped: false }) }))).toEqual({
      ok: false,
      error: { code: 'CANCEL_AFTER_SHIPPING', from: 'SHIPPED' },
    });
    const bare = aHouse({ shelf: aShelf(aShelfItem({ levels: [] })) });
    expect(walk(anOrder({ status: 'DRAFT' }), 'CONFIRMED', context({ house: bare }))).toMatchObject({
      error: { code: 'INSUFFICIENT_STOCK' },
    });
  });
});
