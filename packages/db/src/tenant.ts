import { defineEntity, p } from '@mikro-orm/core';
import type { OrderPolicy } from '@orderloom/core';
import { MinorType, ofTenant } from './row.ts';

/** What a tenant decides for itself. */
export type TenantPolicies = {
  /** Basis points by tax class. */
  readonly taxRates: Readonly<Record<string, number>>;
  /** The price of each shipping method, in minor units. */
  readonly shippingMethods: Readonly<Record<string, number>>;
  readonly requirePaidBefore: OrderPolicy['requirePaidBefore'];
  /** Programs of third parties must say which version of an order they change. */
  readonly requireIfMatch?: boolean;
};

export type Tenant = {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly policies: TenantPolicies;
};

const TenantSchema = defineEntity({
  name: 'TenantRow',
  tableName: 'tenants',
  properties: {
    id: p.text().primary(),
    name: p.text(),
    defaultCurrency: p.text(),
    policies: p.json<TenantPolicies>(),
    version: p.integer().version(),
    createdAt: p.datetime(3),
  },
});
export class TenantRow extends TenantSchema.class {}
TenantSchema.setClass(TenantRow);

const StoreSchema = defineEntity({
  name: 'StoreRow',
  tableName: 'stores',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    ref: p.integer(),
    slug: p.text(),
    name: p.text(),
    commissionBp: p.integer(),
    active: p.boolean(),
    version: p.integer().version(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
  },
});
export class StoreRow extends StoreSchema.class {}
StoreSchema.setClass(StoreRow);

const NumberCounterSchema = defineEntity({
  name: 'NumberCounterRow',
  tableName: 'number_counters',
  filters: ofTenant,
  properties: { tenantId: p.text().primary(), name: p.text().primary(), value: p.type(MinorType) },
});
export class NumberCounterRow extends NumberCounterSchema.class {}
NumberCounterSchema.setClass(NumberCounterRow);
