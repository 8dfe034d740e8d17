import type { Refusal } from '../../errors.ts';
import { row, type Row, storedBy } from '../row.ts';
import { createExample } from './examples.ts';
import { orderObject, readOnlyFields } from './objects.ts';
import {
  PatchOrder,
  patchRequest,
  Refund,
  refundRequest,
  ReplaceOrder,
  replaceRequest,
} from './order-changes.ts';
import { oneOrder, OnePath, replyOne } from './orders.ts';
import { Removed } from './thing.ts';

const tag = 'Orders';
const path = '/api/v1/orders/:id/';
const one = { tag, path, params: OnePath, versioned: true } as const;
const changing: readonly Refusal['code'][] = [
  'ORDER_NOT_FOUND',
  'ORDER_NOT_EDITABLE',
  'INVALID_TRANSITION',
  'CANCEL_AFTER_SHIPPING',
  'NOTHING_SHIPPED',
  'ORDER_HAS_OPEN_LINES',
  'PAYMENT_REQUIRED',
  'PAYMENT_IN_PROGRESS',
  'SHIPPING_FIXED',
  'SHIPPING_METHOD_UNKNOWN',
  'INSUFFICIENT_STOCK',
  'PRODUCT_UNKNOWN',
  'PRICE_MISMATCH',
  'STORE_MISMATCH',
  'REFERENCE_UNKNOWN',
  'TOTAL_TOO_LARGE',
  'ORDER_EMPTY',
];
const message = 'Order deleted successfully';

/** What can be written of an order that is there (S2-23 … S2-25), and what is given back of it. */
export const orderWriteRows: readonly Row[] = [
  row({
    ...one,
    method: 'put',
    operationId: 'replaceOrder',
    summary: 'Replace an order',
    description:
      'What an order is created from is again as in a new one where it is left out; `status`, ' +
      '`tracking_number` and `payment_reference` stay. The store and the customer cannot change.',
    procedure: 'orders.update',
    body: ReplaceOrder,
    bodyExample: { shipping_method: 'standard', items: createExample.items },
    priced: true,
    readOnly: readOnlyFields,
    stored: storedBy('orders.get', orderObject),
    request: ({ params: { id }, version, body, currency }) => ({
      id,
      expectedVersion: version,
      ...replaceRequest(body, currency),
    }),
    reply: (order) => replyOne(order),
    answers: { 200: oneOrder('The order as it is now.', { version: 2 }) },
    refusals: changing,
  }),
  row({
    ...one,
    method: 'patch',
    operationId: 'patchOrder',
    summary: 'Change an order',
    description:
      'Lines, details and status change together or not at all. `status` goes one step at a time and is ' +
      'written by staff.',
    procedure: 'orders.update',
    body: PatchOrder,
    bodyExample: { notes: 'Ring twice' },
    priced: true,
    readOnly: readOnlyFields,
    request: ({ params: { id }, version, body, currency }) => ({
      id,
      expectedVersion: version,
      ...patchRequest(body, currency),
    }),
    reply: (order) => replyOne(order),
    answers: { 200: oneOrder('The order as it is now.', { version: 2, notes: 'Ring twice' }) },
    refusals: changing,
  }),
  row({
    ...one,
    method: 'delete',
    operationId: 'deleteOrder',
    summary: 'Delete an order',
    description:
      'Hides the order from every read; its ledger, stock history and events stay. An order that still ' +
      'holds pieces is cancelled first.',
    procedure: 'orders.remove',
    request: ({ params: { id }, version }) => ({ id, expectedVersion: version }),
    reply: () => ({ status: 200, body: { message } }),
    answers: { 200: { description: 'It is gone.', schema: Removed, example: { message } } },
    refusals: ['ORDER_NOT_FOUND', 'PAYMENT_IN_PROGRESS'],
  }),
  row({
    ...one,
    method: 'post',
    path: '/api/v1/orders/:id/refunds/',
    operationId: 'giveRefund',
    summary: 'Give back part of an order',
    description: 'Pieces at what they cost, shipping, or a free amount; never more than was paid.',
    procedure: 'orders.refund',
    body: Refund,
    bodyExample: { amount: '5.00', reason: 'arrived late' },
    priced: true,
    request: ({ params: { id }, version, body, currency }) => ({
      id,
      expectedVersion: version,
      ...refundRequest(body, currency),
    }),
    reply: (order) => replyOne(order),
    answers: {
      200: oneOrder('The order as it is now.', {
        version: 3,
        payment_status: 'paid',
        payment_status_detail: 'partially_refunded',
        paid_amount: '64.98',
        refunded_amount: '5.00',
      }),
    },
    refusals: [
      'ORDER_NOT_FOUND',
      'LINE_NOT_FOUND',
      'CUSTOMER_REQUIRED',
      'REFUND_EMPTY',
      'REFUND_EXCEEDS_LINE',
      'REFUND_EXCEEDS_SHIPPING',
      'REFUND_EXCEEDS_CAPTURED',
      'PAYMENT_IN_PROGRESS',
    ],
  }),
];
