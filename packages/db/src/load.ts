import type { EntityManager } from '@mikro-orm/postgresql';
import type { Feedback, Order } from '@orderloom/core';
import {
  chargeColumns,
  type Columns,
  fieldsOf,
  fulfillmentColumns,
  leftOut,
  lineColumns,
  lineQuantityColumns,
  orderColumns,
  paymentColumns,
  refundColumns,
  refundPartColumns,
  returnColumns,
} from './columns.ts';
import { isOff } from './defence.ts';
import { namesOf } from './queries/directory.ts';
import { byOrderName, orderNamed } from './queries/order-ids.ts';
import { rows, run } from './sql.ts';

type Part = {
  readonly table: string;
  readonly columns: Columns<string>;
  /** The column that names the whole, and what it is called there. */
  readonly of: readonly [column: string, whole: string];
  readonly more?: readonly [field: string, sql: string];
};

/** The parts of a whole as a JSON array, in the order in which they came. */
function partsOf({ table, columns, of: [column, whole], more }: Part): string {
  const fields = [...fieldsOf(columns, table), ...(more ? [more] : [])];
  const said = ([, sql]: readonly [string, string]) => !leftOut.includes(sql);
  const always = fields.filter(said).map(([field, sql]) => `'${field}', ${sql}`);
  const sometimes = fields
    .filter((one) => !said(one))
    .map(
      ([field, sql]) =>
        `|| case when ${sql} is null then '{}' else jsonb_build_object('${field}', ${sql}) end`,
    );
  const object = `json${sometimes.length > 0 ? 'b' : ''}_build_object(${always.join(', ')})`;
  return `(select coalesce(json_agg(${object} ${sometimes.join(' ')} order by ${table}.position), '[]')
    from ${table} where ${table}.tenant_id = $1 and ${table}.${column} = ${whole})`;
}

const ofOrder = ['order_id', 'o.id'] as const;
const linesOf = (table: string, column: string, whole: string): readonly [string, string] => [
  'lines',
  partsOf({ table, columns: lineQuantityColumns, of: [column, whole] }),
];
const refundParts = partsOf({
  table: 'refund_parts',
  columns: refundPartColumns,
  of: ['refund_id', 'refunds.id'],
});

const parts: Record<string, Part> = {
  lines: { table: 'order_items', columns: lineColumns, of: ofOrder },
  charges: { table: 'order_charges', columns: chargeColumns, of: ofOrder },
  payments: { table: 'payments', columns: paymentColumns, of: ofOrder },
  fulfillments: {
    table: 'fulfillments',
    columns: fulfillmentColumns,
    of: ofOrder,
    more: linesOf('fulfillment_lines', 'fulfillment_id', 'fulfillments.id'),
  },
  returns: {
    table: 'returns',
    columns: returnColumns,
    of: ofOrder,
    more: linesOf('return_lines', 'return_id', 'returns.id'),
  },
  refunds: { table: 'refunds', columns: refundColumns, of: ofOrder, more: ['parts', refundParts] },
};

const loadingOf = (which: string): string => `
  select ${[
    ...fieldsOf(orderColumns, 'o').map(([field, sql]) => `${sql} as "${field}"`),
    ...Object.entries(parts).map(([field, part]) => `${partsOf(part)} as "${field}"`),
  ].join(', ')}
  from orders o where o.tenant_id = $1 and ${which}`;
const loadingAll = loadingOf('o.id = any ($2::uuid[])');
const loading = `${loadingAll} and o.deleted_at is null`;
const finding = loadingOf(`${orderNamed} and o.deleted_at is null`);

/** The orders that are there, whole and as core has them: exactly what folding their events gives (I-12). */
export async function loadOrders(
  em: EntityManager,
  tenantId: string,
  ids: readonly string[],
): Promise<Map<string, Order>> {
  if (ids.length === 0) return new Map();
  const found = await rows<StoredOrder>(em, loading, [tenantId, [...ids]]);
  return new Map(found.map((order) => [order.id, asCore(order)]));
}

/** The orders that UUIDs and numbers (in any case) name, whole, by name. */
export async function findOrders(
  em: EntityManager,
  tenantId: string,
  names: readonly string[],
): Promise<Map<string, Order>> {
  const { ids, words } = namesOf(names);
  const numbers = words.map((word) => word.toUpperCase());
  const found = await rows<StoredOrder>(em, finding, [tenantId, ids, numbers]);
  return byOrderName(names, found.map(asCore));
}

type StoredOrder = Omit<Order, 'feedback'> & { readonly feedback: Feedback | null };

/** Core leaves out what nobody has said. */
const asCore = ({ feedback, ...order }: StoredOrder): Order =>
  feedback === null ? order : { ...order, feedback };

/**
 * Locks orders in the order of their ids and loads them. Two statements, because a statement that had to
 * wait for a lock still sees lines and payments as they were before it waited.
 */
export async function lockOrders(
  em: EntityManager,
  tenantId: string,
  ids: readonly string[],
): Promise<Map<string, Order>> {
  if (ids.length > 0 && !isOff(em, 'version')) await run(em, locking, [tenantId, [...ids]]);
  return loadOrders(em, tenantId, ids);
}

/** Locks those of the orders that nobody else has locked, and leaves only them in the set. */
export async function keepFree(em: EntityManager, tenantId: string, ids: Set<string>): Promise<void> {
  if (isOff(em, 'version')) return;
  const free = await run<{ id: string }>(em, `${locking} skip locked`, [tenantId, [...ids]]);
  ids.clear();
  for (const { id } of free) ids.add(id);
}

const locking =
  'select id from orders where tenant_id = $1 and id = any ($2::uuid[]) order by id for no key update';

/** The same with those that were deleted: what a gateway says of a group's money is of them, too. */
export async function lockAllOrders(
  em: EntityManager,
  tenantId: string,
  ids: readonly string[],
): Promise<Map<string, Order>> {
  await run(em, locking, [tenantId, [...ids]]);
  const found = await rows<Order>(em, loadingAll, [tenantId, [...ids]]);
  return new Map(found.map((order) => [order.id, order]));
}
