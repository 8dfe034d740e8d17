import {
  consequences,
  decide,
  type Entry,
  evolve,
  type Instant,
  ok,
  type Order,
  type OrderCommand,
  type OrderEvent,
  place,
  type PlaceRequest,
  type StockMove,
  wantsNumber,
  withNumber,
} from '@orderloom/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../database.ts';
import { newId } from '../ids.ts';
import { lockOrders } from '../load.ts';
import { lockPurses, lockShelf } from '../locks.ts';
import { anAct, type TestTenant } from './tenant.ts';
import { transact } from '../transact.ts';
import { type OrderWrite, writeOrders } from '../write/orders.ts';

const at: Instant = '2026-11-21T10:00:00.000Z';
const rules = { currency: 'USD', taxRates: {}, shippingMethods: { standard: 500 }, newId };
const policy = { requirePaidBefore: 'none', cancelShipped: true } as const;

/** A request for one piece, paid from the balance. Name only what the test is about. */
export const aRequest = (of: TestTenant, but: Partial<PlaceRequest> = {}): PlaceRequest => ({
  id: newId(),
  at,
  origin: 'balance',
  customerId: of.customerId,
  userId: of.principalId,
  storeId: null,
  lines: [{ variantId: of.variantId, ref: '1', quantity: 1, unitPrice: null }],
  onShortage: 'reject',
  overridePrice: false,
  discount: 0,
  charged: false,
  payFromBalance: true,
  paymentMethod: null,
  shippingMethod: null,
  shippingAddress: null,
  billingAddress: null,
  notes: null,
  ...but,
});

/** What is written for the events that core decided. */
export function aWrite(before: Order | null, events: readonly OrderEvent[]): OrderWrite {
  const moves: StockMove[] = [];
  const entries: Entry[] = [];
  let order = before;
  const told = events.map((event) => {
    const from = order?.status ?? null;
    const follows = consequences(order, event);
    moves.push(...follows.moves);
    entries.push(...follows.entries);
    order = evolve(order, event);
    return { id: newId(), event, from, to: order.status };
  });
  if (!order) throw new RangeError('an order has at least one event');
  return { ...anAct({ at }), before, after: order, events: told, moves, entries };
}

/** Places requests as one batch; the orders that were placed, and the codes of those that were refused. */
export async function placeBatch(em: EntityManager, of: TestTenant, requests: readonly PlaceRequest[]) {
  const shelf = await lockShelf(em, of.tenantId, [of.variantId]);
  const purses = await lockPurses(em, { id: of.tenantId, currency: 'USD' }, [of.customerId]);
  const answers = place(requests, { shelf, purses }, rules).map((answer, index) => {
    if (!answer.ok) return answer;
    const number = `ORD-${requests[index]?.id}`;
    const events = answer.value.events.map((event) =>
      'order' in event && event.order ? { ...event, order: { ...event.order, number } } : event,
    );
    return ok(aWrite(null, events));
  });
  await writeOrders(
    em,
    of.tenantId,
    answers.flatMap((answer) => (answer.ok ? [answer.value] : [])),
  );
  return answers.map((answer) => (answer.ok ? answer.value.after : answer.error.code));
}

/** Places one order in a transaction of its own. */
export async function placeOne(
  db: Database,
  of: TestTenant,
  but: Partial<PlaceRequest> = {},
): Promise<Order> {
  const placed = await transact<Awaited<ReturnType<typeof placeBatch>>, never>(db, of, async (em) =>
    ok(await placeBatch(em, of, [aRequest(of, but)])),
  );
  const order = placed.ok ? placed.value[0] : undefined;
  if (order === undefined || typeof order === 'string') throw new Error(`not placed: ${order}`);
  return order;
}

/** Carries out one command on one order in a transaction of its own. */
export const changeOne = (
  db: Database,
  of: TestTenant,
  { id, command }: { id: string; command: OrderCommand },
) =>
  transact<Order, { readonly code: string }>(db, of, async (em) => {
    const order = (await lockOrders(em, of.tenantId, [id])).get(id);
    if (!order) return { ok: false, error: { code: 'ORDER_NOT_FOUND' } };
    const shelf = await lockShelf(em, of.tenantId, [of.variantId]);
    const house = { shelf, purses: new Map([[of.customerId, 1_000_000]]) };
    const decided = decide(order, command, { at: '2026-11-21T11:00:00.000Z', policy, house, rules });
    if (!decided.ok) return decided;
    const plain = wantsNumber(decided.value) === null;
    const events = plain ? decided.value : withNumber(decided.value, `ORD-${id}`);
    const [written] = await writeOrders(em, of.tenantId, [aWrite(order, events)]);
    return written ?? { ok: false, error: { code: 'NOT_WRITTEN' } };
  });
