import { check } from '@orderloom/db';
import { expect } from 'vitest';
import { z } from 'zod';
import { aShop, call, type CallOptions, procedures, type TestApp } from '../../testing.ts';

export const Item = z.looseObject({ id: z.string(), order: z.string(), quantity: z.int() });
export const ItemList = z.looseObject({ count: z.int(), results: z.array(Item) });

/** A shop of its own for each story: mugs at 25.00 and cups at 4.00. */
export async function aStory(app: TestApp) {
  const shop = await aShop(app, { stock: 10, price: 2_500, balance: 1_000_000 });
  const { tenant, staff, customer, admin } = shop;
  const clerk = await procedures(app, staff);
  const as =
    (token: string) =>
    (path: string, options: CallOptions = {}) =>
      call(app, `/api/v1/order-items/${path}`, { token, ...options });
  const items = as(staff.token);
  await clerk.products.create({ name: 'Cup', sku: 'CUP', price: 400, quantity: 20 });
  const mugs = [{ product: 'MUG', quantity: 3 }];
  const place = () => clerk.orders.place({ customer: 1, items: mugs });
  const order = (id: string) => clerk.orders.get({ id });
  const stockOf = async (sku: string) => (await clerk.products.get({ id: sku })).variants[0];
  const sound = async () => expect(await check(app.db, tenant.tenantId)).toEqual([]);
  const first = async (id: string) => (await order(id)).lines[0]?.id ?? '';
  return { ...shop, clerk, as, items, place, order, stockOf, sound, first, admin, customer };
}
