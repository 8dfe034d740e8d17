import { z } from 'zod';
import { row, type Row } from '../row.ts';
import { DecimalText, minorOf, NoFields } from '../wire.ts';
import { moving, payment } from './payments.ts';

const Capture = z
  .strictObject({
    amount: DecimalText.optional().meta({ description: 'Left out, all that is set aside.' }),
  })
  .meta({ id: 'CapturePayment', description: 'How much is taken of what was set aside.' });
const Refund = z
  .strictObject({
    amount: DecimalText.optional().meta({ description: 'Left out, all that was not yet given back.' }),
  })
  .meta({ id: 'RefundPayment', description: 'How much is given back.' });

const { params, tag } = payment;
const step = (name: string) =>
  ({ tag, path: `/api/v1/payments/:id/${name}/`, params, versioned: true }) as const;
const taking = [
  ...moving,
  'PAYMENT_NOT_PROCESSABLE',
  'PAYMENT_METHOD_UNAVAILABLE',
  'PAYMENT_DECLINED',
  'PAYMENT_EXCEEDS_OPEN',
  'INSUFFICIENT_BALANCE',
  'CUSTOMER_REQUIRED',
  'ORDER_NOT_PAYABLE',
] as const;
const nowAnswered = payment.answering('The payment as it is now.');

/** What can be done with the money of a payment. */
export const paymentMoveRows: readonly Row[] = [
  row({
    ...step('process_payment'),
    method: 'post',
    operationId: 'processPayment',
    summary: 'Take the money of a payment',
    description: 'What a gateway has not answered in six seconds is answered as it is known: `pending`.',
    procedure: 'payments.take',
    body: NoFields,
    bodyOptional: true,
    request: ({ params: { id }, version }) => ({ id, expectedVersion: version }),
    ...nowAnswered,
    refusals: taking,
  }),
  row({
    ...step('authorize'),
    method: 'post',
    operationId: 'authorizePayment',
    summary: 'Set the money of a payment aside',
    description: 'On a balance or a card: it is taken later by `capture`, or let go by `void`.',
    procedure: 'payments.hold',
    body: NoFields,
    bodyOptional: true,
    request: ({ params: { id }, version }) => ({ id, expectedVersion: version }),
    ...nowAnswered,
    refusals: taking,
  }),
  row({
    ...step('capture'),
    method: 'post',
    operationId: 'capturePayment',
    summary: 'Take money that was set aside',
    description: 'Some of it or all, as often as something is left.',
    procedure: 'payments.capture',
    body: Capture,
    bodyOptional: true,
    bodyExample: { amount: '5.00' },
    priced: true,
    request: ({ params: { id }, version, body: { amount }, currency }) => ({
      id,
      expectedVersion: version,
      amount: amount === undefined ? undefined : minorOf(amount, currency, 'amount'),
    }),
    ...nowAnswered,
    refusals: [...moving, 'PAYMENT_NOT_PROCESSABLE', 'CAPTURE_EXCEEDS_HELD'],
  }),
  row({
    ...step('void'),
    method: 'post',
    operationId: 'voidPayment',
    summary: 'Let go of a payment',
    description: 'Of what is set aside and not taken, or of all that was never begun.',
    procedure: 'payments.letGo',
    body: NoFields,
    bodyOptional: true,
    request: ({ params: { id }, version }) => ({ id, expectedVersion: version }),
    ...nowAnswered,
    refusals: [...moving, 'PAYMENT_NOT_PROCESSABLE'],
  }),
  row({
    ...step('refund_payment'),
    method: 'post',
    operationId: 'refundPayment',
    summary: 'Give the money of a payment back',
    description: 'All of it, or an amount; as often as something is left.',
    procedure: 'payments.giveBack',
    body: Refund,
    bodyOptional: true,
    priced: true,
    request: ({ params: { id }, version, body: { amount }, currency }) => ({
      id,
      expectedVersion: version,
      amount: amount === undefined ? undefined : minorOf(amount, currency, 'amount'),
    }),
    ...nowAnswered,
    refusals: [...moving, 'PAYMENT_NOT_REFUNDABLE', 'REFUND_EXCEEDS_CAPTURED'],
  }),
];
