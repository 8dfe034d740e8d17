import { describe, expect, it } from 'vitest';
import { aContext, aLine, anOrder } from '../testing.ts';
import type { Details } from './commands.ts';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import { type Address, type Order, statuses } from './order.ts';

const home: Address = {
  id: 'address-1',
  name: 'Ann',
  line1: '1 Main St',
  line2: null,
  city: 'Springfield',
  region: null,
  postcode: '62701',
  country: 'US',
  phone: null,
};
const asked = (order: Order, details: Partial<Details>) =>
  decide(order, { type: 'describeOrder', details }, aContext());
const described = (...given: Parameters<typeof asked>): Order => {
  const answer = asked(...given);
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value.reduce(evolve, given[0]);
};
const open = ['DRAFT', 'PENDING', 'CONFIRMED', 'PROCESSING'];

describe('describing an order', () => {
  it('changes what is said, once, and moves no status', () => {
    const details = { notes: 'ring twice', shippingAddress: home, paymentMethod: 'cash' } as const;
    const order = described(anOrder(), details);
    expect(order).toMatchObject({ ...details, version: 2, status: 'PENDING', billingAddress: null });
    const same = { ...details, shippingAddress: { ...home } };
    expect(asked(order, same)).toEqual({ ok: true, value: [] });
  });

  it.each(statuses)('writes notes and references when %s', (status) => {
    expect(asked(anOrder({ status }), { notes: 'n', paymentReference: 'r', trackingNumber: 't' }).ok).toBe(
      true,
    );
  });

  it.each(statuses)('changes where it goes only before it ships: %s', (status) => {
    const answer = asked(anOrder({ status }), { shippingAddress: home, notes: 'n' });
    expect(answer.ok || answer.error.code).toBe(open.includes(status) || 'ORDER_NOT_EDITABLE');
  });

  it('gives the parcels of the order the tracking number too', () => {
    const parcel = { id: 'p', locationId: 'main', lines: [], status: 'SHIPPED' } as const;
    const fulfillments = [
      { ...parcel, trackingNumber: null },
      { ...parcel, id: 'q', trackingNumber: 'OWN' },
    ];
    const order = described(anOrder({ status: 'SHIPPED', fulfillments }), { trackingNumber: 'T' });
    expect(order.fulfillments.map(({ trackingNumber }) => trackingNumber)).toEqual(['T', 'OWN']);
  });
});

describe('another way of shipping', () => {
  it('is charged, changed and taken off', () => {
    const by = (order: Order, shippingMethod: string | null) => described(order, { shippingMethod });
    const standard = by(anOrder(), 'standard');
    expect(standard).toMatchObject({
      shipping: 500,
      total: 3_000,
      charges: [{ label: 'standard', amount: 500 }],
    });
    const express = by(standard, 'express');
    expect(express).toMatchObject({ shipping: 1_500, total: 4_000, charges: [{ label: 'express' }] });
    expect(express.charges).toHaveLength(1);
    expect(by(express, null)).toMatchObject({ shipping: 0, total: 2_500, charges: [{ amount: 0 }] });
  });

  it('costs nothing where shipping is not charged', () => {
    const order = described(anOrder({ origin: 'service' }), { shippingMethod: 'standard' });
    expect(order).toMatchObject({ shippingMethod: 'standard', shipping: 0, charges: [] });
  });

  it.each([
    [anOrder(), 'pigeon', { code: 'SHIPPING_METHOD_UNKNOWN', method: 'pigeon' }],
    [anOrder({ groupId: 'g' }), 'standard', { code: 'SHIPPING_FIXED', shared: true }],
    [anOrder({ lines: [] }), 'standard', { code: 'ORDER_EMPTY' }],
    [
      anOrder({ lines: [aLine({ refundedQuantity: 1 })] }),
      'standard',
      { code: 'ORDER_NOT_EDITABLE', from: 'PENDING' },
    ],
  ] as const)('is refused where it cannot be: %#', (order, shippingMethod, error) => {
    expect(asked(order, { shippingMethod })).toEqual({ ok: false, error });
  });
});
