import { describe, expect, it } from 'vitest';
import { paymentFacets, statuses } from '../order/order.ts';
import { cannotBe, facetsOf, paymentWordOf, paymentWords, statusOf, statusWordOf } from './api.ts';
import { balanceToken, priceToken } from './balance.ts';
import { serviceSentences, serviceStatusOf } from './service.ts';

describe('the balance dialect', () => {
  it.each([
    [10_000, '100'],
    [6_250, '62.50'],
    [0, '0'],
    [5, '0.05'],
    [-150, '-1.50'],
  ])('writes a balance of %i cents as %s', (cents, token) => {
    expect(balanceToken(cents, 'USD')).toBe(token);
  });

  it('writes a price with all digits of its currency', () => {
    expect(priceToken(2_500, 'USD')).toBe('25.00');
    expect(priceToken(25, 'JPY')).toBe('25');
  });
});

describe('the api dialect', () => {
  it('has one word for every status, and understands it again', () => {
    for (const status of statuses) expect(statusOf(statusWordOf(status))).toBe(status);
  });

  it.each(['Out for delivery', 'OUT-FOR-DELIVERY', ' out_for_delivery '])('understands %j', (text) => {
    expect(statusOf(text)).toBe('OUT_FOR_DELIVERY');
  });

  it('understands Ordered as pending, and nothing that is no status', () => {
    expect(statusOf('Ordered')).toBe('PENDING');
    expect(statusOf('lost')).toBeUndefined();
  });

  it('sorts every payment facet under exactly one printed word', () => {
    expect(paymentWords.flatMap(facetsOf).sort()).toEqual([...paymentFacets].sort());
    for (const word of paymentWords)
      for (const facet of facetsOf(word)) expect(paymentWordOf(facet)).toBe(word);
  });

  it('says which command was refused', () => {
    expect(cannotBe('cancelOrder')).toBe('Order cannot be cancelled in its current status');
  });
});

describe('the service dialect', () => {
  it('has the canonical word for every status but a new order’s, and understands it again (S3-21)', () => {
    for (const status of statuses) {
      const word = serviceStatusOf(status);
      expect(word).toBe(status === 'PENDING' ? 'Ordered' : statusWordOf(status));
      expect(statusOf(word)).toBe(status);
    }
  });

  it.each([
    ['Ordered', 'PENDING'],
    ['ORDERED', 'PENDING'],
    [' pending', 'PENDING'],
    ['Shipped', 'SHIPPED'],
    ['Out For Delivery', 'OUT_FOR_DELIVERY'],
    ['out-for-delivery', 'OUT_FOR_DELIVERY'],
    ['', undefined],
    ['Order', undefined],
  ])('reads %j as %s', (text, status) => {
    expect(statusOf(text)).toBe(status);
  });

  it('says each sentence once, on one line', () => {
    const said = Object.values(serviceSentences);
    expect(new Set(said).size).toBe(said.length);
    for (const sentence of said) expect(sentence).toMatch(/^\S.*\S$/);
  });
});
