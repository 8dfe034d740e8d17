import { defineEntity, p } from '@mikro-orm/core';
import { ofTenant } from './row.ts';

/** Which product of ours stands for one in a catalogue of somebody else. */
const RemoteProductSchema = defineEntity({
  name: 'RemoteProductRow',
  tableName: 'remote_products',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    remoteId: p.text().primary(),
    productId: p.uuid(),
    createdAt: p.datetime(3),
  },
});
export class RemoteProductRow extends RemoteProductSchema.class {}
RemoteProductSchema.setClass(RemoteProductRow);
