import { defineEntity, p } from '@mikro-orm/core';
import { ofTenant } from './row.ts';

/** What a gateway told us by itself, once for each message. */
const GatewayWebhookSchema = defineEntity({
  name: 'GatewayWebhookRow',
  tableName: 'gateway_webhooks',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.text().primary(),
    body: p.json<Record<string, unknown>>(),
    receivedAt: p.datetime(3),
    processedAt: p.datetime(3).nullable(),
  },
});
export class GatewayWebhookRow extends GatewayWebhookSchema.class {}
GatewayWebhookSchema.setClass(GatewayWebhookRow);

/** The card that a payment is to be charged to, as a gateway calls it. */
const CardTokenSchema = defineEntity({
  name: 'CardTokenRow',
  tableName: 'card_tokens',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    paymentId: p.uuid().primary(),
    token: p.text(),
  },
});
export class CardTokenRow extends CardTokenSchema.class {}
CardTokenSchema.setClass(CardTokenRow);
