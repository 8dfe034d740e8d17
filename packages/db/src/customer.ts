import { defineEntity, p } from '@mikro-orm/core';
import { MinorType, ofTenant } from './row.ts';

const CustomerSchema = defineEntity({
  name: 'CustomerRow',
  tableName: 'customers',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    ref: p.integer(),
    code: p.text(),
    name: p.text(),
    email: p.text(),
    creditLimitMinor: p.type(MinorType),
    locale: p.text(),
    version: p.integer().version(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
  },
});
export class CustomerRow extends CustomerSchema.class {}
CustomerSchema.setClass(CustomerRow);

const AddressSchema = defineEntity({
  name: 'AddressRow',
  tableName: 'addresses',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    customerId: p.uuid().nullable(),
    name: p.text(),
    line1: p.text().fieldName('line1'),
    line2: p.text().fieldName('line2').nullable(),
    city: p.text(),
    region: p.text().nullable(),
    postcode: p.text(),
    country: p.text(),
    phone: p.text().nullable(),
    version: p.integer().version(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
  },
});
export class AddressRow extends AddressSchema.class {}
AddressSchema.setClass(AddressRow);

/** A customer's money. Changed only by the writer, relative and together with its postings (I-8). */
const AccountSchema = defineEntity({
  name: 'AccountRow',
  tableName: 'accounts',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    customerId: p.uuid().primary(),
    kind: p.enum(['balance', 'held'] as const).primary(),
    currency: p.text().primary(),
    balanceMinor: p.type(MinorType),
    floorMinor: p.type(MinorType),
  },
});
export class AccountRow extends AccountSchema.class {}
AccountSchema.setClass(AccountRow);
