import { describe, expect, it } from 'vitest';
import { aContext, anOrder } from '../testing.ts';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import { type Order, statuses } from './order.ts';

const delivered = (but: Partial<Order> = {}) =>
  anOrder({ status: 'DELIVERED', customerId: 'ann', deliveredAt: '2026-11-22T10:00:00.000Z', ...but });
type Said = { readonly comment?: string | null; readonly by?: string | null };
const rated = (order: Order, score: number, { comment = null, by = 'ann' }: Said = {}) =>
  decide(order, { type: 'rateOrder', score, comment, by }, aContext({ at: '2026-11-23T10:00:00.000Z' }));

describe('what a customer thought of an order', () => {
  it('is kept with its moment, in a version of its own, and moves no status', () => {
    const answer = rated(delivered(), 4, { comment: 'quick' });
    expect(answer).toMatchObject({
      value: [{ type: 'order.rated', score: 4, comment: 'quick', version: 2 }],
    });
    const order = answer.ok ? answer.value.reduce(evolve, delivered()) : null;
    const feedback = { score: 4, comment: 'quick', at: '2026-11-23T10:00:00.000Z' };
    expect(order).toMatchObject({ status: 'DELIVERED', version: 2, feedback });
  });

  it('is changed by saying something else, and not by saying the same', () => {
    const order = delivered({ feedback: { score: 4, comment: null, at: '2026-11-22T12:00:00.000Z' } });
    expect(rated(order, 4)).toEqual({ ok: true, value: [] });
    expect(rated(order, 1)).toMatchObject({ value: [{ score: 1, comment: null }] });
    expect(rated(order, 4, { comment: 'quick' })).toMatchObject({ value: [{ score: 4, comment: 'quick' }] });
  });

  it.each(statuses)('is heard when %s once it has arrived, and not before', (status) => {
    expect(rated(delivered({ status }), 5).ok).toBe(true);
    expect(rated(delivered({ status, deliveredAt: null }), 5)).toEqual({
      ok: false,
      error: { code: 'ORDER_NOT_DELIVERED', from: status },
    });
  });

  it.each([
    ['somebody else', 'bob', 'ann'],
    ['nobody', null, 'ann'],
    ['nobody, of an order of nobody', null, null],
  ])('is not for %s to say', (_, by, customerId) => {
    expect(rated(delivered({ customerId }), 5, { by })).toEqual({
      ok: false,
      error: { code: 'NOT_ITS_CUSTOMER' },
    });
  });

  it.each([0, 6, 2.5, Number.NaN])('is no score of %d: no grammar lets it through', (score) => {
    expect(() => rated(delivered(), score)).toThrow(RangeError);
  });
});
