import { fold, ok, type Order, type OrderCommand } from '@orderloom/core';
import { describe, expect, it } from 'vitest';
import { eventsOf } from './history.ts';
import { loadOrders } from './load.ts';
import { takeSerials } from './locks.ts';
import { rows } from './sql.ts';
import { aRequest, aWrite, changeOne, placeBatch, placeOne } from './testing/orders.ts';
import { aTenant, freshDatabase } from './testing.ts';
import { read, transact } from './transact.ts';
import { writeOrders } from './write/orders.ts';

const db = await freshDatabase();

describe('an order', () => {
  const address = {
    id: null,
    name: 'Jane "J" Roe',
    line1: '1, Main {St}',
    line2: null,
    city: 'Zürich',
    region: null,
    postcode: '8000',
    country: 'CH',
    phone: null,
  };
  const steps: OrderCommand[] = [
    { type: 'createPayment', method: 'cash', amount: 1_000, reference: 'till', process: true },
    { type: 'confirmOrder' },
    { type: 'createPayment', method: 'balance', amount: null, reference: null, process: true },
    { type: 'shipOrder', trackingNumber: 'TRACK' },
    { type: 'markOutForDelivery' },
    { type: 'deliverOrder' },
    { type: 'cancelOrder', reason: 'it broke' },
    { type: 'refundOrder', reason: 'it broke' },
  ];

  it('is stored as its events tell it, whatever happens to it', async () => {
    const shop = await aTenant(db);
    const { id } = await placeOne(db, shop, {
      payFromBalance: false,
      charged: true,
      shippingMethod: 'standard',
      discount: 333,
      shippingAddress: address,
      notes: `it's {"nice"}, isn't it?\n\\`,
    });
    for (const command of steps) {
      const done = await changeOne(db, shop, { id, command });
      expect(done.ok ? null : done.error).toBeNull();
      const [stored, events] = await read(db, shop, async (em) => [
        (await loadOrders(em, shop.tenantId, [id])).get(id),
        await eventsOf(em, shop.tenantId, [id]),
      ]);
      expect(stored).toEqual(fold(events.get(id) ?? []));
      expect(stored).toEqual(done.ok && done.value);
    }
  });

  it('that was cancelled gives back its pieces and its money', async () => {
    const shop = await aTenant(db, { stock: 3 });
    const { id } = await placeOne(db, shop);
    await changeOne(db, shop, { id, command: { type: 'cancelOrder', reason: 'x' } });
    const [left] = await read(db, shop, (em) =>
      rows(
        em,
        `select reserved, on_hand, balance_minor from stock_levels, accounts where kind = 'balance'`,
        [],
      ),
    );
    expect(left).toEqual({ reserved: 0, on_hand: 3, balance_minor: 10_000 });
  });

  it('that somebody else changed is a conflict, and its neighbour in the batch is written', async () => {
    const shop = await aTenant(db);
    const [stale, fresh] = [await placeOne(db, shop), await placeOne(db, shop)];
    await changeOne(db, shop, { id: stale.id, command: { type: 'startProcessing' } });
    const at = '2026-11-21T12:00:00.000Z';
    const writes = [stale, fresh].map((order: Order) =>
      aWrite(order, [{ type: 'order.processing', version: 2, at }]),
    );
    const written = await transact(db, shop, async (em) => ok(await writeOrders(em, shop.tenantId, writes)));
    expect(
      written.ok && written.value.map((result) => (result.ok ? result.value.version : result.error.code)),
    ).toEqual(['VERSION_CONFLICT', 2]);
  });
});

describe('a batch', () => {
  it('places what it can, refuses the rest, and rolls nothing back', async () => {
    const shop = await aTenant(db, { stock: 3, balance: 1_000_000 });
    const placed = await transact(db, shop, async (em) =>
      ok(
        await placeBatch(
          em,
          shop,
          Array.from({ length: 5 }, () => aRequest(shop)),
        ),
      ),
    );
    const answers = placed.ok
      ? placed.value.map((order) => (typeof order === 'string' ? order : order.status))
      : [];
    expect(answers).toEqual([
      'CONFIRMED',
      'CONFIRMED',
      'CONFIRMED',
      'INSUFFICIENT_STOCK',
      'INSUFFICIENT_STOCK',
    ]);
  });

  it('is loaded whole, however large', async () => {
    const shop = await aTenant(db, { stock: 500, balance: 10_000_000 });
    const requests = Array.from({ length: 200 }, () => aRequest(shop));
    await transact(db, shop, async (em) => ok(await placeBatch(em, shop, requests)));
    const ids = requests.map(({ id }) => id);
    const loaded = await read(db, shop, (em) => loadOrders(em, shop.tenantId, ids));
    expect([...loaded.keys()].sort()).toEqual([...ids].sort());
  });
});

describe('many at once', () => {
  it('sell exactly what there is and charge exactly what they sold', async () => {
    const shop = await aTenant(db, { stock: 10, balance: 1_000_000 });
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => placeOne(db, shop).then(() => 'placed', String)),
    );
    expect(answers.filter((answer) => answer === 'placed')).toHaveLength(10);
    expect(answers.filter((answer) => answer.includes('INSUFFICIENT_STOCK'))).toHaveLength(30);
    const [left] = await read(db, shop, (em) =>
      rows(em, `select reserved, balance_minor from stock_levels, accounts where kind = 'balance'`, []),
    );
    expect(left).toEqual({ reserved: 10, balance_minor: 1_000_000 - 10 * 2_500 });
  });

  it('change one order one after the other', async () => {
    const shop = await aTenant(db, { balance: 0 });
    const { id } = await placeOne(db, shop, { payFromBalance: false });
    const command = {
      type: 'createPayment',
      method: 'cash',
      amount: 100,
      reference: null,
      process: true,
    } as const;
    const done = await Promise.all(Array.from({ length: 20 }, () => changeOne(db, shop, { id, command })));
    expect(done.every(({ ok: well }) => well)).toBe(true);
    const order = (await read(db, shop, (em) => loadOrders(em, shop.tenantId, [id]))).get(id);
    expect(order).toMatchObject({ version: 21, paid: 2_000 });
  });

  it('draw every number once', async () => {
    const shop = await aTenant(db);
    const firsts = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const drawn = await transact(db, shop, async (em) =>
          ok(await takeSerials(em, shop.tenantId, new Map([['order:x', 3]]))),
        );
        return drawn.ok ? drawn.value.get('order:x') : undefined;
      }),
    );
    expect(firsts.sort((a = 0, b = 0) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => 1 + 3 * at));
  });
});
