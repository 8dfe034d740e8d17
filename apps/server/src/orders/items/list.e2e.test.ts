import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aUser, type CallOptions, procedures, startApp } from '../../testing.ts';
import { aStory, Item, ItemList } from './testing.ts';

const app = await startApp();

describe('the items that somebody sees', () => {
  it('are those of a customer’s own orders, and all for the staff', async () => {
    const story = await aStory(app);
    const { tenant, clerk, customer, place, items, as, first } = story;
    const joe = await clerk.customers.create({ name: 'Joe', email: 'joe@example.com' });
    const stranger = await aUser(app, { ...tenant, customerId: joe.id }, 'customer');
    const { id } = await place();
    await clerk.orders.place({ items: [{ product: 'MUG', quantity: 3 }] });
    const [own, other] = [as(customer.token), as(stranger.token)];
    expect(ItemList.parse((await items('')).json).count).toBe(2);
    expect(ItemList.parse((await own('')).json).results).toMatchObject([{ order: id }]);
    expect(ItemList.parse((await other('')).json).count).toBe(0);
    const path = `${await first(id)}/`;
    const calls: readonly (readonly [string, CallOptions, number])[] = [
      [path, {}, 404],
      [path, { method: 'PATCH', body: { quantity: 1 } }, 404],
      [path, { method: 'PUT', body: { quantity: 1 } }, 404],
      [path, { method: 'DELETE' }, 404],
      ['', { body: { order: id, product: 'MUG', quantity: 1 } }, 400],
      [`by_order/?order_id=${id}`, {}, 404],
    ];
    for (const [where, options, status] of calls) {
      const answer = await other(where, options);
      expect([where, answer.status]).toEqual([where, status]);
    }
    expect((await own(path, { method: 'PATCH', body: { quantity: 1 } })).json).toMatchObject({ quantity: 1 });
    const added = await own('', { body: { order: id, product: 'CUP', quantity: 1 } });
    expect([added.status, added.json]).toMatchObject([201, { order: id, sku: 'CUP' }]);
  });

  it('are narrowed, ordered and searched', async () => {
    const { clerk, place, items, first } = await aStory(app);
    const [one, two] = [await place(), await place()];
    await items('', { body: { order: one.id, product: 'CUP', quantity: 9 } });
    await clerk.orders.place({ items: [{ product: 'CUP', quantity: 4 }] });
    const told = async (query: string) => {
      const { results } = ItemList.parse((await items(`?${query}`)).json);
      return results.map((item) => `${String(item['sku'])} ${item.quantity}`);
    };
    expect(await told('')).toEqual(['CUP 4', 'CUP 9', 'MUG 3', 'MUG 3']);
    expect(await told('ordering=quantity&search=cup')).toEqual(['CUP 4', 'CUP 9']);
    expect(await told('ordering=-total_price,created_at')).toEqual(['MUG 3', 'MUG 3', 'CUP 9', 'CUP 4']);
    expect(await told(`order=${one.number}`)).toEqual(['CUP 9', 'MUG 3']);
    expect(await told(`order=${one.id}&order=${two.id}&product=MUG`)).toEqual(['MUG 3', 'MUG 3']);
    expect(await told('product=POT')).toEqual([]);
    expect(await told('product=POT&product=CUP&store=main')).toEqual(['CUP 4', 'CUP 9']);
    expect(await told('store=nowhere')).toEqual([]);
    expect(await told('search=mu')).toEqual(['MUG 3', 'MUG 3']);
    const { created_at: at } = Object(Item.parse((await items(`${await first(two.id)}/`)).json));
    const later = new Date(Date.parse(at) + 1).toISOString();
    expect(await told(`created_after=${at}&ordering=created_at`)).toEqual(['MUG 3', 'CUP 9', 'CUP 4']);
    expect(await told(`created_after=${later}`)).toEqual(['CUP 4', 'CUP 9']);
    expect(await told(`created_before=${at}`)).toEqual(['MUG 3']);
    for (const query of ['ordering=sku', 'colour=red', 'created_after=soon'])
      expect((await items(`?${query}`)).status).toBe(400);
  });

  it('of one order are those of the order that is named', async () => {
    const { place, items, clerk } = await aStory(app);
    const { id, number } = await place();
    await place();
    await items('', { body: { order: id, product: 'CUP', quantity: 1 } });
    for (const name of [id, number]) {
      const list = ItemList.parse((await items(`by_order/?order_id=${name}`)).json);
      expect(list.results.map(({ order }) => order)).toEqual([id, id]);
    }
    const small = await items(`by_order/?order_id=${id}&page_size=1`);
    expect(small.json).toMatchObject({ count: 2, previous: null });
    const { next } = z.object({ next: z.string() }).parse(small.json);
    expect(new URL(next).pathname).toBe('/api/v1/order-items/by_order/');
    expect(new URL(next).searchParams.get('order_id')).toBe(id);
    const missing = await items('by_order/');
    expect([missing.status, missing.json]).toMatchObject([
      400,
      { details: { order_id: ['This field is required.'] } },
    ]);
    const unknown = await items('by_order/?order_id=ORD-0');
    expect([unknown.status, unknown.json]).toMatchObject([404, { error: 'Order not found' }]);
    await clerk.orders.change({ id, command: { type: 'cancelOrder' } });
    expect(ItemList.parse((await items(`by_order/?order_id=${id}`)).json).count).toBe(2);
  });

  it('are gone with a deleted order', async () => {
    const { place, items, first, admin } = await aStory(app);
    const { id } = await place();
    const path = `${await first(id)}/`;
    const boss = await procedures(app, admin);
    await boss.orders.remove({ id });
    expect((await items(path)).status).toBe(404);
    expect(ItemList.parse((await items('')).json).count).toBe(0);
    expect((await items(`by_order/?order_id=${id}`)).status).toBe(404);
  });
});
