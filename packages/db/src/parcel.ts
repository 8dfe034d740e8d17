import { defineEntity, p } from '@mikro-orm/core';
import { ofTenant } from './row.ts';

const FulfillmentSchema = defineEntity({
  name: 'FulfillmentRow',
  tableName: 'fulfillments',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    orderId: p.uuid(),
    position: p.integer(),
    locationId: p.uuid(),
    trackingNumber: p.text().nullable(),
    status: p.enum(['SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED'] as const),
  },
});
export class FulfillmentRow extends FulfillmentSchema.class {}
FulfillmentSchema.setClass(FulfillmentRow);

const FulfillmentLineSchema = defineEntity({
  name: 'FulfillmentLineRow',
  tableName: 'fulfillment_lines',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    fulfillmentId: p.uuid().primary(),
    position: p.integer().primary(),
    lineId: p.uuid(),
    quantity: p.integer(),
  },
});
export class FulfillmentLineRow extends FulfillmentLineSchema.class {}
FulfillmentLineSchema.setClass(FulfillmentLineRow);

const ReturnSchema = defineEntity({
  name: 'ReturnRow',
  tableName: 'returns',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    orderId: p.uuid(),
    position: p.integer(),
    state: p.enum(['REQUESTED'] as const),
  },
});
export class ReturnRow extends ReturnSchema.class {}
ReturnSchema.setClass(ReturnRow);

const ReturnLineSchema = defineEntity({
  name: 'ReturnLineRow',
  tableName: 'return_lines',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    returnId: p.uuid().primary(),
    position: p.integer().primary(),
    lineId: p.uuid(),
    quantity: p.integer(),
  },
});
export class ReturnLineRow extends ReturnLineSchema.class {}
ReturnLineSchema.setClass(ReturnLineRow);
