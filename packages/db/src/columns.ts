import {
  type Charge,
  type Fulfillment,
  type Line,
  type Order,
  type Payment,
  type Refund,
  type Return,
} from '@orderloom/core';
import { instant } from './sql.ts';

/**
 * Where core's fields are kept: the loader and the writer read these same tables, so nothing can get lost
 * between.
 */
export type PgType = 'uuid' | 'text' | 'int' | 'bigint' | 'boolean' | 'jsonb' | 'timestamptz';
export type Columns<Field extends string> = Readonly<Record<Field, readonly [column: string, type: PgType]>>;

type Parts = 'lines' | 'charges' | 'payments' | 'fulfillments' | 'returns' | 'refunds';

export const orderColumns: Columns<Exclude<keyof Order, Parts>> = {
  id: ['id', 'uuid'],
  number: ['number', 'text'],
  version: ['version', 'int'],
  status: ['status', 'text'],
  paymentStatus: ['payment_status', 'text'],
  fulfillmentStatus: ['fulfillment_status', 'text'],
  origin: ['origin', 'text'],
  groupId: ['group_id', 'uuid'],
  storeId: ['store_id', 'uuid'],
  customerId: ['customer_id', 'uuid'],
  userId: ['user_id', 'uuid'],
  currency: ['currency', 'text'],
  subtotal: ['subtotal_minor', 'bigint'],
  discount: ['discount_minor', 'bigint'],
  shipping: ['shipping_minor', 'bigint'],
  tax: ['tax_minor', 'bigint'],
  total: ['total_minor', 'bigint'],
  declaredTotal: ['declared_total_minor', 'bigint'],
  paid: ['paid_minor', 'bigint'],
  refunded: ['refunded_minor', 'bigint'],
  paymentMethod: ['payment_method', 'text'],
  paymentReference: ['payment_reference', 'text'],
  shippingMethod: ['shipping_method', 'text'],
  trackingNumber: ['tracking_number', 'text'],
  shippingAddress: ['shipping_address', 'jsonb'],
  billingAddress: ['billing_address', 'jsonb'],
  notes: ['notes', 'text'],
  feedback: ['feedback', 'jsonb'],
  placedAt: ['placed_at', 'timestamptz'],
  confirmedAt: ['confirmed_at', 'timestamptz'],
  processingAt: ['processing_at', 'timestamptz'],
  shippedAt: ['shipped_at', 'timestamptz'],
  outForDeliveryAt: ['out_for_delivery_at', 'timestamptz'],
  deliveredAt: ['delivered_at', 'timestamptz'],
  cancelledAt: ['cancelled_at', 'timestamptz'],
  refundedAt: ['refunded_at', 'timestamptz'],
  closedAt: ['closed_at', 'timestamptz'],
  createdAt: ['created_at', 'timestamptz'],
  updatedAt: ['updated_at', 'timestamptz'],
};

export const lineColumns: Columns<keyof Line> = {
  id: ['id', 'uuid'],
  position: ['position', 'int'],
  productId: ['product_id', 'uuid'],
  variantId: ['variant_id', 'uuid'],
  storeId: ['store_id', 'uuid'],
  locationId: ['location_id', 'uuid'],
  sku: ['sku', 'text'],
  name: ['name', 'text'],
  requestedRef: ['requested_ref', 'text'],
  unitPrice: ['unit_price_minor', 'bigint'],
  priceSource: ['price_source', 'text'],
  quantity: ['quantity', 'int'],
  cancelledQuantity: ['cancelled_quantity', 'int'],
  shippedQuantity: ['shipped_quantity', 'int'],
  deliveredQuantity: ['delivered_quantity', 'int'],
  returnedQuantity: ['returned_quantity', 'int'],
  refundedQuantity: ['refunded_quantity', 'int'],
  discount: ['discount_minor', 'bigint'],
  tax: ['tax_minor', 'bigint'],
  total: ['total_minor', 'bigint'],
};

export const chargeColumns: Columns<keyof Charge> = {
  id: ['id', 'uuid'],
  kind: ['kind', 'text'],
  label: ['label', 'text'],
  amount: ['amount_minor', 'bigint'],
};

export const paymentColumns: Columns<keyof Payment> = {
  id: ['id', 'uuid'],
  method: ['method', 'text'],
  reference: ['reference', 'text'],
  currency: ['currency', 'text'],
  amount: ['amount_minor', 'bigint'],
  authorized: ['authorized_minor', 'bigint'],
  captured: ['captured_minor', 'bigint'],
  refunded: ['refunded_minor', 'bigint'],
  voided: ['voided_minor', 'bigint'],
  expired: ['expired', 'boolean'],
  failure: ['failure', 'jsonb'],
  createdAt: ['created_at', 'timestamptz'],
  processedAt: ['processed_at', 'timestamptz'],
  refundedAt: ['refunded_at', 'timestamptz'],
  attempt: ['attempt', 'jsonb'],
  groupPaymentId: ['group_payment_id', 'uuid'],
  deletedAt: ['deleted_at', 'timestamptz'],
};

export const fulfillmentColumns: Columns<Exclude<keyof Fulfillment, 'lines'>> = {
  id: ['id', 'uuid'],
  locationId: ['location_id', 'uuid'],
  trackingNumber: ['tracking_number', 'text'],
  status: ['status', 'text'],
};

export const returnColumns: Columns<Exclude<keyof Return, 'lines'>> = {
  id: ['id', 'uuid'],
  state: ['state', 'text'],
};

export const refundColumns: Columns<Exclude<keyof Refund, 'parts'>> = {
  id: ['id', 'uuid'],
  reason: ['reason', 'text'],
  lines: ['lines', 'jsonb'],
  shipping: ['shipping_minor', 'bigint'],
  to: ['destination', 'text'],
  failed: ['failed', 'boolean'],
};

/** What core leaves out where there is nothing to say: kept as null, and left out again. */
export const leftOut: readonly string[] = [
  'payments.attempt',
  'payments.group_payment_id',
  instant('payments.deleted_at'),
  'refunds.lines',
  'refunds.shipping_minor',
  'refunds.destination',
  'refunds.failed',
];

export const lineQuantityColumns: Columns<'lineId' | 'quantity'> = {
  lineId: ['line_id', 'uuid'],
  quantity: ['quantity', 'int'],
};

export const refundPartColumns: Columns<'paymentId' | 'amount'> = {
  paymentId: ['payment_id', 'uuid'],
  amount: ['amount_minor', 'bigint'],
};

/** SQL that gives each field of `columns`, read from `alias`, as core has it. */
export const fieldsOf = (columns: Columns<string>, alias: string): readonly [field: string, sql: string][] =>
  Object.entries(columns).map(([field, [column, type]]) => [
    field,
    type === 'timestamptz' ? instant(`${alias}.${column}`) : `${alias}.${column}`,
  ]);
