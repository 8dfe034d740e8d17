import { describe, expect, it } from 'vitest';
import { createFirstAdmin, sweep } from './boot.ts';
import { aShop, call, startApp } from './testing.ts';

const app = await startApp();

describe('several servers that start at once on an empty database', () => {
  it('make one administrator, and all of them go on', async () => {
    const firstAdmin = { email: 'first@example.com', password: 'a password for the first' };
    const config = { ...app.parts.config, firstAdmin };
    const at = '2026-11-21T09:00:00.000Z';
    const made = await Promise.all([1, 2, 3].map(() => createFirstAdmin(app.db, config, at)));
    expect(made.filter((email) => email !== null)).toEqual(['first@example.com']);
  });
});

describe('sweeping', () => {
  it('forgets a key when its hour is over, and none before', async () => {
    const { tenant, staff } = await aShop(app);
    const keys = async () => {
      const known = 'select key from idempotency_records where tenant_id = $1 order by key';
      const { rows } = await app.db.pool.query<{ key: string }>(known, [tenant.tenantId]);
      return rows.map(({ key }) => key);
    };
    const useKey = async (key: string, minutesAgo: number) => {
      const headers = { 'Idempotency-Key': key };
      expect((await call(app, '/orders', { token: staff.token, body: {}, headers })).status).toBe(200);
      await app.db.pool.query(
        `update idempotency_records set created_at = created_at - $3::int * interval '1 minute',
           expires_at = expires_at - $3::int * interval '1 minute' where tenant_id = $1 and key = $2`,
        [tenant.tenantId, key, minutesAgo],
      );
    };
    await useKey('old', 61);
    await useKey('young', 59);
    expect(await keys()).toEqual(['old', 'young']);
    await sweep(app.parts, new Date().toISOString());
    expect(await keys()).toEqual(['young']);
  });
});
