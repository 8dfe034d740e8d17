import { describe, expect, it } from 'vitest';
import { aShop, call, startApp, type TestUser } from '../../testing.ts';
import { fieldOf } from '../testing/occasions.ts';

const app = await startApp();
const { customer, staff, tenant } = await aShop(app, { stock: 100 });

const place = async ({ token }: TestUser) => {
  const body = { customer_id: 'CUST1', items: [{ product: 1, quantity: 1 }] };
  return fieldOf(await call(app, '/api/v1/orders/', { token, body }), 'id');
};

/** Writes past the rules in force, which would say that something has changed. */
async function behindTheBack(id: string, notes: string | null): Promise<void> {
  const client = await app.db.pool.connect();
  await client.query('begin; set local session_replication_role = replica');
  await client.query('update orders set notes = $3 where tenant_id = $1 and id = $2', [
    tenant.tenantId,
    id,
    notes,
  ]);
  await client.query('commit');
  client.release();
}

/** The notes of the orders in an answer, newest first. */
async function notesIn(path: string, key: string, { token }: TestUser = customer): Promise<unknown[]> {
  const { json } = await call(app, path, { token });
  const orders: unknown = Reflect.get(Object(json), key);
  return Array.isArray(orders) ? orders.map((order) => order.notes) : [];
}

describe('what is kept for a while (S2-31, S2-34, S2-71; wire test 25)', () => {
  it.each([
    ['/api/v1/orders/my_orders/', 'results'],
    ['/api/orders/order_stats/', 'recent_orders'],
  ])('%s is not worked out again before something is written, and then at once', async (path, key) => {
    const id = await place(customer);
    const before = await notesIn(path, key);
    expect(before[0]).toBe(null);
    await behindTheBack(id, 'nobody has said so');
    expect(await notesIn(path, key)).toEqual(before);
    expect((await notesIn('/api/v1/orders/', 'results'))[0]).toBe('nobody has said so');
    // Somebody else's write on the same customer's orders counts, too.
    await place(staff);
    expect(await notesIn(path, key)).toEqual([null, 'nobody has said so', ...before.slice(1)]);
    await behindTheBack(id, null);
  });

  it.each(['recent_orders', 'pending_orders'])('%s is never kept (S2-32, S2-33)', async (list) => {
    const id = await place(customer);
    await notesIn(`/api/v1/orders/${list}/`, 'results');
    await behindTheBack(id, list);
    expect((await notesIn(`/api/v1/orders/${list}/`, 'results'))[0]).toBe(list);
    await behindTheBack(id, null);
  });
});
