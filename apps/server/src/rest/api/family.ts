import { cannotBe, fieldWordOf, insufficientStock } from '@orderloom/core';
import { z } from 'zod';
import type { Refusal } from '../../errors.ts';
import { refusals } from '../../refusals.ts';
import type { Family, Told } from '../family.ts';
import { addressRows } from './addresses.ts';
import { customerRows } from './customers.ts';
import { feedbackRows } from './feedback.ts';
import { notificationRows } from './notifications.ts';
import { bulkRows } from './order-bulk.ts';
import { itemRows, lineOperations } from './order-items.ts';
import { orderListRows } from './order-lists.ts';
import { orderWriteRows } from './order-writes.ts';
import { orderRows } from './orders.ts';
import { paymentMoveRows } from './payment-moves.ts';
import { paymentRows } from './payments.ts';
import { productRows } from './products.ts';
import { statsRows } from './stats.ts';
import { storeRows } from './stores.ts';
import { tokenRows } from './tokens.ts';

const Problem = z
  .strictObject({
    type: z.string().meta({ description: 'The page about this kind of error.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What it means in this case.' }),
    instance: z.string(),
    error: z.string().meta({ description: 'The sentence for people.' }),
    code: z.string().meta({ description: 'The word for programs; never renamed.' }),
    documentation: z.string(),
    details: z.union([z.string(), z.record(z.string(), z.array(z.string()))]).meta({
      description: 'Sentences by dotted path of the field; for a 500 a reference.',
    }),
    meta: z.record(z.string(), z.unknown()).optional(),
    current_version: z.int().nullable().optional(),
    changed_fields: z.array(z.string()).optional().meta({
      description: 'The fields that differ between the version that was named and the current one.',
    }),
    required_scope: z.string().nullable().optional(),
    request_id: z.string(),
    retryable: z.boolean(),
  })
  .meta({ id: 'Problem', description: 'Why a call was refused (RFC 9457, with more members).' });

/** The api family: the full REST API for other people's programs. */
export const api: Family = {
  name: 'api',
  tags: {
    Orders: 'Orders, from their creation to their end.',
    'Order items': 'What orders are of, each item by itself.',
    Payments: 'Money for orders: taken, and given back.',
    Products: 'What is sold, with its variants and stock.',
    Customers: 'Who buys, and the money on their balance.',
    Addresses: 'Where things are sent.',
    Stores: 'Who sells.',
    Notifications: 'What you were told.',
    Tokens: 'Keys for programs.',
  },
  prefixes: ['/api'],
  rows: [
    ...orderListRows,
    ...orderRows,
    ...orderWriteRows,
    ...bulkRows((refusal) => sentenceOf(refusal) ?? refusals[refusal.code].title),
    ...feedbackRows,
    ...itemRows,
    ...paymentRows,
    ...paymentMoveRows,
    ...statsRows,
    ...productRows,
    ...customerRows,
    ...addressRows,
    ...storeRows,
    ...notificationRows,
    ...tokenRows,
  ],
  // The path without a version is the newest version.
  pathsOf: ({ path }) => [path, path.replace('/api/v1/', '/api/')],
  refuse: problemOf,
  refusalSchema: Problem,
  refusalType: 'application/problem+json',
  anyContentType: false,
  versions: true,
  strict: true,
};

/** What the standards of the headers answer; the other families print 409 and 400. */
const standard: Partial<Record<Refusal['code'], number>> = {
  IDEMPOTENCY_KEY_REUSED: 422,
  MISSING_IF_MATCH: 428,
};

type Details = Record<string, string[]>;

function problemOf(
  refusal: Refusal,
  { requestId, path, publicUrl, operation }: Told,
): ReturnType<Family['refuse']> {
  const { http, title, meaning, wire, retryable } = refusals[refusal.code];
  const status = standard[refusal.code] ?? http;
  const documentation = `${publicUrl}/docs/errors/${wire}`;
  const body = {
    type: documentation,
    title,
    status,
    detail: meaning,
    instance: path,
    error: sentenceOf(refusal) ?? title,
    code: wire,
    documentation,
    details: refusal.code === 'INTERNAL' ? `reference ${requestId}` : detailsIn(refusal, operation),
    ...extrasOf(refusal),
    request_id: requestId,
    retryable,
  };
  return { status, body };
}

/** The printed sentences (S2-88 … S2-95); other refusals say their title. */
function sentenceOf(refusal: Refusal): string | undefined {
  switch (refusal.code) {
    case 'INVALID_TRANSITION':
      return cannotBe(refusal.command);
    case 'CANCEL_AFTER_SHIPPING':
      return cannotBe('cancelOrder');
    case 'NOTHING_SHIPPED':
      return cannotBe('refundOrder');
    case 'ORDER_HAS_OPEN_LINES':
      return cannotBe('closeOrder');
    case 'INSUFFICIENT_STOCK':
      return insufficientStock(refusal.shortages[0]?.available ?? 0);
    case 'UNAUTHENTICATED':
    case 'INVALID_TOKEN':
      return 'Authentication required';
    case 'LINE_NOT_FOUND':
      return 'Order item not found';
    case 'PAYMENT_NOT_PROCESSABLE':
      return 'Payment cannot be processed with current status';
    case 'PAYMENT_NOT_REFUNDABLE':
      return 'Payment cannot be refunded with current status';
    case 'PAYMENT_NOT_DELETABLE':
      return 'Payment cannot be deleted with current status';
    case 'TENANT_MISMATCH':
      return 'Insufficient permissions';
    case 'ALREADY_EXISTS':
      return refusals.ALREADY_EXISTS.title;
    default:
      return Object.keys(detailsOf(refusal)).length > 0 ? 'Validation failed' : undefined;
  }
}

const fieldNames: Readonly<Record<string, string>> = {
  customer: 'customer_id',
  shippingAddress: 'shipping_address',
  billingAddress: 'billing_address',
  code: 'customer_id',
};

/** A body that is one line itself has the fields that are an item's elsewhere. */
const detailsIn = (refusal: Refusal, operation: Told['operation']): Details =>
  Object.fromEntries(
    Object.entries(detailsOf(refusal)).map(([path, sentences]) => [
      lineOperations.has(operation) ? path.replace(/^items\.\d+\./, '') : path,
      sentences,
    ]),
  );

/** What is wrong, field by field: keys are dotted paths of the request, values arrays of sentences. */
function detailsOf(refusal: Refusal): Details {
  switch (refusal.code) {
    case 'INVALID_INPUT':
      return byPath(refusal.issues.map(({ path, message }) => [path || 'body', message]));
    case 'UNKNOWN_PARAMETER':
      return { [refusal.name]: ['This parameter is not known.'] };
    case 'REFERENCE_UNKNOWN':
      return { [fieldNames[refusal.field] ?? refusal.field]: [`${refusal.what} not found.`] };
    case 'ALREADY_EXISTS':
      return { [fieldNames[refusal.field] ?? refusal.field]: ['This value is taken.'] };
    case 'PRODUCT_UNKNOWN':
      return { [`items.${refusal.line}.product`]: ['Product not found.'] };
    case 'STORE_MISMATCH':
      return { [`items.${refusal.line}.product`]: ['This product is of another store.'] };
    case 'PRICE_MISMATCH':
      return { [`items.${refusal.line}.unit_price`]: ['Must equal the price of the catalogue.'] };
    case 'SHIPPING_METHOD_UNKNOWN':
      return { shipping_method: ['Shipping method not found.'] };
    case 'ORDER_EMPTY':
      return { items: ['At least one item is required.'] };
    case 'CUSTOMER_REQUIRED':
      return { customer_id: ['A customer is required.'] };
    case 'INSUFFICIENT_STOCK':
      return byPath(
        refusal.shortages.map(({ line, available }) => [`items.${line}.quantity`, `Available: ${available}`]),
      );
    default:
      return {};
  }
}

function byPath(entries: readonly (readonly [path: string, sentence: string])[]): Details {
  const grouped = Map.groupBy(entries, ([path]) => path);
  return Object.fromEntries([...grouped].map(([path, all]) => [path, all.map(([, sentence]) => sentence)]));
}

/** Facts that a program needs to go on. */
function extrasOf(refusal: Refusal): Record<string, unknown> {
  switch (refusal.code) {
    case 'VERSION_CONFLICT':
      return {
        current_version: refusal.currentVersion,
        ...(refusal.changedFields && { changed_fields: refusal.changedFields.map(fieldWordOf) }),
      };
    case 'FORBIDDEN':
      return { required_scope: refusal.scope };
    case 'INSUFFICIENT_STOCK': {
      const short = refusal.shortages.map(({ ref, requested, available }) => ({ ref, requested, available }));
      return { meta: { shortages: short } };
    }
    default:
      return {};
  }
}
