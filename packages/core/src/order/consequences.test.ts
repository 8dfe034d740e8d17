import { describe, expect, it } from 'vitest';
import { aLine, anOrder, aPayment, now } from '../testing.ts';
import { consequences } from './consequences.ts';
import type { OrderHappening } from './events.ts';
import type { Order } from './order.ts';

const after = (order: Order | null, happening: OrderHappening) =>
  consequences(order, { ...happening, version: 2, at: now });
const taxed = aLine({ quantity: 2, total: 5_000, discount: 500, tax: 900 });
const parcel = {
  id: 'f',
  locationId: 'main',
  lines: [{ lineId: 'line-1', quantity: 2 }],
  trackingNumber: null,
  status: 'SHIPPED',
} as const;
const refunded = (amount: number) =>
  ({ type: 'payment.refunded', paymentId: 'payment-1', amount, refundId: 'r', reason: 'came back' }) as const;
const paid = aPayment({ amount: 5_900, authorized: 5_900, captured: 5_900 });

describe('shipping', () => {
  const order = anOrder({ status: 'CONFIRMED', lines: [taxed], shipping: 500 });
  const shipped = after(order, { type: 'order.shipped', fulfillments: [parcel] });

  it('takes the pieces off the shelf and out of the promise', () => {
    expect(shipped.moves).toMatchObject([{ kind: 'SHIP', locationId: 'main', onHand: -2, reserved: -2 }]);
  });

  it('earns sales, tax and shipping out of the order’s funds', () => {
    expect(shipped.entries.map(({ postings }) => postings)).toEqual([
      [
        { account: 'order-funds:order-1', amount: -5_900 },
        { account: 'sales:store-1', amount: 5_000 },
        { account: 'discounts', amount: -500 },
        { account: 'tax-payable', amount: 900 },
        { account: 'shipping-income', amount: 500 },
      ],
    ]);
  });

  it('still shows the sale when a discount has taken all of it', () => {
    const gift = anOrder({ status: 'CONFIRMED', lines: [aLine({ quantity: 2, discount: 5_000 })] });
    expect(after(gift, { type: 'order.shipped', fulfillments: [parcel] }).entries).toMatchObject([
      {
        postings: [
          { account: 'sales:store-1', amount: 5_000 },
          { account: 'discounts', amount: -5_000 },
        ],
      },
    ]);
  });

  it('says nothing to the ledger about an order worth nothing', () => {
    const free = anOrder({ status: 'CONFIRMED', lines: [aLine({ quantity: 2, unitPrice: 0 })] });
    expect(after(free, { type: 'order.shipped', fulfillments: [parcel] }).entries).toEqual([]);
  });
});

describe('a refund', () => {
  const order = anOrder({ lines: [taxed], shipping: 500, payments: [paid], paid: 5_900 });

  it('comes out of the order’s funds before it is shipped', () => {
    expect(after(order, refunded(1_000)).entries.map(({ postings }) => postings)).toEqual([
      [
        { account: 'order-funds:order-1', amount: -1_000 },
        { account: 'cash', amount: 1_000 },
      ],
    ]);
  });

  it('comes out of refunds and their part of the tax afterwards, to the last cent', () => {
    const shipped = { ...order, status: 'SHIPPED', fulfillments: [parcel] } as const;
    expect(after(shipped, refunded(1_000)).entries.map(({ postings }) => postings)).toEqual([
      [
        { account: 'refunds', amount: -848 },
        { account: 'tax-payable', amount: -152 },
        { account: 'cash', amount: 1_000 },
      ],
    ]);
    const rest = after({ ...shipped, refunded: 1_000 }, refunded(4_900)).entries[0]?.postings;
    expect(rest?.find(({ account }) => account === 'tax-payable')).toEqual({
      account: 'tax-payable',
      amount: -748,
    });
  });

  it('gives the tax back only once, when the order is paid and refunded anew', () => {
    const again = { ...order, status: 'SHIPPED', fulfillments: [parcel], refunded: 5_900 } as const;
    expect(after(again, refunded(5_900)).entries).toMatchObject([
      {
        postings: [
          { account: 'refunds', amount: -5_900 },
          { account: 'cash', amount: 5_900 },
        ],
      },
    ]);
  });

  it('goes back to where the money came from', () => {
    const to = (method: 'balance' | 'bank_transfer') =>
      after({ ...order, payments: [{ ...paid, method }] }, refunded(1)).entries[0]?.postings[1]?.account;
    expect([to('balance'), to('bank_transfer')]).toEqual(['customer-balance:ann', 'gateway:bank_transfer']);
  });
});

describe('money from the balance', () => {
  const held = aPayment({ method: 'balance', authorized: 2_500 });
  const order = anOrder({ payments: [held] });
  const of = { paymentId: 'payment-1', amount: 1_000 };

  it('is set aside, and paid out of what was set aside', () => {
    const pending = anOrder({ payments: [aPayment({ method: 'balance' })] });
    expect(after(pending, { type: 'payment.authorized', ...of }).entries).toMatchObject([
      {
        postings: [
          { account: 'customer-balance:ann', amount: -1_000 },
          { account: 'customer-held:ann', amount: 1_000 },
        ],
      },
    ]);
    expect(after(order, { type: 'payment.captured', ...of }).entries).toMatchObject([
      {
        postings: [
          { account: 'order-funds:order-1', amount: 1_000 },
          { account: 'customer-held:ann', amount: -1_000 },
        ],
      },
    ]);
  });

  it('is free again when it is let go or has expired', () => {
    const back = (amount: number) => [
      {
        postings: [
          { account: 'customer-held:ann', amount: -amount },
          { account: 'customer-balance:ann', amount },
        ],
      },
    ];
    expect(after(order, { type: 'payment.voided', ...of }).entries).toMatchObject(back(1_000));
    expect(after(order, { type: 'payment.expired', paymentId: 'payment-1' }).entries).toMatchObject(
      back(2_500),
    );
  });

  it('was never set aside for a payment that is still pending', () => {
    const pending = anOrder({ payments: [aPayment({ method: 'balance' })] });
    expect(after(pending, { type: 'payment.voided', ...of }).entries).toEqual([]);
  });
});
