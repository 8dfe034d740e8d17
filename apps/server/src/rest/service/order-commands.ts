import { serviceSentences as said, serviceStatusOf, statusWordOf } from '@orderloom/core';
import { z } from 'zod';
import type { Refusal } from '../../errors.ts';
import { row, type Row } from '../row.ts';
import { NoFields } from '../wire.ts';
import { orderKeys, serviceExample, serviceOrder } from './objects.ts';
import { OrderPath, ServiceConfirm, ServiceEdit, ServiceStatus } from './order-inputs.ts';
import { headersOfOrder, versionHeader } from './orders.ts';

const { products: _, ...otherKeys } = orderKeys;
const Updated = z
  .strictObject({
    message: z.string(),
    ...otherKeys,
    products: z.array(z.strictObject({ product_id: z.string(), item_count: z.int() })).meta({
      description: 'What was added, changed or taken out, with the count it has now.',
    }),
  })
  .meta({ id: 'ServiceUpdated', description: 'The order after an edit.' });
const Moved = z
  .strictObject({ ...orderKeys, message: z.string() })
  .meta({ id: 'ServiceMoved', description: 'The order in its new status.' });
const Message = z
  .strictObject({ message: z.string() })
  .meta({ id: 'ServiceMessage', description: 'That it went well.' });
const Confirmed = z
  .strictObject({ id: z.string(), status: z.string(), version: z.int(), totalCents: z.int() })
  .meta({ id: 'ServiceConfirmed', description: 'The draft, confirmed.' });
const Closed = z
  .strictObject({ id: z.string(), status: z.string(), version: z.int() })
  .meta({ id: 'ServiceClosed', description: 'The order, closed.' });

const common = { tag: 'Service orders', trusted: true, params: OrderPath } as const;
const moved: readonly Refusal['code'][] = ['ORDER_NOT_FOUND', 'INVALID_TRANSITION', 'PAYMENT_IN_PROGRESS'];
const { products: sample, ...exampleRest } = serviceExample;

/** What can be done with an order of the service family. */
export const serviceCommandRows: readonly Row[] = [
  row({
    ...common,
    method: 'put',
    path: '/orders/:id',
    operationId: 'setServiceOrderStatus',
    summary: 'Bring an order to a status',
    description: 'Along the shortest way: every step is recorded with its effects, all at once or none.',
    procedure: 'orders.move',
    versioned: true,
    body: ServiceStatus,
    bodyExample: { status: 'Shipped' },
    request: ({ params: { id }, version, body }) => ({ id, expectedVersion: version, status: body.status }),
    reply: (order) => ({
      status: 200,
      headers: headersOfOrder(order),
      body: { ...serviceOrder(order), message: said.statusUpdated },
    }),
    answers: {
      200: {
        description: 'The order in that status; nothing is recorded when it had it already.',
        schema: Moved,
        headers: versionHeader,
        example: {
          ...serviceExample,
          order_status: 'shipped',
          status: 'shipped',
          version: 2,
          message: said.statusUpdated,
        },
      },
    },
    refusals: [
      ...moved,
      'NO_PATH',
      'CANCEL_AFTER_SHIPPING',
      'NOTHING_SHIPPED',
      'ORDER_HAS_OPEN_LINES',
      'PAYMENT_REQUIRED',
      'INSUFFICIENT_STOCK',
      'ORDER_EMPTY',
      'PRODUCT_UNKNOWN',
      'SERVICE_UNREACHABLE',
    ],
  }),
  row({
    ...common,
    method: 'patch',
    path: '/orders/:id',
    operationId: 'editServiceOrder',
    summary: 'Change the products of an order',
    description:
      'Counts are absolute, 0 takes a product out, the others stay. Stock moves by the difference.',
    procedure: 'orders.edit',
    versioned: true,
    body: ServiceEdit,
    bodyExample: { products: [{ product_id: 'P-1', item_count: 3 }] },
    request: ({ params: { id }, version, body }) => ({
      id,
      expectedVersion: version,
      items: body.products.map(({ product_id, item_count }) => ({
        product: product_id,
        quantity: item_count,
      })),
    }),
    reply: (order) => {
      const { products: _all, ...rest } = serviceOrder(order);
      const products = order.changes.map(({ productSku, quantity }) => ({
        product_id: productSku,
        item_count: quantity,
      }));
      const { order_id, order_status, ...others } = rest;
      return {
        status: 200,
        headers: headersOfOrder(order),
        body: { message: said.updated, order_id, order_status, products, ...others },
      };
    },
    answers: {
      200: {
        description: 'The order; `products` names what has changed, `items` is the whole of it.',
        schema: Updated,
        headers: versionHeader,
        example: { message: said.updated, ...exampleRest, version: 2, products: sample },
      },
    },
    refusals: [
      'ORDER_NOT_FOUND',
      'ORDER_NOT_EDITABLE',
      'INSUFFICIENT_STOCK',
      'PRODUCT_UNKNOWN',
      'ORDER_EMPTY',
      'TOTAL_TOO_LARGE',
      'SERVICE_UNREACHABLE',
    ],
  }),
  row({
    ...common,
    method: 'delete',
    path: '/orders/:id',
    operationId: 'cancelServiceOrder',
    summary: 'Cancel an order',
    description: 'What it held goes back on the shelf, once, however often it is called.',
    procedure: 'orders.withdraw',
    versioned: true,
    request: ({ params: { id }, version }) => ({
      id,
      expectedVersion: version,
      reason: 'Cancelled by the client',
    }),
    reply: (order) => ({
      status: 200,
      headers: headersOfOrder(order),
      body: { message: said.cancelled },
    }),
    answers: {
      200: {
        description: 'It is cancelled.',
        schema: Message,
        headers: versionHeader,
        example: { message: said.cancelled },
      },
    },
    refusals: [...moved, 'CANCEL_AFTER_SHIPPING'],
  }),
  row({
    ...common,
    method: 'patch',
    path: '/orders/:id/confirm',
    operationId: 'confirmServiceOrder',
    summary: 'Confirm a draft for its agreed total',
    procedure: 'orders.change',
    command: 'confirmDraft',
    versioned: 'required',
    body: ServiceConfirm,
    bodyExample: { totalCents: 1000 },
    request: ({ params: { id }, version, body }) => ({
      id,
      expectedVersion: version,
      command: { type: 'confirmDraft', declaredTotal: body.totalCents },
    }),
    reply: (order) => ({
      status: 200,
      headers: headersOfOrder(order),
      body: {
        id: order.id,
        status: serviceStatusOf(order.status),
        version: order.version,
        totalCents: order.total,
      },
    }),
    answers: {
      200: {
        description: 'The draft is confirmed.',
        schema: Confirmed,
        headers: versionHeader,
        example: { id: serviceExample.id, status: 'confirmed', version: 2, totalCents: 1000 },
      },
    },
    refusals: [...moved, 'TOTAL_MISMATCH', 'INSUFFICIENT_STOCK', 'PRODUCT_UNKNOWN', 'SERVICE_UNREACHABLE'],
  }),
  row({
    ...common,
    method: 'post',
    path: '/orders/:id/close',
    operationId: 'closeServiceOrder',
    summary: 'Close an order that is over',
    procedure: 'orders.change',
    command: 'closeOrder',
    versioned: true,
    bodyOptional: true,
    body: NoFields,
    request: ({ params: { id }, version }) => ({
      id,
      expectedVersion: version,
      command: { type: 'closeOrder' },
    }),
    reply: (order) => ({
      status: 200,
      headers: headersOfOrder(order),
      body: { id: order.id, status: statusWordOf(order.status), version: order.version },
    }),
    answers: {
      200: {
        description: 'It is closed, and `orders.closed` is told.',
        schema: Closed,
        headers: versionHeader,
        example: { id: serviceExample.id, status: 'closed', version: 3 },
      },
    },
    refusals: [...moved, 'ORDER_HAS_OPEN_LINES'],
  }),
];
