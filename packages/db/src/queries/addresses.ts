import type { EntityManager } from '@mikro-orm/postgresql';
import type { Address, Instant } from '@orderloom/core';
import { holding, type ListSpec } from '../lists/list.ts';
import { instant, rows, run } from '../sql.ts';
import { namesOf } from './directory.ts';

/** An address in the address book; of a customer, or of nobody. */
export type BookAddress = Address & {
  readonly id: string;
  readonly customer: { readonly id: string; readonly code: string } | null;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

const columns = `
  a.id, a.name, a.line1, a.line2, a.city, a.region, a.postcode, a.country, a.phone, a.version,
    (select json_build_object('id', c.id, 'code', c.code) from customers c
      where c.tenant_id = a.tenant_id and c.id = a.customer_id) as customer,
    ${instant('a.created_at')} as "createdAt", ${instant('a.updated_at')} as "updatedAt"`;

/** The address book of a tenant. */
export const addressesList: ListSpec = {
  name: 'addresses',
  table: 'addresses',
  as: 'a',
  id: 'a.id',
  columns,
  filters: { customer_id: { kind: 'named', column: 'a.customer_id', of: 'customers' } },
  orderings: { created_at: ['a.created_at', 'timestamptz'], name: ['a.name', 'text'] },
  search: holding('a.name', 'a.line1', 'a.city', 'a.postcode'),
};

/** The address that a UUID names. */
export async function addressById(
  em: EntityManager,
  tenantId: string,
  id: string,
): Promise<BookAddress | undefined> {
  const [found] = await rows<BookAddress>(
    em,
    `select ${columns} from addresses a where a.tenant_id = $1 and a.id = any ($2::uuid[])`,
    [tenantId, namesOf([id]).ids],
  );
  return found;
}

/** Takes an address out of the book; orders keep the copy that they were given. */
export const removeAddress = (em: EntityManager, tenantId: string, id: string): Promise<unknown> =>
  run(em, 'delete from addresses where tenant_id = $1 and id = $2', [tenantId, id]);
