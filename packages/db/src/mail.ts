import { defineEntity, p } from '@mikro-orm/core';
import { ofTenant } from './row.ts';

/** What is mailed: the news of an order to its customer, alerts to administrators. */
export const mailKinds = [
  'order_confirmation',
  'shipping_update',
  'delivery_confirmation',
  'order_cancellation',
  'refund',
  'alert',
] as const;
export type MailKind = (typeof mailKinds)[number];

/** A mail that has left, to a customer or to a principal, never to both. */
const MailSchema = defineEntity({
  name: 'MailRow',
  tableName: 'mails',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    eventId: p.uuid(),
    kind: p.enum(mailKinds),
    customerId: p.uuid().nullable(),
    principalId: p.uuid().nullable(),
    orderId: p.uuid().nullable(),
    recipient: p.text(),
    subject: p.text(),
    html: p.text().nullable(),
    text: p.text().nullable(),
    sentAt: p.datetime(3),
  },
});
export class MailRow extends MailSchema.class {}
MailSchema.setClass(MailRow);
