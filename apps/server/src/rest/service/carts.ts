import { cartStatuses } from '@orderloom/core';
import { CloseCart, Quantity } from '@orderloom/core/inputs';
import { z } from 'zod';
import type { CartView } from '../../carts/views.ts';
import { type Answer, type Reply, row, type Row } from '../row.ts';
import { Name, PathName } from '../wire.ts';

const ServiceCart = z
  .strictObject({
    customer_id: z.int().meta({ description: 'The customer’s number.' }),
    status: z.enum(cartStatuses),
    items: z.array(z.strictObject({ product_id: z.int(), quantity: z.int() })),
  })
  .meta({ id: 'ServiceCart', description: 'What a customer means to order. A cart holds no stock.' });

const NewItem = z
  .strictObject({
    product_id: Name.meta({ description: 'The product’s number, UUID or SKU.' }),
    quantity: Quantity,
  })
  .meta({ id: 'ServiceCartItem', description: 'A product, and how many more of it.' });
const ItemQuantity = z
  .strictObject({ quantity: Quantity })
  .meta({ id: 'ServiceCartQuantity', description: 'How many pieces the cart shall hold.' });
const CartStatus = CloseCart.pick({ status: true }).meta({
  id: 'ServiceCartStatus',
  description: 'The status that the cart shall have.',
});

const customer = PathName.meta({ description: 'The customer’s number, UUID or code.', examples: ['3'] });
const CartPath = z.strictObject({ customer });
const ItemPath = z.strictObject({
  customer,
  product: PathName.meta({ description: 'The product’s number, UUID or SKU.', examples: ['1'] }),
});

const replyOne = (cart: CartView, status = 200, headers: Reply['headers'] = {}): Reply => ({
  status,
  headers: { ETag: `"${cart.version}"`, ...headers },
  body: {
    customer_id: cart.customerRef,
    status: cart.status,
    items: cart.items.map(({ productRef, quantity }) => ({ product_id: productRef, quantity })),
  },
});

const example = { customer_id: 3, status: 'Active', items: [{ product_id: 1, quantity: 2 }] };
const versionHeader = { ETag: 'The cart’s version, for If-Match.' };
const oneCart = (description: string): Answer => ({
  description,
  schema: ServiceCart,
  example,
  headers: versionHeader,
});
const tag = 'Carts';

/** The embedded carts (S3-18). */
export const cartRows: readonly Row[] = [
  row({
    method: 'get',
    path: '/carts/:customer',
    operationId: 'getCart',
    tag,
    summary: 'Get a customer’s newest cart, whatever its status',
    procedure: 'carts.get',
    trusted: true,
    params: CartPath,
    request: ({ params }) => params,
    reply: (cart) => replyOne(cart),
    answers: { 200: oneCart('The cart.') },
    refusals: ['CUSTOMER_NOT_FOUND', 'CART_NOT_FOUND'],
  }),
  row({
    method: 'post',
    path: '/carts/:customer',
    operationId: 'addToCart',
    tag,
    summary: 'Add a product to a customer’s cart',
    description: 'What is there already is added up. A new cart is opened when the newest was ordered.',
    procedure: 'carts.add',
    trusted: true,
    params: CartPath,
    body: NewItem,
    bodyExample: { product_id: 1, quantity: 2 },
    request: ({ params, body }) => ({ ...params, product: body.product_id, quantity: body.quantity }),
    reply: (cart) => replyOne(cart, 201, { Location: `/carts/${cart.customerRef}` }),
    answers: {
      201: {
        ...oneCart('The cart with the product in it.'),
        headers: { ...versionHeader, Location: 'Where the cart is.' },
      },
    },
    refusals: ['CUSTOMER_NOT_FOUND', 'PRODUCT_NOT_FOUND', 'INSUFFICIENT_STOCK', 'SERVICE_UNREACHABLE'],
  }),
  row({
    method: 'put',
    path: '/carts/:customer',
    operationId: 'setCartStatus',
    tag,
    summary: 'Mark a customer’s newest cart as ordered',
    procedure: 'carts.setStatus',
    trusted: true,
    versioned: true,
    params: CartPath,
    body: CartStatus,
    bodyExample: { status: 'Ordered' },
    request: ({ params, body, version }) => ({ ...params, ...body, expectedVersion: version }),
    reply: (cart) => replyOne(cart),
    answers: {
      200: { ...oneCart('The cart, which was ordered.'), example: { ...example, status: 'Ordered' } },
    },
    refusals: ['CUSTOMER_NOT_FOUND', 'CART_NOT_FOUND'],
  }),
  row({
    method: 'put',
    path: '/carts/:customer/:product',
    operationId: 'putInCart',
    tag,
    summary: 'Say how much of a product the cart holds',
    procedure: 'carts.put',
    trusted: true,
    versioned: true,
    params: ItemPath,
    body: ItemQuantity,
    bodyExample: { quantity: 2 },
    request: ({ params, body, version }) => ({ ...params, ...body, expectedVersion: version }),
    reply: (cart) => replyOne(cart),
    answers: { 200: oneCart('The cart as it is now.') },
    refusals: ['CUSTOMER_NOT_FOUND', 'PRODUCT_NOT_FOUND', 'INSUFFICIENT_STOCK', 'SERVICE_UNREACHABLE'],
  }),
  row({
    method: 'delete',
    path: '/carts/:customer/:product',
    operationId: 'removeFromCart',
    tag,
    summary: 'Take a product out of the cart',
    procedure: 'carts.remove',
    trusted: true,
    versioned: true,
    params: ItemPath,
    request: ({ params, version }) => ({ ...params, expectedVersion: version }),
    reply: () => ({ status: 204, body: undefined }),
    answers: {
      204: { description: 'The product is out of the cart.', schema: z.undefined(), example: undefined },
    },
    refusals: ['CUSTOMER_NOT_FOUND', 'PRODUCT_NOT_FOUND', 'CART_ITEM_NOT_FOUND'],
  }),
];
