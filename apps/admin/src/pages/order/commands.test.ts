import type { Scope } from '@orderloom/core';
import { expect, it } from 'vitest';
import { offersOf } from './commands.ts';
import type { Order } from './order.ts';

const actions: Order['actions'] = [
  { command: 'startProcessing', to: 'PROCESSING', refusal: null },
  { command: 'shipOrder', to: 'SHIPPED', refusal: { code: 'PAYMENT_REQUIRED', total: 2_500, paid: 500 } },
  { command: 'cancelOrder', to: 'CANCELLED', refusal: null },
  { command: 'closeOrder', to: 'CLOSED', refusal: { code: 'ORDER_HAS_OPEN_LINES', open: 1 } },
  { command: 'confirmDraft', to: 'CONFIRMED', refusal: null },
];
const offered = (may: (scope: Scope) => boolean) => offersOf({ actions, currency: 'USD', lines: [] }, may);

it('offers what may be done first and what takes back last, and says why the rest is refused', () => {
  expect(offered(() => true).map(({ text, reason }) => [text, reason])).toEqual([
    ['Start processing', null],
    ['Ship', 'Only $5.00 of $25.00 has been paid. Record the missing payment first.'],
    ['Close', '1 piece is still to be shipped or cancelled. Ship the order first.'],
    ['Cancel order', null],
  ]);
});

it('names the right that is missing', () => {
  const offers = offered((scope) => scope === 'orders:update_own');
  expect(offers.map(({ command }) => command)).toEqual([
    'startProcessing',
    'shipOrder',
    'closeOrder',
    'cancelOrder',
  ]);
  expect(offers[0]?.reason).toContain('“orders:update_all”');
  expect(offers[3]?.reason).toBeNull();
});
