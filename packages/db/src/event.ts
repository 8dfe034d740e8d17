import { defineEntity, p } from '@mikro-orm/core';
import { MinorType, ofTenant } from './row.ts';

/** Audit trail, timeline, outbox and live feed in one; written by the writer, published by the relay. */
const EventSchema = defineEntity({
  name: 'EventRow',
  tableName: 'events',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    orderId: p.uuid().nullable(),
    version: p.integer().nullable(),
    idx: p.integer(),
    type: p.text(),
    data: p.json<Readonly<Record<string, unknown>>>(),
    fromStatus: p.text().nullable(),
    toStatus: p.text().nullable(),
    actorId: p.uuid().nullable(),
    tokenId: p.uuid().nullable(),
    commandId: p.uuid(),
    requestId: p.text(),
    reason: p.text().nullable(),
    at: p.datetime(3),
    schemaVersion: p.integer(),
    written: p.type(MinorType).persist(false),
    feedSeq: p.type(MinorType).nullable(),
    publishedAt: p.datetime(3).nullable(),
    hash: p.text().nullable(),
  },
});
export class EventRow extends EventSchema.class {}
EventSchema.setClass(EventRow);

/** An effect outside the database, recorded before it is tried. */
const IntentSchema = defineEntity({
  name: 'IntentRow',
  tableName: 'intents',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    kind: p.text(),
    target: p.text(),
    payload: p.json<Readonly<Record<string, unknown>>>(),
    state: p.enum(['OPEN', 'RUNNING', 'DONE', 'FAILED'] as const),
    attempts: p.integer(),
    nextAt: p.datetime(3).nullable(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
  },
});
export class IntentRow extends IntentSchema.class {}
IntentSchema.setClass(IntentRow);
