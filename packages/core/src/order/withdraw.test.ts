import { describe, expect, it } from 'vitest';
import { anOrder } from '../testing.ts';
import { withdraw } from './withdraw.ts';

const context = {
  at: '2026-11-21T09:00:00.000Z',
  policy: { requirePaidBefore: 'none', cancelShipped: true },
  house: { shelf: new Map(), purses: new Map() },
  rules: { currency: 'USD', taxRates: {}, shippingMethods: {}, newId: () => 'id' },
} as const;
const asked = (order: ReturnType<typeof anOrder>) => withdraw(order, 'by the client', context);

describe('withdrawing an order', () => {
  it.each(['DRAFT', 'PENDING', 'CONFIRMED', 'PROCESSING'] as const)('cancels it when it is %s', (status) => {
    expect(asked(anOrder({ status }))).toMatchObject({ ok: true, value: [{ type: 'order.cancelled' }] });
  });

  it('changes nothing when it is cancelled already', () => {
    const cancelledAt = '2026-11-20T09:00:00.000Z';
    expect(asked(anOrder({ status: 'CANCELLED', cancelledAt }))).toEqual({ ok: true, value: [] });
  });

  it.each(['SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED'] as const)(
    'is refused when it is %s, also for staff',
    (status) => {
      expect(asked(anOrder({ status }))).toMatchObject({
        ok: false,
        error: { code: 'CANCEL_AFTER_SHIPPING', from: status },
      });
    },
  );

  it.each(['REFUNDED', 'CLOSED'] as const)('is refused when it is %s', (status) => {
    expect(asked(anOrder({ status }))).toMatchObject({ ok: false, error: { code: 'INVALID_TRANSITION' } });
  });
});
