import { expect, it } from 'vitest';
import { aShop, call, startApp } from '../testing.ts';

const app = await startApp();
const { staff } = await aShop(app);

it('whoever is one too many is told at once when to come again; health is told all the same', async () => {
  const holder = await app.db.pool.connect();
  await holder.query('begin; lock table customers in access exclusive mode');
  const all = Array.from({ length: 400 }, () => call(app, '/order/customers', { token: staff.token }));
  const refused = await Promise.race(all);
  expect(refused).toMatchObject({ status: 503, json: { status: expect.any(String) } });
  expect(refused.headers.get('retry-after')).toBe('1');
  expect((await call(app, '/healthz')).status).toBe(200);
  await holder.query('rollback');
  holder.release();
  const by = Map.groupBy(await Promise.all(all), ({ status }) => status);
  expect(new Set(by.keys())).toEqual(new Set([200, 503]));
  // Many more than have a connection, and might have waited for the lock for too long.
  expect(by.get(503)?.length).toBeGreaterThan(50);
  expect((await call(app, '/order/customers', { token: staff.token })).status).toBe(200);
});
