import { describe, expect, it } from 'vitest';
import { aShop, procedures, refusalFrom, startApp } from '../testing.ts';

const app = await startApp();
const { staff: clerk } = await aShop(app);
const staff = await procedures(app, clerk);
const tea = { name: 'Tea', price: 450 };

describe('a new product', () => {
  it('passes over a number whose sku somebody has chosen before', async () => {
    const { ref } = await staff.products.create(tea);
    await staff.products.create({ ...tea, sku: `P-${ref + 2}` });
    expect(await staff.products.create(tea)).toMatchObject({ ref: ref + 3, sku: `P-${ref + 3}` });
  });

  it('has a sku that names no other product', async () => {
    const { id, sku } = await staff.products.create(tea);
    expect(await refusalFrom(staff.products.create({ ...tea, sku }))).toEqual({
      code: 'ALREADY_EXISTS',
      field: 'sku',
    });
    expect(await refusalFrom(staff.products.create({ ...tea, sku: id }))).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'sku' }],
    });
  });
});
