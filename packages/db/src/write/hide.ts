import type { EntityManager } from '@mikro-orm/postgresql';
import type { Order } from '@orderloom/core';
import { newId } from '../ids.ts';
import { type Act, events } from './deed.ts';
import { newStatement, type Update } from './statement.ts';

/** An order that is to be hidden, as it is stored, and who does it. */
type Hiding = Act & { readonly order: Pick<Order, 'id' | 'version' | 'status'> };

const hiding: Update<Hiding> = {
  table: 'orders',
  key: ['id'],
  columns: [
    ['id', 'uuid', ({ order }) => order.id],
    ['version', 'int', ({ order }) => order.version + 1],
    ['deleted_at', 'timestamptz', ({ at }) => at],
  ],
  set: ['version = u.version', 'updated_at = u.deleted_at', 'deleted_at = u.deleted_at'],
  condition: 't.version = u.version - 1 and t.deleted_at is null',
};

/** Hides an order as its last version; whether it was still the one that is known. */
export async function hideOrder(em: EntityManager, tenantId: string, row: Hiding): Promise<boolean> {
  const { order, ...act } = row;
  const step = {
    orderId: order.id,
    version: order.version + 1,
    idx: 0,
    from: order.status,
    to: order.status,
  };
  const statement = newStatement(tenantId);
  statement.update(hiding, [row]);
  statement.insert(events, [{ ...act, ...step, id: newId(), type: 'order.deleted', data: {} }]);
  return (await statement.run(em)).missed.length === 0;
}
