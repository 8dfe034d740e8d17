import { describe, expect, it } from 'vitest';
import { aShop, procedures, refusalFrom, startApp } from '../../testing.ts';

const app = await startApp();
const { staff: clerk } = await aShop(app, { stock: 1_000 });
const staff = await procedures(app, clerk);
const placed = () => staff.orders.place({ items: [{ product: 1, quantity: 1 }] });
const many = (count: number) => Promise.all(Array.from({ length: count }, placed));
const confirm = (id: string) => staff.orders.change({ id, command: { type: 'confirmOrder' } });

describe('commands that come at once', () => {
  it('are done for each order, in few transactions', async () => {
    const orders = await many(40);
    const answers = await Promise.all(orders.map(({ id }) => confirm(id)));
    expect(answers.map(({ id, status, version }) => ({ id, status, version }))).toEqual(
      orders.map(({ id }) => ({ id, status: 'CONFIRMED', version: 2 })),
    );
    const { rows } = await app.db.pool.query(
      `select xmin from orders where status = 'CONFIRMED' group by xmin`,
    );
    expect(rows.length).toBeLessThan(20);
  });

  it('are told each for itself what is refused', async () => {
    const [good, over, late] = await many(3);
    await staff.orders.change({ id: over?.id ?? '', command: { type: 'cancelOrder', reason: 'over' } });
    const answers = await Promise.all([
      refusalFrom(confirm(good?.id ?? '')),
      refusalFrom(confirm(over?.id ?? '')),
      refusalFrom(confirm('ORD-19700101-0001')),
      refusalFrom(
        staff.orders.change({ id: late?.id ?? '', expectedVersion: 7, command: { type: 'confirmOrder' } }),
      ),
    ]);
    expect(answers.map((answer) => Reflect.get(Object(answer), 'code') ?? answer)).toEqual([
      'went well',
      'INVALID_TRANSITION',
      'ORDER_NOT_FOUND',
      'VERSION_CONFLICT',
    ]);
  });

  it('on one order go one after the other, by whatever name it is called', async () => {
    const { id, number } = await placed();
    const names = [id, number ?? '', id.toUpperCase(), (number ?? '').toLowerCase(), id];
    const answers = await Promise.all(names.map((name) => refusalFrom(confirm(name))));
    expect(answers.filter((answer) => answer === 'went well')).toHaveLength(1);
    const refused = answers.filter((answer) => answer !== 'went well');
    for (const refusal of refused) expect(refusal).toMatchObject({ code: 'INVALID_TRANSITION' });
    expect(await staff.orders.get({ id })).toMatchObject({ status: 'CONFIRMED', version: 2 });
  });

  // On a busy machine the one may be told to come again before the others are answered.
  it('do not wait for the one whose order is held by somebody else', { retry: 3 }, async () => {
    const orders = await many(12);
    const held = orders[5]?.id ?? '';
    const stranger = await app.db.pool.connect();
    await stranger.query('begin');
    await stranger.query('select from orders where id = $1 for update', [held]);
    const ended: string[] = [];
    const all = orders.map(async ({ id }) => {
      const answer = await refusalFrom(confirm(id));
      ended.push(id);
      return answer;
    });
    // All others are answered while that one waits.
    await expect.poll(() => ended.length).toBe(11);
    expect(ended).not.toContain(held);
    await stranger.query('rollback');
    stranger.release();
    expect(new Set(await Promise.all(all))).toEqual(new Set(['went well']));
  });
});
