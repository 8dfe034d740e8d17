import type { EntityManager } from '@mikro-orm/postgresql';
import {
  type Entry,
  err,
  ok,
  type Order,
  type OrderEvent,
  type Result,
  type StockMove,
} from '@orderloom/core';
import { orderColumns } from '../columns.ts';
import { isOff } from '../defence.ts';
import { run } from '../sql.ts';
import type { VersionConflict } from '../transact.ts';
import { type Act, addEffects, type EventRecord, events, runLocked } from './deed.ts';
import { addParts } from './parts.ts';
import { assigned, columnsFrom, encoded, newStatement, type Table } from './statement.ts';

/** One order's next version, and all that follows from it. */
export type OrderWrite = Act & {
  readonly before: Order | null;
  readonly after: Order;
  /** In the order in which they happened, with the status each led from and to. */
  readonly events: readonly {
    readonly id: string;
    readonly event: OrderEvent;
    readonly from: Order['status'] | null;
    readonly to: Order['status'];
  }[];
  readonly moves: readonly StockMove[];
  readonly entries: readonly Entry[];
};

const orders: Table<OrderWrite> = {
  table: 'orders',
  columns: [
    ...columnsFrom<OrderWrite>(orderColumns, ({ after }) => after),
    ['score', 'int', ({ after }) => after.feedback?.score],
  ],
};
const fixed = ['id', 'currency', 'origin', 'created_at'];
const changing = orders.columns.filter(([column]) => column === 'id' || !fixed.includes(column));
const assignments = assigned(changing.map(([column]) => column).filter((column) => column !== 'id'));

/** The group of orders that were one request: written with its orders, and never changed. */
const groups: Table<Order> = {
  table: 'order_groups',
  columns: [
    ['id', 'uuid', ({ groupId }) => groupId],
    ['customer_id', 'uuid', ({ customerId }) => customerId],
    ['currency', 'text', ({ currency }) => currency],
    ['created_at', 'timestamptz', ({ createdAt }) => createdAt],
  ],
};

/** The first order of each group that comes with these. */
const newGroups = (winners: readonly OrderWrite[]): Order[] => {
  const fresh = winners.flatMap(({ before, after }) => (before ? [] : [after]));
  const firsts = Map.groupBy(fresh, ({ groupId }) => groupId);
  firsts.delete(null);
  return [...firsts.values()].flatMap((orders) => orders.slice(0, 1));
};

/**
 * Writes orders, their parts, events, stock and postings set-based: one statement for new orders, two when
 * orders change. An order that somebody else changed since it was read is a conflict and nothing of it is
 * written.
 */
export async function writeOrders(
  em: EntityManager,
  tenantId: string,
  writes: readonly OrderWrite[],
): Promise<Result<Order, VersionConflict>[]> {
  const beaten = await updateOrders(
    em,
    tenantId,
    writes.filter(({ before }) => before !== null),
  );
  const winners = writes.filter(({ after }) => !beaten.has(after.id));
  const statement = newStatement(tenantId);
  statement.insert(groups, newGroups(winners));
  statement.insert(
    orders,
    winners.filter(({ before }) => before === null),
  );
  addParts(statement, winners);
  statement.insert(events, winners.flatMap(recordsOf));
  addEffects(
    statement,
    winners.map((write) => ({ ...write, orderId: write.after.id })),
    em,
  );
  await runLocked(statement, em);
  return writes.map(({ after }) =>
    beaten.has(after.id) ? err({ code: 'VERSION_CONFLICT', currentVersion: null }) : ok(after),
  );
}

/** Writes the next version where the one before is still stored; the ids of those where it is not. */
async function updateOrders(
  em: EntityManager,
  tenantId: string,
  writes: readonly OrderWrite[],
): Promise<Set<string>> {
  if (writes.length === 0) return new Set();
  const names = changing.map(([column]) => column);
  const arrays = changing.map(([, type], at) => `$${at + 2}::${type}[]`);
  const unread = isOff(em, 'version') ? '' : 'and t.version = u.version - 1';
  const text = `update orders t set ${assignments.join(', ')}
    from unnest(${arrays.join(', ')}) as u (${names.join(', ')})
    where t.tenant_id = $1 and t.id = u.id ${unread} returning t.id`;
  const values = changing.map(([, type, value]) => writes.map((write) => encoded(type, value(write))));
  const won = new Set((await run<{ id: string }>(em, text, [tenantId, ...values])).map(({ id }) => id));
  return new Set(writes.map(({ after }) => after.id).filter((id) => !won.has(id)));
}

const recordsOf = (write: OrderWrite): EventRecord[] =>
  write.events.map(({ id, event: { type, version, at, ...data }, from, to }, idx) => {
    const { commandId, requestId, actorId, tokenId, reason } = write;
    const by = { commandId, requestId, actorId, tokenId, reason, at };
    return { ...by, id, orderId: write.after.id, version, idx, type, data, from, to };
  });
