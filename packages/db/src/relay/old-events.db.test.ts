import { expect, it } from 'vitest';
import { check } from '../check.ts';
import { migrate, pending, rollback } from '../migrate.ts';
import { aTenant, freshDatabase } from '../testing.ts';
import { placeOne } from '../testing/orders.ts';

const db = await freshDatabase();

it('what happened before there was a relay is published, and nobody is told of it as news', async () => {
  const shops = [await aTenant(db), await aTenant(db)];
  for (const shop of shops) await placeOne(db, shop);
  while (!(await pending(db)).includes('Migration20261121100000-relay')) await rollback(db);
  await migrate(db);
  for (const { tenantId } of shops) {
    const { rows } = await db.pool.query(
      `select count(*)::int as events, max(feed_seq)::int as last, count(published_at)::int as published
       from events where tenant_id = $1`,
      [tenantId],
    );
    expect(rows).toEqual([{ events: 5, last: 5, published: 5 }]);
  }
  expect((await db.pool.query('select 1 from deliveries')).rowCount).toBe(0);
  expect(await check(db)).toEqual([]);
});
