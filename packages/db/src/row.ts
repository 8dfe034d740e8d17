import { Type } from '@mikro-orm/core';
import { minor } from '@orderloom/core';

/** The filter of every row that belongs to a tenant; on unless it is switched off by name. */
export const ofTenant = {
  tenant: {
    name: 'tenant',
    cond: ({ tenantId }: { tenantId?: string }) => ({ tenantId }),
    default: true,
  },
};

/** Money: `bigint` in the database, a safe integer of minor units here. */
export class MinorType extends Type<number, string> {
  // No amount is null, whatever the types say: a price that is not there must not become 0.
  override convertToJSValue(value: string): number {
    return value === null ? value : minor(Number(value));
  }

  override convertToDatabaseValue(value: number): string {
    return value === null ? value : String(minor(Number(value)));
  }

  override getColumnType(): string {
    return 'bigint';
  }

  override compareAsType(): string {
    return 'number';
  }
}
