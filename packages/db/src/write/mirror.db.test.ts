import { ok } from '@orderloom/core';
import { describe, expect, it } from 'vitest';
import { aTenant, freshDatabase } from '../testing.ts';
import { transact } from '../transact.ts';
import { mirrorProducts, type Mirrored, type Offered } from './mirror.ts';

const db = await freshDatabase();
const at = '2026-11-21T10:00:00.000Z';
const tea: Offered = { id: '7', sku: 'TEA', name: 'Tea', price: 450 };

async function mirror(tenantId: string, ...offers: Offered[]): Promise<Map<string, Mirrored>> {
  const done = await transact<Map<string, Mirrored>, never>(db, { tenantId }, async (em) =>
    ok(await mirrorProducts(em, tenantId, { offers, at, currency: 'USD' })),
  );
  if (!done.ok) throw new Error(done.error.code);
  return done.value;
}
const productsOf = async (tenantId: string) => {
  const { rows } = await db.pool.query(
    'select ref, sku, name, price_minor::int as price from products where tenant_id = $1 order by ref',
    [tenantId],
  );
  return rows;
};
const mug = { ref: 1, sku: 'MUG', name: 'Mug', price: 2_500 };

describe('a product of another catalogue', () => {
  it('is a new one of ours, under the number that it has there, which is not given again', async () => {
    const { tenantId } = await aTenant(db);
    await mirror(tenantId, tea);
    expect(await productsOf(tenantId)).toEqual([mug, { ref: 7, sku: 'TEA', name: 'Tea', price: 450 }]);
    const counter = `select value::int from number_counters where tenant_id = $1 and name = 'product'`;
    expect((await db.pool.query(counter, [tenantId])).rows).toEqual([{ value: 7 }]);
  });

  it('is the one of its sku, and takes its name and price from there', async () => {
    const { tenantId, productId } = await aTenant(db);
    const found = await mirror(tenantId, { id: '7', sku: 'MUG', name: 'Big mug', price: 900 });
    expect(found.get('7')?.productId).toBe(productId);
    expect(await productsOf(tenantId)).toEqual([{ ref: 1, sku: 'MUG', name: 'Big mug', price: 900 }]);
  });

  it('is not the one of its number when that is something else', async () => {
    const { tenantId } = await aTenant(db);
    await mirror(tenantId, { ...tea, id: '1' });
    expect(await productsOf(tenantId)).toEqual([mug, { ref: 2, sku: 'TEA', name: 'Tea', price: 450 }]);
  });

  it('is the one of its number when that has no sku of its own', async () => {
    const { tenantId, productId } = await aTenant(db);
    await db.pool.query(`update products set sku = 'P-1' where tenant_id = $1`, [tenantId]);
    expect((await mirror(tenantId, { ...tea, id: '1' })).get('1')?.productId).toBe(productId);
  });

  it('stays the same one whatever becomes of its names', async () => {
    const { tenantId } = await aTenant(db);
    const before = await mirror(tenantId, tea);
    const after = await mirror(tenantId, { ...tea, sku: 'MUG', name: 'Green tea', price: 500 });
    expect(after.get('7')?.productId).toBe(before.get('7')?.productId);
    expect(await productsOf(tenantId)).toContainEqual({ ref: 7, sku: 'TEA', name: 'Green tea', price: 500 });
  });

  it('is made once, however many meet it together', async () => {
    const { tenantId } = await aTenant(db);
    await Promise.all(
      Array.from({ length: 8 }, () => mirror(tenantId, tea, { ...tea, id: 'x', sku: 'CUP' })),
    );
    expect((await productsOf(tenantId)).map(({ sku }) => sku)).toEqual(['MUG', 'TEA', 'CUP']);
  });
});
