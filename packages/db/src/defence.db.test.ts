import { describe, expect, it } from 'vitest';
import { check } from './check.ts';
import { dropStockDefence } from './defence.ts';
import { placeOne } from './testing/orders.ts';
import { aTenant, freshDatabase } from './testing.ts';

const db = await freshDatabase({ defenceOff: ['stock'], checked: false });

describe('without the stock defence', () => {
  it('more is sold than there is, and the check says so', async () => {
    await dropStockDefence(db);
    const shop = await aTenant(db, { stock: 5, balance: 1_000_000 });
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => placeOne(db, shop).then(() => 'placed', String)),
    );
    expect(answers.filter((answer) => answer === 'placed').length).toBeGreaterThan(5);
    const differences = await check(db, shop.tenantId);
    expect(differences.map(({ invariant }) => invariant)).toContain('I-2');
  });
});
