import { defineEntity, p } from '@mikro-orm/core';
import { ofTenant } from './row.ts';

/** I-17: the key is the lock, and the answer is stored in the transaction that earned it. */
const IdempotencyRecordSchema = defineEntity({
  name: 'IdempotencyRecordRow',
  tableName: 'idempotency_records',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    principalId: p.uuid().primary(),
    route: p.text().primary(),
    key: p.text().primary(),
    requestHash: p.text(),
    state: p.enum(['RUNNING', 'DONE'] as const),
    leaseUntil: p.datetime(3).nullable(),
    status: p.integer().nullable(),
    headers: p.json<Readonly<Record<string, string>>>().nullable(),
    body: p.text().nullable(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
  },
});
export class IdempotencyRecordRow extends IdempotencyRecordSchema.class {}
IdempotencyRecordSchema.setClass(IdempotencyRecordRow);
