import { serviceSentences as said } from '@orderloom/core';
import type { OrderOutline } from '@orderloom/db';
import { z } from 'zod';
import { type Refusal, refuse } from '../../errors.ts';
import type { OrderView, PlacedView } from '../../orders/views.ts';
import { type Answer, type Reply, row, type Row } from '../row.ts';
import { draftExample, orderKeys, serviceExample, ServiceOrder, serviceOrder } from './objects.ts';
import { OrderOrCustomerPath, ServiceCreate, ServiceCustomerOrder, ServiceList } from './order-inputs.ts';

export const versionHeader = { ETag: 'The order’s version, for If-Match.' };
const createdHeaders = { ...versionHeader, Location: 'Where the order is.' };

const { products: _, ...otherKeys } = orderKeys;
const Placed = z
  .strictObject({
    message: z.string(),
    ...otherKeys,
    products: z.array(z.strictObject({ product_id: z.string(), product_count: z.int() })),
    out_of_stock: z
      .array(z.strictObject({ product_id: z.string(), item_count: z.int(), product_count: z.int() }))
      .optional()
      .meta({ description: 'What was left out: asked for, and still there.' }),
  })
  .meta({ id: 'ServicePlaced', description: 'The order that was placed.' });
const Created = z
  .strictObject({ ...orderKeys, message: z.string() })
  .meta({ id: 'ServiceCreated', description: 'The order, and that it went well.' });
const Slice = z
  .strictObject({ items: z.array(ServiceOrder), nextCursor: z.string().nullable() })
  .meta({ id: 'ServicePage', description: 'A page of orders, newest first.' });

/** The headers of every answer that is one order. */
export const headersOfOrder = ({ id, version }: Pick<OrderView, 'id' | 'version'>, created = false) => ({
  ETag: `"${version}"`,
  ...(created ? { Location: `/orders/${id}` } : {}),
});

function placedReply(order: PlacedView): Reply {
  const { products, order_id, ...rest } = serviceOrder(order);
  const short = order.shortages.map(({ productSku, requested, available }) => ({
    product_id: productSku,
    item_count: requested,
    product_count: available,
  }));
  return {
    status: 200,
    headers: headersOfOrder(order, true),
    body: {
      message: said.placed,
      order_id,
      products: products.map(({ product_id, item_count }) => ({ product_id, product_count: item_count })),
      ...(short.length > 0 ? { out_of_stock: short } : {}),
      ...rest,
    },
  };
}

const { products: sample, order_id: sampleId, ...exampleRest } = serviceExample;
const createAnswers: Record<number, Answer> = {
  200: {
    description:
      'The order with what was placed, or the draft. What was short is in `out_of_stock`, and recorded.',
    schema: z.union([Placed, ServiceOrder]),
    headers: createdHeaders,
    example: {
      message: said.placed,
      order_id: sampleId,
      products: sample.map(({ product_id, item_count }) => ({ product_id, product_count: item_count })),
      out_of_stock: [{ product_id: 'P-2', item_count: 7, product_count: 5 }],
      ...exampleRest,
    },
  },
};
const create = {
  method: 'post',
  path: '/orders',
  operationId: 'createServiceOrder',
  tag: 'Service orders',
  summary: 'Place an order, or begin a draft',
  description:
    'With `products` the order is placed: what is in stock is taken, what is short is told. ' +
    'Without, a draft is begun, and `Idempotency-Key` is required.',
  trusted: true,
  bodyOptional: true,
  body: ServiceCreate,
  bodyExample: { products: [{ product_id: 'P-1', item_count: 2 }] },
  answers: createAnswers,
  refusals: [
    'INSUFFICIENT_STOCK',
    'PRODUCT_UNKNOWN',
    'REFERENCE_UNKNOWN',
    'TOTAL_TOO_LARGE',
    'SERVICE_UNREACHABLE',
    'MISSING_IDEMPOTENCY_KEY',
  ],
} as const;

const listAnswers: Record<number, Answer> = {
  200: {
    description: 'Every order, as a stream; with `limit` or `cursor` a page of them.',
    schema: z.union([z.array(ServiceOrder), Slice]),
    example: [serviceExample, draftExample],
  },
};
const list = {
  method: 'get',
  path: '/orders',
  operationId: 'listServiceOrders',
  tag: 'Service orders',
  summary: 'All orders, or a page of them, newest first',
  trusted: true,
  query: ServiceList,
  answers: listAnswers,
  refusals: ['INVALID_CURSOR'],
} as const;

const oneAnswers: Record<number, Answer> = {
  200: {
    description: 'The order; for a customer’s number all orders of that customer.',
    schema: z.union([ServiceOrder, z.array(ServiceOrder)]),
    headers: versionHeader,
    example: serviceExample,
  },
};
const one = {
  method: 'get',
  path: '/orders/:id',
  operationId: 'getServiceOrder',
  tag: 'Service orders',
  summary: 'One order, or all orders of a customer',
  trusted: true,
  params: OrderOrCustomerPath,
  answers: oneAnswers,
  refusals: ['ORDER_NOT_FOUND', 'CUSTOMER_HAS_NO_ORDERS'],
} as const;

const fromCustomerRefusals: readonly Refusal['code'][] = [
  'INSUFFICIENT_STOCK',
  'CART_EMPTY',
  'PRODUCT_UNKNOWN',
  'REFERENCE_UNKNOWN',
  'TOTAL_TOO_LARGE',
  'SERVICE_UNREACHABLE',
];
const createdAnswers: Record<number, Answer> = {
  201: {
    description: 'The order; the cart that it came from is closed.',
    schema: Created,
    headers: createdHeaders,
    example: { ...serviceExample, message: said.created },
  },
};
const forCustomer = {
  method: 'post',
  path: '/orders/:id',
  operationId: 'createCustomerOrder',
  tag: 'Service orders',
  summary: 'Place an order for a customer, of all items or none',
  description: 'Without `items` the customer’s cart is ordered and closed.',
  trusted: true,
  bodyOptional: true,
  params: OrderOrCustomerPath,
  body: ServiceCustomerOrder,
  bodyExample: { items: [{ product_id: 1, quantity: 2 }] },
  answers: createdAnswers,
  refusals: fromCustomerRefusals,
} as const;
const createdReply = (order: PlacedView): Reply => ({
  status: 201,
  headers: headersOfOrder(order, true),
  body: { ...serviceOrder(order), message: said.created },
});

/** How orders of the service family come into being, and how they are read. */
export const serviceOrderRows: readonly Row[] = [
  row({
    ...create,
    procedure: 'orders.place',
    request: ({ body: { products = [], customer_id, allow_partial } }) => ({
      customer: customer_id,
      items: products.map(({ product_id, item_count }) => ({ product: product_id, quantity: item_count })),
      onShortage: allow_partial ? 'partial' : 'reject',
    }),
    reply: placedReply,
  }),
  row({
    ...create,
    when: ({ body }) => body.products === undefined,
    procedure: 'orders.draft',
    request: ({ body, key }) => {
      if (key === undefined) throw refuse({ code: 'MISSING_IDEMPOTENCY_KEY' });
      return { customer: body.customer_id };
    },
    reply: (order) => ({ status: 200, headers: headersOfOrder(order, true), body: serviceOrder(order) }),
  }),
  row({
    ...list,
    procedure: 'orders.all',
    request: () => ({}),
    reply: (orders) => ({ status: 200, body: each(orders) }),
  }),
  row({
    ...list,
    when: ({ query: { limit, cursor } }) => limit !== undefined || cursor !== undefined,
    procedure: 'orders.slice',
    request: ({ query }) => query,
    reply: ({ items, nextCursor }) => ({
      status: 200,
      body: { items: items.map(serviceOrder), nextCursor },
    }),
  }),
  row({
    ...one,
    procedure: 'orders.get',
    request: ({ params: { id } }) => ({ id }),
    reply: (order) => ({ status: 200, headers: headersOfOrder(order), body: serviceOrder(order) }),
  }),
  row({
    ...one,
    when: ({ params }) => /^\d+$/.test(params.id),
    procedure: 'orders.all',
    request: ({ params: { id } }) => ({ customer: id }),
    reply: (orders) => ({ status: 200, body: each(orders) }),
  }),
  row({
    ...forCustomer,
    procedure: 'orders.place',
    request: ({ params, body: { items = [] } }) => ({
      customer: params.id,
      items: items.map(({ product_id, quantity }) => ({ product: product_id, quantity })),
    }),
    reply: createdReply,
  }),
  row({
    ...forCustomer,
    when: ({ body }) => !body.items?.length,
    procedure: 'orders.placeCart',
    request: ({ params }) => ({ customer: params.id }),
    reply: createdReply,
  }),
];

async function* each(orders: AsyncIterable<OrderOutline>): AsyncIterable<ServiceOrder> {
  for await (const order of orders) yield serviceOrder(order);
}
