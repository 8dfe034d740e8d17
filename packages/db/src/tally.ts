import { defineEntity, p } from '@mikro-orm/core';
import { MinorType, ofTenant } from './row.ts';

const counted = {
  count: p.type(MinorType),
  /** Sums beyond what a number holds: read as text. */
  capturedMinor: p.string().columnType('numeric'),
  refundedMinor: p.string().columnType('numeric'),
  scored: p.type(MinorType),
  scoreSum: p.type(MinorType),
};
const group = {
  subject: p.enum(['order', 'payment'] as const),
  storeId: p.uuid(),
  month: p.text(),
  status: p.text(),
  method: p.text(),
};

/** How many orders or payments are alike, and their money, but for what has changed since it was added up. */
const TallySchema = defineEntity({
  name: 'TallyRow',
  tableName: 'tallies',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    subject: group.subject.primary(),
    storeId: group.storeId.primary(),
    month: group.month.primary(),
    status: group.status.primary(),
    method: group.method.primary(),
    ...counted,
  },
});
export class TallyRow extends TallySchema.class {}
TallySchema.setClass(TallyRow);

/** What a write has changed in such numbers. */
const TallyChangeSchema = defineEntity({
  name: 'TallyChangeRow',
  tableName: 'tally_changes',
  filters: ofTenant,
  properties: { tenantId: p.text().primary(), id: p.type(MinorType).primary(), ...group, ...counted },
});
export class TallyChangeRow extends TallyChangeSchema.class {}
TallyChangeSchema.setClass(TallyChangeRow);
