import { ordersList } from '@orderloom/db';
import type { OrderView } from '../../orders/views.ts';
import { row, type Row } from '../row.ts';
import { orderExample } from './examples.ts';
import { listing } from './list.ts';
import { orderObject, OrderObject } from './objects.ts';

const listAt = (path: `/${string}`) =>
  listing<OrderView>({
    path,
    spec: ordersList(),
    schema: OrderObject,
    example: orderExample,
    id: 'OrderList',
    write: orderObject,
    sought: `A part of an order number, tracking number, payment reference, customer’s name or e-mail, or SKU,
      in any case. A whole order number finds that order only. In tracking numbers and references it takes
      three letters or digits in a row.`.replaceAll(/\s+/g, ' '),
  });

const tag = 'Orders';
const all = listAt('/api/v1/orders/');
const mine = listAt('/api/v1/orders/my_orders/');
const recent = listAt('/api/v1/orders/recent_orders/');
const pending = listAt('/api/v1/orders/pending_orders/');

/** The lists of orders of the api family (S2-20, S2-31 … S2-33). */
export const orderListRows: readonly Row[] = [
  row({
    method: 'get',
    path: '/api/v1/orders/',
    operationId: 'listOrders',
    tag,
    summary: 'List orders',
    description:
      `A customer’s token sees that customer’s own. Drafts are shown when \`status\` asks for them. By
      \`cursor\`, no order is missed or shown twice, whatever is written meanwhile.`.replaceAll(/\s+/g, ' '),
    procedure: 'orders.page',
    ...all,
    request: all.asked,
  }),
  row({
    method: 'get',
    path: '/api/v1/orders/my_orders/',
    operationId: 'listMyOrders',
    tag,
    summary: 'List the caller’s own orders',
    description:
      'The orders of the customer who calls; for somebody who is no customer, such as staff, those that ' +
      'they placed for nobody else. Kept for five minutes, and worked out again after every write.',
    procedure: 'orders.mine',
    ...mine,
    request: mine.asked,
  }),
  row({
    method: 'get',
    path: '/api/v1/orders/recent_orders/',
    operationId: 'listRecentOrders',
    tag,
    summary: 'List the orders of the last 30 days',
    procedure: 'orders.recent',
    ...recent,
    request: recent.asked,
  }),
  row({
    method: 'get',
    path: '/api/v1/orders/pending_orders/',
    operationId: 'listPendingOrders',
    tag,
    summary: 'List the orders that nobody has confirmed yet',
    procedure: 'orders.pending',
    ...pending,
    request: pending.asked,
  }),
];
