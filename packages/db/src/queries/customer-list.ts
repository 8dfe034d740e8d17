import type { EntityManager } from '@mikro-orm/postgresql';
import type { Address, Instant } from '@orderloom/core';
import { holding, type ListSpec } from '../lists/list.ts';
import { instant, rows } from '../sql.ts';
import { namesOf } from './directory.ts';
import type { Slice } from './order-outlines.ts';

export type CustomerBalance = {
  readonly id: string;
  readonly ref: number;
  readonly code: string;
  readonly name: string;
  readonly email: string;
  readonly balance: number;
  readonly held: number;
  readonly currency: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

const columns = `
  c.id, c.ref, c.code, c.name, c.email, a.balance, a.held, a.currency, c.version,
    ${instant('c.created_at')} as "createdAt", ${instant('c.updated_at')} as "updatedAt"`;
const joins = `
  cross join lateral (
    select t.default_currency as currency,
      coalesce(sum(a.balance_minor) filter (where a.kind = 'balance'), 0) as balance,
      coalesce(sum(a.balance_minor) filter (where a.kind = 'held'), 0) as held
    from tenants t
    left join accounts a on a.tenant_id = t.id and a.customer_id = c.id and a.currency = t.default_currency
    where t.id = c.tenant_id group by t.id) a`;
const customer = `select ${columns} from customers c ${joins}`;

/** The customers of a tenant. */
export const customersList: ListSpec = {
  name: 'customers',
  table: 'customers',
  as: 'c',
  id: 'c.id',
  columns,
  joins,
  filters: {},
  orderings: { created_at: ['c.created_at', 'timestamptz'], name: ['c.name', 'text'] },
  search: holding('c.name', 'c.email', 'c.code'),
};

/** The movements of accounts; narrowed to one of them. */
export const ledgerList: ListSpec = {
  name: 'ledger',
  table: 'postings',
  as: 'p',
  id: 'p.entry_id',
  columns: `p.entry_id as id, ${instant('e.at')} as at, e.memo, p.amount_minor as amount, p.currency,
    e.order_id as "orderId", (select o.number from orders o where o.tenant_id = $1 and o.id = e.order_id)
      as "orderNumber"`,
  joins: `cross join lateral (
    select * from journal_entries e where e.tenant_id = $1 and e.id = p.entry_id limit 1) e`,
  filters: {},
  // The ids of entries rise with the time.
  orderings: { created_at: ['p.entry_id', 'uuid'] },
};

/**
 * A page of customers by name, and one row more when there is a next page; `only` is a customer who sees
 * itself.
 */
export function customerList(
  em: EntityManager,
  tenantId: string,
  {
    search,
    only,
    after,
    limit,
  }: Slice & { readonly search?: string | undefined; readonly only: string | null },
): Promise<CustomerBalance[]> {
  const params: unknown[] = [tenantId];
  const where = ['c.tenant_id = $1'];
  if (only !== null) where.push(`c.id = $${params.push(only)}`);
  if (after) where.push(`(c.name, c.id) > ($${params.push(after.at)}, $${params.push(after.id)})`);
  if (search) {
    const part = `$${params.push(`%${search.replace(/[\\%_]/g, '\\$&')}%`)}`;
    where.push(`(c.name ilike ${part} or c.email ilike ${part} or c.code ilike ${part})`);
  }
  return rows<CustomerBalance>(
    em,
    `${customer} where ${where.join(' and ')} order by c.name, c.id limit $${params.push(limit + 1)}`,
    params,
  );
}

/** Every customer by ref (S0-15). */
export const everyCustomer = (
  em: EntityManager,
  tenantId: string,
  only: string | null,
): Promise<CustomerBalance[]> =>
  rows<CustomerBalance>(
    em,
    `${customer} where c.tenant_id = $1 and ($2::uuid is null or c.id = $2) order by c.ref`,
    [tenantId, only],
  );

/** The customer that a ref, UUID or code names. */
export async function customerByName(
  em: EntityManager,
  tenantId: string,
  name: string,
): Promise<CustomerBalance | undefined> {
  const { ids, refs, words } = namesOf([name]);
  const [found] = await rows<CustomerBalance>(
    em,
    `${customer} where c.tenant_id = $1
      and (c.id = any ($2::uuid[]) or c.ref = any ($3::int[]) or c.code = any ($4::text[])) limit 1`,
    [tenantId, ids, refs, words],
  );
  return found;
}

/** The addresses of a customer, newest first. */
export const addressesOf = (
  em: EntityManager,
  tenantId: string,
  customerId: string,
): Promise<(Address & { readonly id: string })[]> =>
  rows(
    em,
    `select id, name, line1, line2, city, region, postcode, country, phone from addresses
      where tenant_id = $1 and customer_id = $2 order by created_at desc, id desc limit 100`,
    [tenantId, customerId],
  );

export type LedgerRow = {
  readonly id: string;
  readonly at: Instant;
  readonly memo: string;
  readonly amount: number;
  readonly currency: string;
  readonly orderId: string | null;
  readonly orderNumber: string | null;
  readonly actor: string;
};

/**
 * The movements of one account, newest first, behind the entry `afterId`; one row more when there is a next
 * page.
 */
export const ledgerOf = (
  em: EntityManager,
  tenantId: string,
  of: {
    readonly account: string;
    readonly currency: string;
    readonly afterId: string | null;
    readonly limit: number;
  },
): Promise<LedgerRow[]> =>
  rows<LedgerRow>(
    em,
    `select e.id, ${instant('e.at')} as at, e.memo, p.amount_minor as amount, p.currency,
        e.order_id as "orderId",
        o.number as "orderNumber", coalesce(a.name, 'System') as actor
      from postings p
      join journal_entries e on e.tenant_id = p.tenant_id and e.id = p.entry_id
      left join orders o on o.tenant_id = e.tenant_id and o.id = e.order_id
      left join principals a on a.tenant_id = e.tenant_id and a.id = e.actor_id
      where p.tenant_id = $1 and p.account = $2 and p.currency = $3 and ($4::uuid is null or p.entry_id < $4)
      order by p.entry_id desc
      limit $5`,
    [tenantId, of.account, of.currency, of.afterId, of.limit + 1],
  );
