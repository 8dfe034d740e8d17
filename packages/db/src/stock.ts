import { defineEntity, p } from '@mikro-orm/core';
import { moveKinds } from '@orderloom/core';
import { ofTenant } from './row.ts';

const StockLocationSchema = defineEntity({
  name: 'StockLocationRow',
  tableName: 'stock_locations',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    name: p.text(),
    priority: p.integer(),
    active: p.boolean(),
    version: p.integer().version(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
  },
});
export class StockLocationRow extends StockLocationSchema.class {}
StockLocationSchema.setClass(StockLocationRow);

/** Changed only by the writer: relative, conditional, together with its movements (I-2, I-4). */
const StockLevelSchema = defineEntity({
  name: 'StockLevelRow',
  tableName: 'stock_levels',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    variantId: p.uuid().primary(),
    locationId: p.uuid().primary(),
    onHand: p.integer(),
    reserved: p.integer(),
    backorderLimit: p.integer(),
    version: p.integer(),
    updatedAt: p.datetime(3),
  },
});
export class StockLevelRow extends StockLevelSchema.class {}
StockLevelSchema.setClass(StockLevelRow);

/** What changed, not what is: append-only. */
const StockMovementSchema = defineEntity({
  name: 'StockMovementRow',
  tableName: 'stock_movements',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    kind: p.enum(moveKinds),
    variantId: p.uuid(),
    locationId: p.uuid(),
    onHand: p.integer(),
    reserved: p.integer(),
    orderId: p.uuid().nullable(),
    lineId: p.uuid().nullable(),
    commandId: p.uuid(),
    reason: p.text().nullable(),
    actorId: p.uuid().nullable(),
    at: p.datetime(3),
  },
});
export class StockMovementRow extends StockMovementSchema.class {}
StockMovementSchema.setClass(StockMovementRow);
