import { formatMoney, paymentMethods, paymentStatusWordOf, paymentStatusWords } from '@orderloom/core';
import { DescribePayment, OpenPayment } from '@orderloom/core/inputs';
import { paymentsList } from '@orderloom/db';
import { z } from 'zod';
import type { PaymentRecord } from '../../orders/payments/views.ts';
import { row, type Row, storedBy } from '../row.ts';
import { DecimalText, minorOf, Money, Name, Time, Uuid } from '../wire.ts';
import { thing } from './thing.ts';

/** A payment, in the words of the api family. */
export const PaymentObject = z
  .strictObject({
    id: Uuid,
    order: Uuid.nullable(),
    order_number: z.string().nullable(),
    group: Uuid.nullable(),
    payment_method: z.enum(paymentMethods),
    payment_reference: z.string().nullable(),
    amount: Money,
    currency: z.string(),
    status: z.enum(paymentStatusWords),
    status_detail: z.string().meta({ description: 'The finer word.' }),
    captured_amount: Money,
    refunded_amount: Money,
    failure: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
    created_at: Time,
    updated_at: Time,
    processed_at: Time.nullable(),
    refunded_at: Time.nullable(),
  })
  .meta({ id: 'Payment', description: 'A payment of an order, or of all orders of a group.' });

/** A payment as it is told. */
export const paymentObject = (payment: PaymentRecord): z.output<typeof PaymentObject> => {
  const money = (amount: number) => formatMoney(amount, payment.currency);
  return {
    id: payment.id,
    order: payment.order?.id ?? null,
    order_number: payment.order?.number ?? null,
    group: payment.groupId,
    payment_method: payment.method,
    payment_reference: payment.reference,
    amount: money(payment.amount),
    currency: payment.currency,
    status: paymentStatusWordOf(payment.status),
    status_detail: payment.status.toLowerCase(),
    captured_amount: money(payment.captured),
    refunded_amount: money(payment.refunded),
    failure: payment.failure,
    created_at: payment.createdAt,
    updated_at: payment.updatedAt,
    processed_at: payment.processedAt,
    refunded_at: payment.refundedAt,
  };
};

/** One as an example. */
export const paymentExample = {
  id: '0199aa00-0000-7000-8000-0000000000b1',
  order: '0199aa00-0000-7000-8000-000000000001',
  order_number: 'ORD-20260115-0001',
  group: null,
  payment_method: 'credit_card',
  payment_reference: null,
  amount: '64.98',
  currency: 'USD',
  status: 'pending',
  status_detail: 'pending',
  captured_amount: '0.00',
  refunded_amount: '0.00',
  failure: null,
  created_at: '2026-01-15T10:00:00.000Z',
  updated_at: '2026-01-15T10:00:00.000Z',
  processed_at: null,
  refunded_at: null,
};

const Create = z
  .strictObject({
    order: Name.optional().meta({ description: '`id` or `order_number` of the order; or else `group`.' }),
    group: Uuid.optional().meta({ description: 'The group: one payment for all its orders.' }),
    amount: DecimalText.optional().meta({ description: 'Left out, what is still open; never more.' }),
    payment_method: z.enum(paymentMethods).optional().meta({ description: 'Left out, the order’s.' }),
    payment_reference: OpenPayment.shape.reference,
    card_token: OpenPayment.shape.cardToken.meta({
      description: 'The card as the gateway calls it; never told again.',
    }),
  })
  .meta({ id: 'CreatePayment', description: 'A new payment of an order, or of all orders of a group.' });

const Change = z
  .strictObject({
    payment_reference: DescribePayment.shape.reference.meta({
      description: 'What the payment is called elsewhere; `null` says nothing.',
    }),
  })
  .meta({ id: 'ChangePayment', description: 'What can be written of a payment.' });

/** What all rows of payments have in common. */
export const payment = thing<PaymentRecord>({
  path: '/api/v1/payments/',
  tag: 'Payments',
  word: 'Payment',
  id: 'Payment',
  schema: PaymentObject,
  example: paymentExample,
  write: paymentObject,
  spec: paymentsList,
  versionOf: ({ version }) => version,
});
const { params, list, tag } = payment;
const read = ['PAYMENT_NOT_FOUND', 'PAYMENT_OF_GROUP'] as const;
export const moving = ['PAYMENT_NOT_FOUND', 'PAYMENT_IN_PROGRESS', 'PAYMENT_OF_GROUP'] as const;
const one = { tag, path: payment.one, params, versioned: true } as const;
const readOnly = Object.keys(paymentExample).filter((name) => name !== 'payment_reference');
const changing = {
  procedure: 'payments.describe',
  body: Change,
  bodyExample: { payment_reference: 'INV-2026-15' },
  readOnly,
  ...payment.answering('The payment as it is now.'),
  refusals: read,
} as const;

/** The payments of the api family. */
export const paymentRows: readonly Row[] = [
  row({
    method: 'get',
    path: payment.path,
    operationId: 'listPayments',
    tag,
    summary: 'List payments',
    procedure: 'payments.page',
    ...list,
    request: list.asked,
  }),
  row({
    method: 'post',
    path: payment.path,
    operationId: 'createPayment',
    tag,
    summary: 'Create a payment',
    description: 'Nothing is taken yet: `process_payment` does that.',
    procedure: 'payments.open',
    body: Create,
    bodyExample: { order: paymentExample.order },
    priced: true,
    readOnly: Object.keys(paymentExample),
    request: ({
      body: { order, group, amount, payment_method, payment_reference, card_token },
      currency,
    }) => ({
      order,
      group,
      amount: amount === undefined ? undefined : minorOf(amount, currency, 'amount'),
      method: payment_method,
      reference: payment_reference,
      cardToken: card_token,
    }),
    ...payment.creating,
    refusals: ['REFERENCE_UNKNOWN', 'PAYMENT_EXCEEDS_OPEN', 'ORDER_NOT_PAYABLE', 'CUSTOMER_REQUIRED'],
  }),
  row({
    method: 'get',
    path: payment.one,
    operationId: 'getPayment',
    tag,
    summary: 'Get a payment',
    procedure: 'payments.get',
    params,
    request: ({ params: { id } }) => ({ id }),
    ...payment.answering('The payment.'),
    refusals: ['PAYMENT_NOT_FOUND'],
  }),
  row({
    ...one,
    ...changing,
    method: 'put',
    operationId: 'replacePayment',
    summary: 'Replace a payment',
    description: 'Only `payment_reference` can be written; left out, it is empty again.',
    stored: storedBy('payments.get', paymentObject),
    request: ({ params: { id }, version, body }) => ({
      id,
      expectedVersion: version,
      reference: body.payment_reference ?? null,
    }),
  }),
  row({
    ...one,
    ...changing,
    method: 'patch',
    operationId: 'patchPayment',
    summary: 'Change a payment',
    description: 'Only `payment_reference` can be written.',
    request: ({ params: { id }, version, body }) => ({
      id,
      expectedVersion: version,
      reference: body.payment_reference,
    }),
  }),
  row({
    ...one,
    method: 'delete',
    operationId: 'deletePayment',
    summary: 'Delete a payment',
    description: 'Hides a payment of which no money has moved from every read; its history stays.',
    procedure: 'payments.remove',
    request: ({ params: { id }, version }) => ({ id, expectedVersion: version }),
    ...payment.removing,
    refusals: [...moving, 'PAYMENT_NOT_DELETABLE'],
  }),
];
