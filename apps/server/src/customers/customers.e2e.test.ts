import { describe, expect, it } from 'vitest';
import { aShop, procedures, refusalFrom, startApp } from '../testing.ts';

const app = await startApp();
const { staff: clerk } = await aShop(app);
const staff = await procedures(app, clerk);
const someone = { name: 'Ann Example', email: 'ann@example.com' };

describe('a new customer', () => {
  it('passes over a number whose code somebody has chosen before', async () => {
    const { ref } = await staff.customers.create(someone);
    await staff.customers.create({ ...someone, code: `CUST${ref + 2}` });
    expect(await staff.customers.create(someone)).toMatchObject({ ref: ref + 3, code: `CUST${ref + 3}` });
  });

  it('has a code that names no other customer', async () => {
    const other = await staff.customers.create(someone);
    expect(await refusalFrom(staff.customers.create({ ...someone, code: other.code }))).toEqual({
      code: 'ALREADY_EXISTS',
      field: 'code',
    });
    expect(await refusalFrom(staff.customers.create({ ...someone, code: other.id }))).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'code' }],
    });
  });
});
