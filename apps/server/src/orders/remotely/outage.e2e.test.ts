import { describe, expect, it } from 'vitest';
import { faults, startStandIn } from '../../remote/testing/stand-in.ts';
import { aShop, call, startApp } from '../../testing.ts';

const alerts = `select type from events where tenant_id = $1 and type like '%unreachable'`;
describe.each(faults)('a catalogue that is %s', (fault) => {
  // A machine that is busy with something else may take longer: the best of several tries counts.
  it('is a 503 in time, one alert, and no order', { retry: 3 }, async () => {
    const catalogue = await startStandIn();
    const own = await startApp({ poolMax: 4, config: { catalogUrl: catalogue.url } });
    const { tenant, staff } = await aShop(own);
    const { tenantId } = tenant;
    Object.assign(catalogue, { fault });
    const slow = `select count(*)::int as count from pg_stat_activity where datname = current_database()
      and state = 'idle in transaction' and clock_timestamp() - state_change > interval '300 ms'`;
    let idle = 0;
    const look = () => own.db.pool.query(slow).then(({ rows: [row] }) => (idle += row.count));
    const watch = setInterval(() => void look(), 50);
    const began = performance.now();
    const order = () =>
      call(own, '/orders', {
        token: staff.token,
        body: { products: [{ product_id: 'TEA', item_count: 2 }] },
      });
    const answers = await Promise.all(Array.from({ length: 10 }, order));
    const took = performance.now() - began;
    clearInterval(watch);
    expect(took).toBeLessThan(3_000);
    for (const { status, headers, json } of answers) {
      expect([status, headers.get('retry-after')]).toEqual([503, '5']);
      expect(json).toMatchObject({ code: 'service_unreachable' });
    }
    expect(idle).toBe(0);
    const found = async (sql: string) => (await own.db.pool.query(sql, [tenantId])).rows;
    expect(await found(alerts)).toEqual([{ type: 'inventory.unreachable' }]);
    expect(await found('select id from orders where tenant_id = $1')).toEqual([]);
    expect(catalogue.products.get('1')?.quantity).toBe(10);
  });
});
