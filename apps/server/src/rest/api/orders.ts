import { z } from 'zod';
import type { Refusal } from '../../errors.ts';
import type { OrderView } from '../../orders/views.ts';
import { type Answer, type Reply, row, type Row } from '../row.ts';
import { PathName } from '../wire.ts';
import { createExample, orderExample } from './examples.ts';
import { orderObject, OrderObject, readOnlyFields } from './objects.ts';
import { CreateOrder, Explained, placeRequest, Tracking } from './order-inputs.ts';
import { NoFields } from '../wire.ts';

export const OnePath = z.strictObject({
  id: PathName.meta({
    description: 'The order’s UUID or number: `id` or `order_number` of the answer that created it.',
    examples: ['ORD-20260115-0001'],
  }),
});
export const versionHeader = { ETag: 'The order’s version, for If-Match.' };

export const oneOrder = (description: string, of: Partial<OrderObject> = {}): Answer => ({
  description,
  schema: OrderObject,
  example: { ...orderExample, ...of },
  headers: versionHeader,
});

export const replyOne = (order: OrderView, status = 200, headers: Reply['headers'] = {}): Reply => ({
  status,
  body: orderObject(order),
  headers: { ETag: `"${order.version}"`, ...headers },
});

const moved: readonly Refusal['code'][] = ['ORDER_NOT_FOUND', 'INVALID_TRANSITION', 'PAYMENT_IN_PROGRESS'];
const at = '2026-01-15T11:00:00.000Z';

/** The orders of the api family (S2-21 … S2-30). */
export const orderRows: readonly Row[] = [
  row({
    method: 'post',
    path: '/api/v1/orders/',
    operationId: 'createOrder',
    tag: 'Orders',
    summary: 'Create an order',
    description: 'Reserves the stock at once. All lines are taken, or none.',
    procedure: 'orders.place',
    body: CreateOrder,
    bodyExample: createExample,
    priced: true,
    readOnly: readOnlyFields,
    request: ({ body, currency }) => placeRequest(body, currency),
    reply: (order) => replyOne(order, 201, { Location: `/api/v1/orders/${order.id}/` }),
    answers: {
      201: {
        ...oneOrder('The order was placed.'),
        headers: { ...versionHeader, Location: 'Where the order is.' },
      },
    },
    refusals: [
      'INSUFFICIENT_STOCK',
      'PRODUCT_UNKNOWN',
      'REFERENCE_UNKNOWN',
      'STORE_MISMATCH',
      'PRICE_MISMATCH',
      'SHIPPING_METHOD_UNKNOWN',
      'TOTAL_TOO_LARGE',
      'ORDER_EMPTY',
      'CUSTOMER_REQUIRED',
    ],
  }),
  row({
    method: 'get',
    path: '/api/v1/orders/:id/',
    operationId: 'getOrder',
    tag: 'Orders',
    summary: 'Get an order',
    procedure: 'orders.get',
    params: OnePath,
    request: ({ params }) => params,
    reply: (order) => replyOne(order),
    answers: { 200: oneOrder('The order.') },
    refusals: ['ORDER_NOT_FOUND'],
  }),
  row({
    method: 'patch',
    path: '/api/v1/orders/:id/confirm_order/',
    operationId: 'confirmOrder',
    tag: 'Orders',
    summary: 'Confirm an order',
    procedure: 'orders.change',
    command: 'confirmOrder',
    params: OnePath,
    body: NoFields,
    bodyOptional: true,
    versioned: true,
    request: ({ params: { id }, version }) => ({
      id,
      expectedVersion: version,
      command: { type: 'confirmOrder' },
    }),
    reply: (order) => replyOne(order),
    answers: {
      200: oneOrder('The order is confirmed.', { status: 'confirmed', version: 2, confirmed_at: at }),
    },
    refusals: [...moved, 'PAYMENT_REQUIRED'],
  }),
  row({
    method: 'patch',
    path: '/api/v1/orders/:id/ship_order/',
    operationId: 'shipOrder',
    tag: 'Orders',
    summary: 'Ship an order',
    description: 'Everything that is still open leaves the house.',
    procedure: 'orders.change',
    command: 'shipOrder',
    params: OnePath,
    body: Tracking,
    bodyOptional: true,
    bodyExample: { tracking_number: 'TRACK-1' },
    versioned: true,
    request: ({ params: { id }, version, body }) => ({
      id,
      expectedVersion: version,
      command: { type: 'shipOrder', trackingNumber: body.tracking_number ?? undefined },
    }),
    reply: (order) => replyOne(order),
    answers: {
      200: oneOrder('The order is shipped.', {
        status: 'shipped',
        version: 3,
        fulfillment_status: 'shipped',
        tracking_number: 'TRACK-1',
        shipped_at: at,
      }),
    },
    refusals: [...moved, 'PAYMENT_REQUIRED'],
  }),
  row({
    method: 'patch',
    path: '/api/v1/orders/:id/deliver_order/',
    operationId: 'deliverOrder',
    tag: 'Orders',
    summary: 'Mark an order as delivered',
    procedure: 'orders.change',
    command: 'deliverOrder',
    params: OnePath,
    body: NoFields,
    bodyOptional: true,
    versioned: true,
    request: ({ params: { id }, version }) => ({
      id,
      expectedVersion: version,
      command: { type: 'deliverOrder' },
    }),
    reply: (order) => replyOne(order),
    answers: {
      200: oneOrder('The order is delivered.', {
        status: 'delivered',
        version: 4,
        fulfillment_status: 'delivered',
        delivered_at: at,
      }),
    },
    refusals: moved,
  }),
  row({
    method: 'patch',
    path: '/api/v1/orders/:id/cancel_order/',
    operationId: 'cancelOrder',
    tag: 'Orders',
    summary: 'Cancel an order',
    description:
      'Reserved stock is free again and what was paid goes back. After shipping only staff may do it; then ' +
      'the money stays until the order is refunded. A draft is discarded.',
    procedure: 'orders.change',
    command: 'cancelOrder',
    params: OnePath,
    body: Explained,
    bodyOptional: true,
    bodyExample: { reason: 'ordered twice' },
    versioned: true,
    request: ({ params: { id }, version, body }) => ({
      id,
      expectedVersion: version,
      command: { type: 'cancelOrder', reason: body.reason ?? undefined },
    }),
    reply: (order) => replyOne(order),
    answers: {
      200: oneOrder('The order is cancelled.', { status: 'cancelled', version: 2, cancelled_at: at }),
    },
    refusals: [...moved, 'CANCEL_AFTER_SHIPPING'],
  }),
  row({
    method: 'patch',
    path: '/api/v1/orders/:id/refund_order/',
    operationId: 'refundOrder',
    tag: 'Orders',
    summary: 'Refund an order',
    description: 'Gives back what was paid, also when that is nothing.',
    procedure: 'orders.change',
    command: 'refundOrder',
    params: OnePath,
    body: Explained,
    bodyOptional: true,
    bodyExample: { reason: 'arrived broken' },
    versioned: true,
    request: ({ params: { id }, version, body }) => ({
      id,
      expectedVersion: version,
      command: { type: 'refundOrder', reason: body.reason ?? undefined },
    }),
    reply: (order) => replyOne(order),
    answers: { 200: oneOrder('The order is refunded.', { status: 'refunded', version: 5, refunded_at: at }) },
    refusals: [...moved, 'NOTHING_SHIPPED'],
  }),
];
