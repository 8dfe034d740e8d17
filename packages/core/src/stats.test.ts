import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { law } from '../test/law.ts';
import { paymentStatusesOf, paymentStatusWords } from './contracts/api.ts';
import { formatMoney } from './money.ts';
import { statuses } from './order/order.ts';
import { paymentMethods, paymentStatuses } from './payment/payment.ts';
import { type OrderGroup, orderStats, type PaymentGroup, paymentStats } from './stats.ts';

const none = { currency: 'USD', scores: { sum: 0, count: 0 } };
const orders = (but: Partial<OrderGroup>): OrderGroup => ({
  status: 'PENDING',
  month: '2024-01',
  count: 1,
  captured: 0n,
  refunded: 0n,
  ...but,
});
const payments = (but: Partial<PaymentGroup>): PaymentGroup => ({
  status: 'PAID',
  method: 'cash',
  month: '2024-01',
  count: 1,
  captured: 0n,
  refunded: 0n,
  ...but,
});

describe('the statistics of orders', () => {
  it('are those of the printed example (S2-81 … S2-86)', () => {
    const rows = [
      orders({ status: 'PENDING', count: 25, month: '2024-02' }),
      orders({ status: 'CONFIRMED', count: 10, month: '2024-02' }),
      orders({ status: 'SHIPPED', count: 45, month: '2024-03', captured: 500_000n }),
      orders({ status: 'DELIVERED', count: 50, month: '2024-01', captured: 1_200_000n }),
      orders({ status: 'DELIVERED', count: 10, month: '2024-02' }),
      orders({ status: 'CANCELLED', count: 5, month: '2024-03' }),
      orders({ status: 'REFUNDED', count: 5, month: '2024-03', captured: 200_000n, refunded: 400_000n }),
      orders({ status: 'DRAFT', count: 7, month: '2024-03', captured: 1n }),
    ];
    expect(orderStats(rows, { currency: 'USD', scores: { sum: 23, count: 5 } })).toEqual({
      total_orders: 150,
      pending_orders: 25,
      processing_orders: 10,
      shipped_orders: 45,
      delivered_orders: 60,
      cancelled_orders: 5,
      refunded_orders: 5,
      total_revenue: '15000.00',
      average_order_value: '100.00',
      orders_by_status: { pending: 25, confirmed: 10, shipped: 45, delivered: 60, cancelled: 5, refunded: 5 },
      orders_by_month: { '2024-01': 50, '2024-02': 45, '2024-03': 55 },
      customer_satisfaction: '4.60',
    });
  });

  it('are noughts without orders', () => {
    expect(orderStats([], none)).toMatchObject({
      total_orders: 0,
      total_revenue: '0.00',
      average_order_value: '0.00',
      orders_by_status: {},
      orders_by_month: {},
      customer_satisfaction: null,
    });
  });

  it.each([
    [5n, 2, '0.02'],
    [7n, 2, '0.04'],
    [10n, 3, '0.03'],
    [20n, 3, '0.07'],
  ])('round the average of %d among %d half to even: %s', (captured, count, average) => {
    expect(orderStats([orders({ captured, count })], none).average_order_value).toBe(average);
  });

  it('are exact beyond what a number holds', () => {
    const rows = [orders({ captured: 2n ** 53n }), orders({ captured: 2n ** 53n + 1n, count: 2 })];
    expect(orderStats(rows, none)).toMatchObject({
      total_revenue: '180143985094819.85',
      average_order_value: '60047995031606.62',
    });
  });

  it('count CONFIRMED with PROCESSING, and CLOSED with DELIVERED', () => {
    const rows = statuses.map((status) => orders({ status }));
    expect(orderStats(rows, none)).toMatchObject({
      total_orders: 9,
      pending_orders: 1,
      processing_orders: 2,
      shipped_orders: 2,
      delivered_orders: 2,
    });
  });

  it(
    'add up: counters, months and statuses to all orders, money to the revenue (I-24)',
    law(
      fc.array(
        fc
          .record({
            status: fc.constantFrom(...statuses),
            month: fc.constantFrom('2026-10', '2026-11', '2027-01'),
            count: fc.nat(1_000),
            captured: fc.bigInt(0n, 2n ** 60n),
            share: fc.bigInt(0n, 100n),
          })
          .map(({ share, ...group }) => ({ ...group, refunded: (group.captured * share) / 100n })),
        { maxLength: 12 },
      ),
      (rows) => {
        const stats = orderStats(rows, none);
        const counted = rows.filter(({ status, count }) => status !== 'DRAFT' && count > 0);
        const { total_orders: total } = stats;
        expect(total).toBe(added(counted.map(({ count }) => count)));
        expect(
          stats.pending_orders +
            stats.processing_orders +
            stats.shipped_orders +
            stats.delivered_orders +
            stats.cancelled_orders +
            stats.refunded_orders,
        ).toBe(total);
        for (const map of [stats.orders_by_month, stats.orders_by_status])
          expect(added(Object.values(map))).toBe(total);
        const revenue = counted.reduce((all, { captured, refunded }) => all + captured - refunded, 0n);
        expect(stats.total_revenue).toBe(formatMoney(revenue, 'USD'));
        const off = BigInt(stats.average_order_value.replace('.', '')) * BigInt(total) - revenue;
        expect(Number(off < 0n ? -off : off) * 2).toBeLessThanOrEqual(total);
      },
    ),
  );
});

describe('the statistics of payments', () => {
  it('say how many of those that were tried went well', () => {
    const rows = [
      payments({ count: 30, captured: 5_000n, refunded: 500n }),
      payments({ status: 'REFUNDED', count: 9, method: 'credit_card', captured: 900n, refunded: 900n }),
      payments({ status: 'FAILED', count: 1, month: '2024-02' }),
      payments({ status: 'PENDING', count: 60 }),
    ];
    expect(paymentStats(rows, 'USD')).toEqual({
      total_payments: 100,
      pending_payments: 60,
      paid_payments: 30,
      refunded_payments: 9,
      failed_payments: 1,
      total_amount: '59.00',
      refunded_amount: '14.00',
      success_rate: '0.9750',
      payments_by_method: { cash: 91, credit_card: 9 },
      payments_by_month: { '2024-01': 99, '2024-02': 1 },
    });
  });

  it('have no rate of success, or a full one', () => {
    expect(paymentStats([], 'USD').success_rate).toBe('0.0000');
    expect(paymentStats([payments({})], 'USD').success_rate).toBe('1.0000');
  });

  it('know a word for every status', () => {
    expect(paymentStatusWords.flatMap(paymentStatusesOf).toSorted()).toEqual(paymentStatuses.toSorted());
  });

  it(
    'add up: counters, methods and months to all payments (I-24)',
    law(
      fc.array(
        fc.record({
          status: fc.constantFrom(...paymentStatuses),
          method: fc.constantFrom(...paymentMethods),
          month: fc.constantFrom('2026-10', '2026-11'),
          count: fc.nat(1_000),
          captured: fc.bigInt(0n, 1_000_000n),
          refunded: fc.bigInt(0n, 1_000_000n),
        }),
        { maxLength: 12 },
      ),
      (rows) => {
        const stats = paymentStats(rows, 'USD');
        const { total_payments: total, pending_payments: pending } = stats;
        expect(total).toBe(added(rows.map(({ count }) => count)));
        const tried = stats.paid_payments + stats.refunded_payments;
        expect(tried + pending + stats.failed_payments).toBe(total);
        for (const map of [stats.payments_by_method, stats.payments_by_month])
          expect(added(Object.values(map))).toBe(total);
        const rate = total > pending ? tried / (total - pending) : 0;
        expect(Math.abs(Number(stats.success_rate) - rate)).toBeLessThanOrEqual(0.000_051);
      },
    ),
  );
});

const added = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
