import { defineEntity, p } from '@mikro-orm/core';
import { ofTenant } from './row.ts';

/** Something outside that does not work; at most one of a kind is open. */
const IncidentSchema = defineEntity({
  name: 'IncidentRow',
  tableName: 'incidents',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    kind: p.text(),
    subject: p.text(),
    failures: p.integer(),
    openedAt: p.datetime(3),
    lastSeenAt: p.datetime(3),
    closedAt: p.datetime(3).nullable(),
  },
});
export class IncidentRow extends IncidentSchema.class {}
IncidentSchema.setClass(IncidentRow);
