import { defineEntity, p } from '@mikro-orm/core';
import { MinorType, ofTenant } from './row.ts';

const queued = {
  tenantId: p.text().primary(),
  consumer: p.text().primary(),
  feedSeq: p.type(MinorType).primary(),
  eventId: p.uuid(),
  orderId: p.uuid().nullable(),
  attempts: p.integer(),
};

/** An event that a consumer has still to get. */
const DeliverySchema = defineEntity({
  name: 'DeliveryRow',
  tableName: 'deliveries',
  filters: ofTenant,
  properties: {
    ...queued,
    state: p.enum(['OPEN', 'RUNNING'] as const),
    nextAt: p.datetime(3),
    lastError: p.text().nullable(),
  },
});
export class DeliveryRow extends DeliverySchema.class {}
DeliverySchema.setClass(DeliveryRow);

/** An event that a consumer did not take however often it was asked. */
const DeadLetterSchema = defineEntity({
  name: 'DeadLetterRow',
  tableName: 'dead_letters',
  filters: ofTenant,
  properties: { ...queued, lastError: p.text(), diedAt: p.datetime(3) },
});
export class DeadLetterRow extends DeadLetterSchema.class {}
DeadLetterSchema.setClass(DeadLetterRow);
