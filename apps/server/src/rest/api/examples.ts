import type { OrderObject } from './objects.ts';

const uuid = (end: string) => `0199aa00-0000-7000-8000-${end.padStart(12, '0')}`;
const at = '2026-01-15T10:00:00.000Z';

/** The printed body of S2-80, with the words that every shop understands. */
export const createExample = {
  customer_id: 'CUST123',
  payment_method: 'credit_card',
  shipping_method: 'standard',
  notes: 'Please deliver after 6 PM',
  items: [{ product: 'MUG', variant: 'MUG-BLUE', quantity: 2, unit_price: '29.99' }],
};

/** An order to show in the documentation. */
export const orderExample: OrderObject = {
  id: uuid('1'),
  order_number: 'ORD-20260115-0001',
  version: 1,
  status: 'pending',
  payment_status: 'pending',
  payment_status_detail: 'unpaid',
  fulfillment_status: 'unfulfilled',
  store: uuid('a1'),
  group: null,
  customer_id: 'CUST123',
  customer: { id: uuid('c1'), name: 'Jane Roe', email: 'jane@example.com' },
  payment_method: 'credit_card',
  payment_reference: null,
  shipping_method: 'standard',
  tracking_number: null,
  shipping_address: uuid('d1'),
  billing_address: uuid('d1'),
  notes: 'Please deliver after 6 PM',
  currency: 'USD',
  subtotal: '59.98',
  discount: '0.00',
  shipping: '5.00',
  tax: '0.00',
  total_amount: '64.98',
  paid_amount: '0.00',
  refunded_amount: '0.00',
  items: [
    {
      id: uuid('e1'),
      product: uuid('f1'),
      variant: uuid('f2'),
      sku: 'MUG-BLUE',
      name: 'Mug, blue',
      quantity: 2,
      unit_price: '29.99',
      discount: '0.00',
      tax: '0.00',
      total_price: '59.98',
      shipped_quantity: 0,
    },
  ],
  created_at: at,
  updated_at: at,
  confirmed_at: null,
  shipped_at: null,
  delivered_at: null,
  cancelled_at: null,
  refunded_at: null,
};
