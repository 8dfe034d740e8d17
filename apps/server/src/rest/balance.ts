import { balanceSentences, balanceToken, fieldSentences, invalidField, priceToken } from '@orderloom/core';
import { Quantity } from '@orderloom/core/inputs';
import { z } from 'zod';
import type { Issue, Refusal } from '../errors.ts';
import { refusals } from '../refusals.ts';
import type { Family } from './family.ts';
import { numberToken } from './number-token.ts';
import { row } from './row.ts';
import { Name } from './wire.ts';

const Sentence = z.strictObject({ status: z.string() }).meta({
  id: 'BalanceStatus',
  description: 'One sentence that says how it went.',
});
const BalanceOrder = z
  .strictObject({
    customer_id: Name.meta({ description: 'The customer’s number, UUID or code.' }),
    product_id: Name.meta({ description: 'The product’s number, UUID or SKU.' }),
    quantity: Quantity.meta({ description: 'Whole pieces, 1 to 1,000,000.' }),
  })
  .meta({ id: 'BalanceOrder', description: 'One product for one customer, paid from the balance.' });
const BalanceCustomers = z
  .strictObject({
    customers: z.array(
      z.strictObject({ id: z.int(), name: z.string(), email: z.string(), balance: z.number() }),
    ),
  })
  .meta({ id: 'BalanceCustomers', description: 'Customers by number, with what is on their balance.' });
const BalanceProducts = z
  .strictObject({
    products: z.array(z.strictObject({ id: z.int(), name: z.string(), price: z.number(), stock: z.int() })),
  })
  .meta({ id: 'BalanceProducts', description: 'Products by number, with price and what can still be sold.' });

const rows = [
  row({
    method: 'post',
    path: '/order/',
    operationId: 'createBalanceOrder',
    tag: 'Balance orders',
    summary: 'Order one product and pay from the balance',
    description: 'Takes the stock, debits price × quantity and stores the order, all at once or not at all.',
    procedure: 'orders.place',
    body: BalanceOrder,
    bodyExample: { customer_id: 1, product_id: 1, quantity: 2 },
    request: ({ body }) => ({
      customer: body.customer_id,
      items: [{ product: body.product_id, quantity: body.quantity }],
      paymentMethod: 'balance',
      settle: 'balance',
    }),
    reply: () => ({ status: 200, body: { status: balanceSentences.completed } }),
    answers: {
      200: {
        description: 'The order is placed, confirmed and paid.',
        schema: Sentence,
        example: { status: balanceSentences.completed },
      },
    },
    refusals: [
      'INSUFFICIENT_STOCK',
      'INSUFFICIENT_BALANCE',
      'PRODUCT_UNKNOWN',
      'REFERENCE_UNKNOWN',
      'TOTAL_TOO_LARGE',
    ],
  }),
  row({
    method: 'get',
    path: '/order/customers',
    operationId: 'listBalanceCustomers',
    tag: 'Balance orders',
    summary: 'All customers with their balance',
    procedure: 'customers.all',
    trusted: true,
    request: () => undefined,
    reply: (customers) => ({
      status: 200,
      body: {
        customers: customers.map(({ ref, name, email, balance, currency }) => ({
          id: ref,
          name,
          email,
          balance: numberToken(balanceToken(balance, currency)),
        })),
      },
    }),
    answers: {
      200: {
        description: 'Every customer; a customer’s own token sees only that customer.',
        schema: BalanceCustomers,
        example: { customers: [{ id: 1, name: 'John Doe', email: 'john@example.com', balance: 100 }] },
      },
    },
    refusals: [],
  }),
  row({
    method: 'get',
    path: '/order/products',
    operationId: 'listBalanceProducts',
    tag: 'Balance orders',
    summary: 'All products with price and stock',
    procedure: 'products.catalogue',
    trusted: true,
    request: () => undefined,
    reply: (products) => ({
      status: 200,
      body: {
        products: products.map(({ ref, name, price, currency, available }) => ({
          id: ref,
          name,
          price: numberToken(priceToken(price, currency)),
          stock: available,
        })),
      },
    }),
    answers: {
      200: {
        description: 'Every product that is for sale.',
        schema: BalanceProducts,
        example: { products: [{ id: 1, name: 'Product 1', price: numberToken('25.00'), stock: 10 }] },
      },
    },
    refusals: [],
  }),
];

/** The balance family: a sentence for every case, and nothing else. */
export const balance: Family = {
  name: 'balance',
  tags: { 'Balance orders': 'One call orders one product and pays it from the customer’s balance.' },
  prefixes: ['/order'],
  rows,
  pathsOf: ({ path }) => [path],
  refuse: (refusal) => {
    const [status, sentence] = voice(refusal);
    return { status, body: { status: sentence } };
  },
  samples: [{ code: 'REFERENCE_UNKNOWN', field: 'customer', what: 'Customer' }],
  refusalSchema: Sentence,
  refusalType: 'application/json',
  anyContentType: true,
  versions: false,
  strict: false,
};

function voice(refusal: Refusal): [status: number, sentence: string] {
  const { http, title } = refusals[refusal.code];
  switch (refusal.code) {
    case 'INSUFFICIENT_STOCK':
      return [400, balanceSentences.stockUnavailable];
    case 'INSUFFICIENT_BALANCE':
      return [400, balanceSentences.insufficientBalance];
    case 'MALFORMED_JSON':
      return [400, balanceSentences.invalidJson];
    case 'INVALID_INPUT':
      return [400, fieldSentence(refusal.issues)];
    case 'REFERENCE_UNKNOWN':
      return [404, `${refusal.what} not found.`];
    case 'CUSTOMER_NOT_FOUND':
      return [404, balanceSentences.customerNotFound];
    case 'PRODUCT_UNKNOWN':
    case 'PRODUCT_NOT_FOUND':
      return [404, balanceSentences.productNotFound];
    case 'UNAUTHENTICATED':
      return [401, balanceSentences.authenticationRequired];
    default:
      return [http, `${title}.`];
  }
}

/** A missing field comes first: there is nothing to say yet about its value. */
function fieldSentence(issues: readonly Issue[]): string {
  const missing = issues.some(({ path, message }) => path === '' || message === fieldSentences.required);
  return missing ? balanceSentences.missingFields : invalidField(issues[0]?.path ?? '');
}
