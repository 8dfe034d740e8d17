import {
  decide,
  type DecideContext,
  decideGroupPayment,
  fold,
  type GroupStep,
  ok,
  type Order,
  type OrderCommand,
  payGroup,
  placeGroups,
  type PlaceRequest,
  split,
} from '@orderloom/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { groupTotals } from '@orderloom/core/testing';
import { describe, expect, it } from 'vitest';
import { check } from './check.ts';
import { eventsOf } from './history.ts';
import { newId } from './ids.ts';
import { loadOrders, lockOrders } from './load.ts';
import { lockPurses, lockShelf } from './locks.ts';
import { ProductRow, VariantRow } from './product.ts';
import { rows } from './sql.ts';
import { NumberCounterRow, StoreRow } from './tenant.ts';
import { aRequest, aWrite, placeOne } from './testing/orders.ts';
import { anAct, type TestTenant } from './testing/tenant.ts';
import { aTenant, freshDatabase } from './testing.ts';
import { read, transact } from './transact.ts';
import { writeDeeds } from './write/deed.ts';
import { openLevels } from './write/levels.ts';
import { writeOrders } from './write/orders.ts';

const db = await freshDatabase();
const at = '2026-11-21T09:00:00.000Z';
const now = new Date(at);
const rules = { currency: 'USD', taxRates: { standard: 2_000 }, shippingMethods: { standard: 501 }, newId };
const policy = { requirePaidBefore: 'none', cancelShipped: true } as const;

/** A shop with a second store that sells cups for 10.00. */
async function twoStores(): Promise<TestTenant & { readonly cup: string }> {
  const shop = await aTenant(db);
  const { tenantId, locationId } = shop;
  const [storeId, productId, cup] = [newId(), newId(), newId()];
  const kept = { tenantId, version: 1, createdAt: now, updatedAt: now };
  await transact(db, shop, async (em) => {
    const store = { id: storeId, ref: 2, slug: 'other', name: 'Other', commissionBp: 0, active: true };
    await em.insert(StoreRow, { ...kept, ...store });
    const product = { id: productId, ref: 2, sku: 'CUP', name: 'Cup', storeId, priceMinor: 1_000 };
    const sold = { currency: 'USD', taxClass: 'standard', trackStock: true, active: true };
    await em.insert(ProductRow, { ...kept, ...product, ...sold });
    const variant = {
      id: cup,
      productId,
      sku: 'CUP',
      name: 'Cup',
      options: {},
      priceMinor: null,
      position: 0,
    };
    await em.insert(VariantRow, { ...kept, ...variant });
    await openLevels(em, tenantId, { keys: [{ variantId: cup, locationId }], at });
    const moved = { variantId: cup, locationId, lineId: null, onHand: 10, reserved: 0 };
    await writeDeeds(em, tenantId, [
      { ...anAct(), events: [], moves: [{ kind: 'RECEIVE' as const, ...moved }], entries: [] },
    ]);
    await em.nativeUpdate(NumberCounterRow, { tenantId, name: { $in: ['store', 'product'] } }, { value: 2 });
    return ok(null);
  });
  return { ...shop, cup };
}

type Shop = Awaited<ReturnType<typeof twoStores>>;
const line = (variantId: string, quantity: number) => ({ variantId, ref: '1', quantity, unitPrice: null });

/** Places one request for both stores. */
async function placeBoth(shop: Shop, but: Partial<PlaceRequest> = {}): Promise<readonly Order[]> {
  const lines = [line(shop.variantId, 2), line(shop.cup, 3)];
  const request = aRequest(shop, { payFromBalance: false, charged: true, lines, ...but });
  const placed = await transact(db, shop, async (em) => {
    const shelf = await lockShelf(em, shop.tenantId, [shop.variantId, shop.cup]);
    const [answer] = placeGroups([split(request, shelf, newId)], { shelf, purses: new Map() }, rules);
    if (!answer?.ok) throw new Error(answer?.error.code);
    const writes = answer.value.map(({ events }) =>
      aWrite(
        null,
        events.map((event) =>
          event.type === 'order.placed'
            ? { ...event, order: { ...event.order, number: `ORD-${event.order.id}` } }
            : event,
        ),
      ),
    );
    return ok(await writeOrders(em, shop.tenantId, writes));
  });
  return placed.ok ? placed.value.flatMap((one) => (one.ok ? [one.value] : [])) : [];
}

const contextOf = async (em: EntityManager, shop: Shop): Promise<DecideContext> => {
  const purses = await lockPurses(em, { id: shop.tenantId, currency: 'USD' }, [shop.customerId]);
  const house = { shelf: new Map(), purses };
  return { at: '2026-11-21T11:00:00.000Z', policy, house, rules: { ...rules, gateway: true } };
};

type Decide = (orders: readonly Order[], context: DecideContext) => readonly GroupStep[];

/** Does something to orders together; they must then be stored as their events tell it, nothing amiss. */
async function changed(shop: Shop, ids: readonly string[], work: Decide): Promise<readonly Order[]> {
  await transact(db, shop, async (em) => {
    const locked = await lockOrders(em, shop.tenantId, ids);
    const orders = ids.flatMap((id) => locked.get(id) ?? []);
    const steps = work(orders, await contextOf(em, shop));
    await writeOrders(
      em,
      shop.tenantId,
      steps.map(({ order, events }) => aWrite(order, events)),
    );
    return ok(null);
  });
  const [stored, events] = await read(db, shop, async (em) => [
    await loadOrders(em, shop.tenantId, ids),
    await eventsOf(em, shop.tenantId, ids),
  ]);
  for (const id of ids) expect(stored.get(id)).toStrictEqual(fold(events.get(id) ?? []));
  expect(await check(db, shop.tenantId)).toEqual([]);
  return ids.flatMap((id) => stored.get(id) ?? []);
}

const one =
  (command: OrderCommand): Decide =>
  ([order], context) => {
    if (!order) throw new Error('no order');
    const decided = decide(order, command, context);
    if (!decided.ok) throw new Error(decided.error.code);
    return [{ order, events: decided.value }];
  };

const create = { type: 'createPayment', amount: null, reference: null } as const;
const pay =
  (command: Partial<Extract<OrderCommand, { type: 'createPayment' }>>): Decide =>
  (orders, context) => {
    const paid = payGroup(orders, { ...create, method: 'cash', process: true, ...command }, context);
    if (!paid.ok) throw new Error(paid.error.code);
    return paid.value.steps;
  };

describe('a group', () => {
  it('is one order of each store, which come to what was asked for as a whole', async () => {
    const shop = await twoStores();
    const orders = await placeBoth(shop, { shippingMethod: 'standard', discount: 101 });
    const [first, second] = await changed(
      shop,
      orders.map(({ id }) => id),
      () => [],
    );
    expect(first?.groupId).toBe(second?.groupId);
    expect(groupTotals(orders)).toMatchObject({ subtotal: 8_000, discount: 101, shipping: 501 });
    const known = await read(db, shop, (em) =>
      rows(em, 'select id, customer_id, currency from order_groups', []),
    );
    expect(known).toEqual([{ id: first?.groupId, customer_id: shop.customerId, currency: 'USD' }]);
  });

  it('is paid by parts that are the payment to the cent, and given back so', async () => {
    const shop = await twoStores();
    const ids = (await placeBoth(shop)).map(({ id }) => id);
    const paid = await changed(shop, ids, pay({ amount: 1_001 }));
    expect(groupTotals(paid).paid).toBe(1_001);
    const paymentId = paid[0]?.payments[0]?.groupPaymentId ?? '';
    expect(paid.map(({ payments }) => payments[0]?.groupPaymentId)).toEqual([paymentId, paymentId]);
    const back = await changed(shop, ids, (orders, context) => {
      const command = { type: 'refundPayment', paymentId, amount: 501, reason: 'late' } as const;
      const given = decideGroupPayment(orders, command, context);
      if (!given.ok) throw new Error(given.error.code);
      return given.value;
    });
    expect(groupTotals(back)).toMatchObject({ paid: 1_001, refunded: 501 });
  });

  it('remembers what was asked of a gateway, and its word', async () => {
    const shop = await twoStores();
    const ids = (await placeBoth(shop)).map(({ id }) => id);
    const asked = await changed(shop, ids, pay({ method: 'credit_card', process: true }));
    expect(asked.map(({ payments }) => payments[0]?.attempt?.state)).toEqual(['asked', 'asked']);
    const paymentId = asked[0]?.payments[0]?.groupPaymentId ?? '';
    const amount = groupTotals(asked).total;
    const said = { reportId: 'r1', currency: 'USD', at, attempt: 1, paymentId };
    const report =
      (more: { kind: 'requires_action' | 'captured'; amount: number }): Decide =>
      (orders, context) => {
        const action = { kind: 'redirect', url: null };
        const told = decideGroupPayment(orders, { type: 'reportPayment', ...said, ...more, action }, context);
        if (!told.ok) throw new Error(told.error.code);
        return told.value;
      };
    const waiting = await changed(shop, ids, report({ kind: 'requires_action', amount: 0 }));
    expect(waiting[0]?.payments[0]?.attempt?.action).toEqual({ kind: 'redirect', url: null });
    const done = await changed(shop, ids, report({ kind: 'captured', amount }));
    expect(done.map(({ paymentStatus }) => paymentStatus)).toEqual(['paid', 'paid']);
  });
});

describe('a refund', () => {
  it('remembers the pieces and the shipping that it is for, and where it went', async () => {
    const shop = await twoStores();
    const [id = ''] = (await placeBoth(shop, { shippingMethod: 'standard' })).map((order) => order.id);
    const cash = { type: 'createPayment', method: 'cash', reference: null, process: true } as const;
    const [paid] = await changed(shop, [id], one({ ...cash, amount: null }));
    const lines = [{ lineId: paid?.lines[0]?.id ?? '', quantity: 1 }];
    const give = { type: 'refund', shipping: 100, amount: 7, reason: 'broken', lines } as const;
    const [given] = await changed(shop, [id], one({ ...give, to: 'balance' }));
    expect(given?.refunds).toMatchObject([{ lines, shipping: 100, to: 'balance', reason: 'broken' }]);
    expect(given?.refunds[0]).not.toHaveProperty('failed');
    const [more] = await changed(shop, [id], one({ ...give, to: 'original', lines: [] }));
    expect(more?.refunds[1]).not.toHaveProperty('to');
    expect(more?.lines[0]?.refundedQuantity).toBe(1);
  });

  it('that a gateway declines has failed, and its pieces may be refunded anew', async () => {
    const shop = await twoStores();
    const { id } = await placeOne(db, shop, { payFromBalance: false });
    const [asked] = await changed(shop, [id], one({ ...create, method: 'credit_card', process: true }));
    const paymentId = asked?.payments[0]?.id ?? '';
    const said = { type: 'reportPayment', paymentId, reportId: 'r', currency: 'USD', at } as const;
    await changed(shop, [id], one({ ...said, kind: 'captured', amount: 2_500 }));
    const lines = [{ lineId: asked?.lines[0]?.id ?? '', quantity: 1 }];
    const give = { type: 'refund', lines, shipping: 0, amount: 0, to: 'original', reason: 'x' } as const;
    const [begun] = await changed(shop, [id], one(give));
    expect(begun?.refunds).toMatchObject([{ lines, parts: [] }]);
    const declined = { ...said, kind: 'failed', amount: 0, attempt: 2 } as const;
    const [failed] = await changed(shop, [id], one({ ...declined, failure: { code: 'no', message: 'No.' } }));
    expect(failed?.refunds).toMatchObject([{ failed: true }]);
    expect(failed?.lines[0]?.refundedQuantity).toBe(0);
  });
});
