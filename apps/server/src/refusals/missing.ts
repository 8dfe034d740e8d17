import { type Catalogue, notFound } from './entry.ts';

const id = '0199aa00-0000-7000-8000-000000000001';

const missing = <const W extends string>(wire: W, what: string) => ({
  ...notFound,
  wire,
  title: `${what} not found`,
  meaning: 'It does not exist, or it is not yours: both look the same on purpose.',
  causes: ['A wrong id.', 'It belongs to another customer or tenant.'],
  fix: 'Check the id, and with whose token you call.',
  example: { id },
});

/** What is not there, or not for this caller. */
export const missingRefusals = {
  ORDER_NOT_FOUND: missing('order_not_found', 'Order'),
  CUSTOMER_HAS_NO_ORDERS: {
    ...missing('customer_has_no_orders', 'Orders of this customer'),
    title: 'No orders found',
    causes: ['The customer has not ordered yet.', 'A wrong customer id.'],
  },
  PRODUCT_NOT_FOUND: missing('product_not_found', 'Product'),
  CUSTOMER_NOT_FOUND: missing('customer_not_found', 'Customer'),
  STORE_NOT_FOUND: missing('store_not_found', 'Store'),
  ADDRESS_NOT_FOUND: missing('address_not_found', 'Address'),
  LOCATION_NOT_FOUND: missing('location_not_found', 'Location'),
  CART_NOT_FOUND: missing('cart_not_found', 'Cart'),
  CART_ITEM_NOT_FOUND: missing('cart_item_not_found', 'Cart item'),
  PAYMENT_NOT_FOUND: missing('payment_not_found', 'Payment'),
  USER_NOT_FOUND: missing('user_not_found', 'User'),
  NOTIFICATION_NOT_FOUND: missing('notification_not_found', 'Notification'),
  TOKEN_NOT_FOUND: missing('token_not_found', 'Token'),
  SESSION_NOT_FOUND: missing('session_not_found', 'Session'),
} as const satisfies Partial<Catalogue>;
