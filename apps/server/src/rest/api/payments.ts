import { formatMoney, paymentMethods, paymentStatusWordOf, paymentStatusWords } from '@orderloom/core';
import { OpenPayment } from '@orderloom/core/inputs';
import { paymentsList } from '@orderloom/db';
import { z } from 'zod';
import type { PaymentRecord } from '../../orders/payments/views.ts';
import { row, type Row } from '../row.ts';
import { DecimalText, minorOf, Money, Name, NoFields, Time, Uuid } from '../wire.ts';
import { thing } from './thing.ts';

const PaymentObject = z
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
  .meta({ id: 'Payment', description: 'A payment of an order.' });

const paymentObject = (payment: PaymentRecord): z.output<typeof PaymentObject> => {
  const money = (amount: number) => formatMoney(amount, payment.currency);
  return {
    id: payment.id,
    order: payment.order.id,
    order_number: payment.order.number,
    group: null,
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

const example = {
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
    order: Name.meta({ description: 'UUID or number of the order.' }),
    amount: DecimalText.optional().meta({ description: 'Left out, what is still open; never more.' }),
    payment_method: z.enum(paymentMethods).optional().meta({ description: 'Left out, the order’s.' }),
    payment_reference: OpenPayment.shape.reference,
    card_token: OpenPayment.shape.cardToken.meta({
      description: 'The card as the gateway calls it; never told again.',
    }),
  })
  .meta({ id: 'CreatePayment', description: 'A new payment of an order.' });

const payment = thing<PaymentRecord>({
  path: '/api/v1/payments/',
  tag: 'Payments',
  word: 'Payment',
  id: 'Payment',
  schema: PaymentObject,
  example,
  write: paymentObject,
  spec: paymentsList,
  versionOf: ({ order }) => order.version,
});
const { params, list, tag } = payment;
const moving = ['PAYMENT_NOT_FOUND', 'PAYMENT_IN_PROGRESS'] as const;

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
    bodyExample: { order: example.order },
    priced: true,
    readOnly: Object.keys(example),
    request: ({ body: { order, amount, payment_method, payment_reference, card_token }, currency }) => ({
      order,
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
    method: 'post',
    path: '/api/v1/payments/:id/process_payment/',
    operationId: 'processPayment',
    tag,
    summary: 'Take the money of a payment',
    description: 'What a gateway has not answered in six seconds is answered as it is known: `pending`.',
    procedure: 'payments.take',
    params,
    body: NoFields,
    bodyOptional: true,
    versioned: true,
    request: ({ params: { id }, version }) => ({ id, expectedVersion: version }),
    ...payment.answering('The payment as it is now.'),
    refusals: [
      ...moving,
      'PAYMENT_NOT_PROCESSABLE',
      'PAYMENT_METHOD_UNAVAILABLE',
      'PAYMENT_DECLINED',
      'INSUFFICIENT_BALANCE',
      'CUSTOMER_REQUIRED',
      'PAYMENT_OF_GROUP',
      'ORDER_NOT_PAYABLE',
    ],
  }),
  row({
    method: 'post',
    path: '/api/v1/payments/:id/refund_payment/',
    operationId: 'refundPayment',
    tag,
    summary: 'Give the money of a payment back',
    procedure: 'payments.giveBack',
    params,
    body: NoFields,
    bodyOptional: true,
    versioned: true,
    request: ({ params: { id }, version }) => ({ id, expectedVersion: version }),
    ...payment.answering('The payment as it is now.'),
    refusals: [...moving, 'PAYMENT_NOT_REFUNDABLE', 'PAYMENT_OF_GROUP'],
  }),
];
