import { describe, expect, it } from 'vitest';
import { check } from './check.ts';
import { dropStockDefence } from './defence.ts';
import { placeOne } from './testing/orders.ts';
import { aTenant, freshDatabase, raceUntil } from './testing.ts';

const db = await freshDatabase({ defenceOff: ['stock'], checked: false });

describe('without the stock defence', () => {
  it('more is sold than there is, and the check says so', async () => {
    await dropStockDefence(db);
    const rush = async () => {
      const shop = await aTenant(db, { stock: 5, balance: 1_000_000 });
      const answers = await Promise.allSettled(Array.from({ length: 40 }, () => placeOne(db, shop)));
      const sold = answers.filter(({ status }) => status === 'fulfilled').length;
      return { sold, differences: await check(db, shop.tenantId) };
    };
    const { sold, differences } = await raceUntil((run) => run.sold > 5, rush);
    expect(sold).toBeGreaterThan(5);
    expect(differences.map(({ invariant }) => invariant)).toContain('I-2');
  });
});
