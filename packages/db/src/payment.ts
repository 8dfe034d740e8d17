import { defineEntity, p } from '@mikro-orm/core';
import {
  type Attempt,
  type PaymentFailure,
  paymentMethods,
  paymentStatuses,
  type RefundedLine,
} from '@orderloom/core';
import { MinorType, ofTenant } from './row.ts';

const PaymentSchema = defineEntity({
  name: 'PaymentRow',
  tableName: 'payments',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    orderId: p.uuid(),
    position: p.integer(),
    method: p.enum(paymentMethods),
    reference: p.text().nullable(),
    currency: p.text(),
    amountMinor: p.type(MinorType),
    authorizedMinor: p.type(MinorType),
    capturedMinor: p.type(MinorType),
    refundedMinor: p.type(MinorType),
    voidedMinor: p.type(MinorType),
    expired: p.boolean(),
    status: p.enum(paymentStatuses),
    failure: p.json<PaymentFailure>().nullable(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    processedAt: p.datetime(3).nullable(),
    refundedAt: p.datetime(3).nullable(),
    attempt: p.json<Attempt>().nullable(),
    groupPaymentId: p.uuid().nullable(),
    deletedAt: p.datetime(3).nullable(),
  },
});
export class PaymentRow extends PaymentSchema.class {}
PaymentSchema.setClass(PaymentRow);

const RefundSchema = defineEntity({
  name: 'RefundRow',
  tableName: 'refunds',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    orderId: p.uuid(),
    position: p.integer(),
    reason: p.text(),
    lines: p.json<RefundedLine[]>().nullable(),
    shippingMinor: p.type(MinorType).nullable(),
    destination: p.enum(['balance', 'cash', 'bank_transfer'] as const).nullable(),
    failed: p.boolean().nullable(),
  },
});
export class RefundRow extends RefundSchema.class {}
RefundSchema.setClass(RefundRow);

const RefundPartSchema = defineEntity({
  name: 'RefundPartRow',
  tableName: 'refund_parts',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    refundId: p.uuid().primary(),
    position: p.integer().primary(),
    paymentId: p.uuid(),
    amountMinor: p.type(MinorType),
  },
});
export class RefundPartRow extends RefundPartSchema.class {}
RefundPartSchema.setClass(RefundPartRow);

const JournalEntrySchema = defineEntity({
  name: 'JournalEntryRow',
  tableName: 'journal_entries',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    memo: p.text(),
    currency: p.text(),
    orderId: p.uuid().nullable(),
    commandId: p.uuid(),
    actorId: p.uuid().nullable(),
    at: p.datetime(3),
  },
});
export class JournalEntryRow extends JournalEntrySchema.class {}
JournalEntrySchema.setClass(JournalEntryRow);

const PostingSchema = defineEntity({
  name: 'PostingRow',
  tableName: 'postings',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    entryId: p.uuid().primary(),
    position: p.integer().primary(),
    account: p.text(),
    currency: p.text(),
    amountMinor: p.type(MinorType),
  },
});
export class PostingRow extends PostingSchema.class {}
PostingSchema.setClass(PostingRow);
