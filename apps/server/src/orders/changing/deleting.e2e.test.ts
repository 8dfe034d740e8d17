import { check } from '@orderloom/db';
import { expect, it } from 'vitest';
import { aShop, procedures, refusalFrom, startApp } from '../../testing.ts';

// Nobody listens there, so the gateway's word never comes.
const gateway = { url: 'http://127.0.0.1:9', key: 'a key', webhookSecret: 'a secret' };
const app = await startApp({ config: { gateway } });

it('an order that has left the house is not deleted while a gateway has something to answer', async () => {
  const shop = await aShop(app);
  const admin = await procedures(app, shop.admin);
  const { id } = await admin.orders.place({ customer: 1, items: [{ product: 'MUG', quantity: 1 }] });
  await refusalFrom(admin.payments.create({ order: id, method: 'credit_card', process: true }));
  await admin.orders.move({ id, status: 'SHIPPED' });
  expect(await refusalFrom(admin.orders.remove({ id }))).toMatchObject({ code: 'PAYMENT_IN_PROGRESS' });
  expect(await admin.orders.get({ id })).toMatchObject({ status: 'SHIPPED' });
  expect(await check(app.db, shop.tenant.tenantId)).toEqual([]);
});
