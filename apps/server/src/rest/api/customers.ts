import { formatMoney } from '@orderloom/core';
import { CreateCustomer as NewCustomer, TopUpBalance } from '@orderloom/core/inputs';
import { customersList, ledgerList } from '@orderloom/db';
import { z } from 'zod';
import type { CustomerView, LedgerRow } from '../../customers/views.ts';
import { row, type Row, storedBy } from '../row.ts';
import { minorOf, Money, Time, Uuid } from '../wire.ts';
import { listing } from './list.ts';
import { customerExample, ledgerExample } from './thing-examples.ts';
import { thing } from './thing.ts';

const CustomerObject = z
  .strictObject({
    id: Uuid,
    ref: z.int(),
    customer_id: z.string(),
    name: z.string(),
    email: z.string(),
    balance: Money,
    currency: z.string(),
    created_at: Time,
    updated_at: Time,
  })
  .meta({ id: 'Customer', description: 'A customer with what is on the balance.' });

const customerObject = (view: CustomerView): z.output<typeof CustomerObject> => ({
  id: view.id,
  ref: view.ref,
  customer_id: view.code,
  name: view.name,
  email: view.email,
  balance: formatMoney(view.balance, view.currency),
  currency: view.currency,
  created_at: view.createdAt,
  updated_at: view.updatedAt,
});

const customer = thing<CustomerView>({
  path: '/api/v1/customers/',
  tag: 'Customers',
  word: 'Customer',
  named: '`id`, `ref` or `customer_id` (such as `CUST123`)',
  id: 'Customer',
  schema: CustomerObject,
  example: customerExample,
  write: customerObject,
  spec: customersList,
});

const { name, email, code } = NewCustomer.shape;
const Create = z
  .strictObject({
    name,
    email,
    customer_id: code.meta({ description: 'A word of your own; left out, CUST and the number.' }),
  })
  .meta({ id: 'CreateCustomer', description: 'A new customer.' });
const Patch = Create.partial().meta({ id: 'PatchCustomer', description: 'What changes of a customer.' });
const TopUp = z
  .strictObject({
    amount: z
      .string()
      .regex(/^-?\d{1,15}(?:\.\d{1,4})?$/, 'must be a decimal text such as "29.99"')
      .meta({ description: 'Negative to correct an earlier one.' }),
    reason: TopUpBalance.shape.reason,
  })
  .meta({ id: 'TopUp', description: 'Money for a balance, and why.' });

const LedgerObject = z
  .strictObject({
    id: Uuid,
    memo: z.string(),
    amount: Money,
    currency: z.string(),
    order: Uuid.nullable(),
    order_number: z.string().nullable(),
    created_at: Time,
  })
  .meta({ id: 'LedgerEntry', description: 'A movement of a balance.' });
const ledger = listing<LedgerRow>({
  path: '/api/v1/customers/:id/ledger/',
  spec: ledgerList,
  schema: LedgerObject,
  example: ledgerExample,
  id: 'LedgerEntryList',
  write: (entry): z.output<typeof LedgerObject> => ({
    id: entry.id,
    memo: entry.memo,
    amount: formatMoney(entry.amount, entry.currency),
    currency: entry.currency,
    order: entry.orderId,
    order_number: entry.orderNumber,
    created_at: entry.at,
  }),
});

const { params, list, tag } = customer;
const readOnly = ['id', 'ref', 'balance', 'currency', 'created_at', 'updated_at'];
const body = { name: 'Jane Roe', email: 'jane@example.com' };
const changing = ['CUSTOMER_NOT_FOUND', 'ALREADY_EXISTS'] as const;

/** The customers of the api family. */
export const customerRows: readonly Row[] = [
  row({
    method: 'get',
    path: customer.path,
    operationId: 'listCustomers',
    tag,
    summary: 'List customers',
    description: 'A customer’s token sees that customer alone.',
    procedure: 'customers.page',
    ...list,
    request: list.asked,
  }),
  row({
    method: 'post',
    path: customer.path,
    operationId: 'createCustomer',
    tag,
    summary: 'Create a customer',
    procedure: 'customers.create',
    body: Create,
    bodyExample: body,
    readOnly,
    request: ({ body: { customer_id: word, ...rest } }) => ({ ...rest, code: word }),
    ...customer.creating,
    refusals: ['ALREADY_EXISTS'],
  }),
  row({
    method: 'get',
    path: customer.one,
    operationId: 'getCustomer',
    tag,
    summary: 'Get a customer',
    procedure: 'customers.get',
    params,
    request: ({ params: { id } }) => ({ id }),
    ...customer.answering('The customer.'),
    refusals: ['CUSTOMER_NOT_FOUND'],
  }),
  row({
    method: 'put',
    path: customer.one,
    operationId: 'replaceCustomer',
    tag,
    summary: 'Replace a customer',
    procedure: 'customers.edit',
    params,
    body: Create,
    bodyExample: body,
    readOnly,
    stored: storedBy('customers.get', customerObject),
    request: ({ params: { id }, body: { customer_id: word = null, ...rest } }) => ({
      id,
      ...rest,
      code: word,
    }),
    ...customer.answering('The customer as it is now.'),
    refusals: changing,
  }),
  row({
    method: 'patch',
    path: customer.one,
    operationId: 'patchCustomer',
    tag,
    summary: 'Change a customer',
    procedure: 'customers.edit',
    params,
    body: Patch,
    bodyExample: { name: 'Jane Roe' },
    readOnly,
    request: ({ params: { id }, body: { customer_id: word, ...rest } }) => ({ id, ...rest, code: word }),
    ...customer.answering('The customer as it is now.'),
    refusals: changing,
  }),
  row({
    method: 'post',
    path: '/api/v1/customers/:id/top_up/',
    operationId: 'topUpCustomer',
    tag,
    summary: 'Put money on a balance',
    procedure: 'customers.topUp',
    params,
    body: TopUp,
    bodyExample: { amount: '50.00', reason: 'gift card' },
    priced: true,
    request: ({ params: { id }, body: { amount, reason }, currency }) => ({
      id,
      amount: minorOf(amount, currency, 'amount'),
      reason,
    }),
    ...customer.answering('The customer with the new balance.'),
    refusals: ['CUSTOMER_NOT_FOUND', 'INSUFFICIENT_BALANCE'],
  }),
  row({
    method: 'get',
    path: '/api/v1/customers/:id/ledger/',
    operationId: 'listLedger',
    tag,
    summary: 'List the movements of a balance',
    procedure: 'customers.ledgerPage',
    params,
    ...ledger,
    request: ({ params: { id }, query }) => ({ id, ...ledger.asked({ query }) }),
    refusals: ['CUSTOMER_NOT_FOUND', ...ledger.refusals],
  }),
];
