import { openDatabase } from '@orderloom/db';
import { describe, expect, it } from 'vitest';
import { aShop, procedures, refusalFrom, startApp } from '../../testing.ts';
import { createPlacing } from './placing.ts';

const app = await startApp();

describe('placing many orders while a shelf is locked by somebody else', () => {
  // A machine that is busy with something else may take longer: the best of several tries counts.
  it('tells all of them within the time that one of them would wait', { retry: 3 }, async () => {
    const { tenant, staff: clerk } = await aShop(app, { stock: 100 });
    const staff = await procedures(app, clerk);
    const stranger = await app.db.pool.connect();
    await stranger.query('begin');
    await stranger.query('select from stock_levels where variant_id = $1 for update', [tenant.variantId]);
    const startedMs = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        refusalFrom(staff.orders.place({ items: [{ product: 1, quantity: 1 }] })),
      ),
    );
    const tookMs = performance.now() - startedMs;
    await stranger.query('rollback');
    stranger.release();
    for (const answer of answers) expect(answer).toMatchObject({ code: 'BUSY' });
    expect(tookMs).toBeLessThan(5_000);
    expect(await refusalFrom(staff.orders.place({ items: [{ product: 1, quantity: 1 }] }))).toBe('went well');
  });
});

describe('a queue of orders that does not move', () => {
  it('tells those who wait in it to come again', async () => {
    const hurried = await openDatabase({ url: app.db.url, poolMax: 4, acquireTimeoutMs: 300 });
    const { tenant, staff: clerk } = await aShop(app, { stock: 100 });
    const staff = await procedures({ parts: { ...app.parts, placing: createPlacing(hurried) } }, clerk);
    const order = () => refusalFrom(staff.orders.place({ items: [{ product: 1, quantity: 1 }] }));
    const stranger = await app.db.pool.connect();
    await stranger.query('begin');
    await stranger.query('select from stock_levels where variant_id = $1 for update', [tenant.variantId]);
    const told: string[] = [];
    const all = Array.from({ length: 20 }, async (_, at) => {
      const answer = await order();
      told.push(at < 2 ? 'in a batch' : 'in the queue');
      return answer;
    });
    const answers = await Promise.all(all);
    await stranger.query('rollback');
    stranger.release();
    for (const answer of answers) expect(answer).toMatchObject({ code: 'BUSY' });
    expect(told.slice(0, 18)).toEqual(Array.from({ length: 18 }, () => 'in the queue'));
    expect(await order()).toBe('went well');
    await hurried.close();
  });
});
