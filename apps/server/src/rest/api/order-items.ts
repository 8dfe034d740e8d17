import { formatMoney } from '@orderloom/core';
import { itemsList } from '@orderloom/db';
import { z } from 'zod';
import type { ItemRecord } from '../../orders/items/views.ts';
import type { Told } from '../family.ts';
import { row, type Row, storedBy } from '../row.ts';
import { minorOf, Name, PathName, Time, Uuid } from '../wire.ts';
import { orderExample } from './examples.ts';
import { listing } from './list.ts';
import { OrderItem } from './objects.ts';
import { CreateItem } from './order-inputs.ts';
import { thing } from './thing.ts';

const { id, ...itemShape } = OrderItem.shape;
const ItemObject = z
  .strictObject({ id, order: Uuid, ...itemShape, created_at: Time, updated_at: Time })
  .meta({ id: 'ItemOfOrder', description: 'An item of an order, with the order that it is of.' });

const itemObject = (item: ItemRecord): z.output<typeof ItemObject> => {
  const money = (amount: number) => formatMoney(amount, item.currency);
  return {
    id: item.id,
    order: item.order.id,
    product: item.productId,
    variant: item.variantId,
    sku: item.sku,
    name: item.name,
    quantity: item.quantity,
    unit_price: money(item.unitPrice),
    discount: money(item.discount),
    tax: money(item.tax),
    total_price: money(item.total),
    shipped_quantity: item.shippedQuantity,
    created_at: item.createdAt,
    updated_at: item.updatedAt,
  };
};

const [shown] = orderExample.items;
const { id: exampleId, ...exampleRest } = { id: '', ...shown };
const example = {
  id: exampleId,
  order: orderExample.id,
  ...exampleRest,
  created_at: orderExample.created_at,
  updated_at: orderExample.updated_at,
};

const Create = z
  .strictObject({ order: Name.meta({ description: 'UUID or number of the order.' }), ...CreateItem.shape })
  .meta({ id: 'AddOrderItem', description: 'More of a product for an order.' });

const price = CreateItem.shape.unit_price.meta({
  description: 'Left out, the agreed price stays; another one is set by whoever may override prices.',
});
const Put = z
  .strictObject({ quantity: CreateItem.shape.quantity, unit_price: price })
  .meta({ id: 'ReplaceOrderItem', description: 'An item of an order as it shall be.' });
const Patch = Put.partial().meta({ id: 'PatchOrderItem', description: 'What changes of an item.' });

const kind = {
  path: '/api/v1/order-items/',
  tag: 'Order items',
  word: 'Order item',
  id: 'ItemOfOrder',
  schema: ItemObject,
  example,
  write: itemObject,
  spec: itemsList,
  versionOf: ({ version }: ItemRecord) => version,
} as const;
const item = thing<ItemRecord>(kind);
const { params, list, tag } = item;
const one = { tag, path: item.one, params, priced: true, versioned: true } as const;

const byOrder = '/api/v1/order-items/by_order/';
const ofOrder = listing<ItemRecord>({ ...kind, path: byOrder, id: 'ItemsOfOrder' });
const OrderId = PathName.meta({ description: 'UUID or number of the order.' });

const readOnly = Object.keys(example);
const changing = [
  'LINE_NOT_FOUND',
  'ORDER_NOT_EDITABLE',
  'INSUFFICIENT_STOCK',
  'PRODUCT_UNKNOWN',
  'PRICE_MISMATCH',
  'TOTAL_TOO_LARGE',
] as const;

/** The operations whose body is one line itself. */
export const lineOperations: ReadonlySet<Told['operation']> = new Set([
  'createOrderItem',
  'replaceOrderItem',
  'patchOrderItem',
]);

const minor = (text: string | null | undefined, currency: string) =>
  text ? minorOf(text, currency, 'unit_price') : undefined;

/** The items of orders, each by itself (S2-36 … S2-42). */
export const itemRows: readonly Row[] = [
  row({
    method: 'get',
    path: item.path,
    operationId: 'listOrderItems',
    tag,
    summary: 'List the items of all orders',
    procedure: 'items.page',
    ...list,
    request: list.asked,
  }),
  row({
    method: 'post',
    path: item.path,
    operationId: 'createOrderItem',
    tag,
    summary: 'Add an item to an order',
    description:
      'For orders that can still be edited. Pieces of a variant that the order has already are added to ' +
      'that item. Totals and reserved stock follow in the same step.',
    procedure: 'items.add',
    body: Create,
    bodyExample: { order: example.order, product: 'MUG', quantity: 1 },
    priced: true,
    versioned: true,
    readOnly,
    request: ({ body: { order, product, variant, quantity, unit_price }, version, currency }) => ({
      order,
      expectedVersion: version,
      product,
      variant: variant ?? undefined,
      quantity,
      unitPrice: minor(unit_price, currency),
    }),
    ...item.creating,
    refusals: [
      'REFERENCE_UNKNOWN',
      'STORE_MISMATCH',
      ...changing.filter((code) => code !== 'PRODUCT_UNKNOWN' && code !== 'LINE_NOT_FOUND'),
    ],
  }),
  row({
    method: 'get',
    path: byOrder,
    operationId: 'listItemsOfOrder',
    tag,
    summary: 'List the items of an order',
    procedure: 'items.ofOrder',
    ...ofOrder,
    query: ofOrder.query.extend({ order_id: OrderId }),
    request: (asked) => ({ ...ofOrder.asked(asked), order: PathName.parse(asked.query.order_id) }),
    refusals: [...ofOrder.refusals, 'ORDER_NOT_FOUND'],
  }),
  row({
    method: 'get',
    path: item.one,
    operationId: 'getOrderItem',
    tag,
    summary: 'Get an item of an order',
    procedure: 'items.get',
    params,
    request: ({ params: named }) => ({ id: named.id }),
    ...item.answering('The item.'),
    refusals: ['LINE_NOT_FOUND'],
  }),
  row({
    ...one,
    method: 'put',
    operationId: 'replaceOrderItem',
    summary: 'Replace an item of an order',
    description:
      'Of an item its quantity and its price can be changed; `If-Match` names the order’s version.',
    procedure: 'items.change',
    body: Put,
    bodyExample: { quantity: 3 },
    readOnly,
    stored: storedBy('items.get', itemObject),
    request: ({ params: named, version, body, currency }) => ({
      id: named.id,
      expectedVersion: version,
      quantity: body.quantity,
      unitPrice: minor(body.unit_price, currency),
    }),
    ...item.answering('The item as it is now.'),
    refusals: changing,
  }),
  row({
    ...one,
    method: 'patch',
    operationId: 'patchOrderItem',
    summary: 'Change an item of an order',
    description: '`If-Match` names the order’s version.',
    procedure: 'items.change',
    body: Patch,
    bodyExample: { quantity: 3 },
    readOnly,
    request: ({ params: named, version, body, currency }) => ({
      id: named.id,
      expectedVersion: version,
      quantity: body.quantity,
      unitPrice: minor(body.unit_price, currency),
    }),
    ...item.answering('The item as it is now.'),
    refusals: changing,
  }),
  row({
    ...one,
    method: 'delete',
    operationId: 'deleteOrderItem',
    summary: 'Take an item out of an order',
    description: 'What it reserved is free again. The last item stays: an order has at least one.',
    procedure: 'items.remove',
    request: ({ params: named, version }) => ({ id: named.id, expectedVersion: version }),
    ...item.removing,
    refusals: ['LINE_NOT_FOUND', 'ORDER_NOT_EDITABLE', 'ORDER_EMPTY'],
  }),
];
