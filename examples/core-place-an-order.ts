import { consequences, decide, fold, formatMoney, place, placeRequest } from '@orderloom/core';

// The core has no clock, makes no ids and reads nothing: everything is given to it.
const at = '2026-11-21T09:00:00.000Z';
let count = 0;
const rules = { currency: 'USD', taxRates: { food: 700 }, shippingMethods: {}, newId: () => `id-${++count}` };
const words = { productId: 'tea', variantId: 'tea-1', storeId: 'shop', sku: 'TEA', name: 'Green tea' };
const worth = { price: 2_500, currency: 'USD', taxClass: 'food', active: true };
const tea = { ...words, ...worth, levels: [{ locationId: 'main', sellable: 4 }] };
const house = { shelf: new Map([[tea.variantId, tea]]), purses: new Map([['ann', 10_000]]) };

const lines = [{ variantId: 'tea-1', ref: 'tea', quantity: 3, unitPrice: null }];
const asked = { at, customerId: 'ann', lines, payFromBalance: true };
const batch = [placeRequest({ id: 'order-1', ...asked }), placeRequest({ id: 'order-2', ...asked })];
const [first, second] = place(batch, house, rules);
if (!first?.ok || second?.ok !== false) throw new Error('four packets serve one of the two orders');
console.log(second.error.code); // INSUFFICIENT_STOCK, and beside the code every shortage

const order = fold(first.value.events);
// CONFIRMED paid 80.25
console.log(order.status, order.paymentStatus, formatMoney(order.total, order.currency));
const context = { at, policy: { requirePaidBefore: 'ship', cancelShipped: false }, house, rules } as const;
const shipped = decide(order, { type: 'shipOrder', trackingNumber: 'TRACK-1' }, context);
if (!shipped.ok) throw new Error(shipped.error.code);
for (const event of shipped.value)
  for (const move of consequences(order, event).moves) console.log(event.type, move.variantId, move.onHand);
