import { defineEntity, p } from '@mikro-orm/core';
import { noticeKinds } from '@orderloom/core';
import { ofTenant } from './row.ts';

/** Told to a principal or to a customer, never to both. */
const NotificationSchema = defineEntity({
  name: 'NotificationRow',
  tableName: 'notifications',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    principalId: p.uuid().nullable(),
    customerId: p.uuid().nullable(),
    kind: p.enum([...noticeKinds, 'alert'] as const),
    channel: p.enum(['in_app', 'email'] as const),
    orderId: p.uuid().nullable(),
    title: p.text(),
    body: p.text(),
    readAt: p.datetime(3).nullable(),
    createdAt: p.datetime(3),
  },
});
export class NotificationRow extends NotificationSchema.class {}
NotificationSchema.setClass(NotificationRow);
