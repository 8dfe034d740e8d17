import { may, type Scope } from '@orderloom/core';
import { newId } from '@orderloom/db';
import { aTenant, freshDatabase } from '@orderloom/db/testing';
import { describe, expect, it, vi } from 'vitest';
import { createLog } from '../log.ts';
import { hashOf, mintToken } from '../token.ts';
import { callerOfToken, trustedCaller } from './caller.ts';

const db = await freshDatabase();
const lines: string[] = [];
const parts = { db, log: createLog({ mode: 'test', logLevel: 'debug' }, (line) => lines.push(line)) };
const invalid = { ok: false, error: { code: 'INVALID_TOKEN' } };

async function aToken(scopes: readonly Scope[] = ['orders:read_all', 'users:admin'], set = '') {
  const { tenantId, principalId } = await aTenant(db);
  const { token, prefix, hash } = mintToken({ mode: 'test' });
  const id = newId();
  await db.pool.query(
    `insert into api_tokens
       (tenant_id, id, principal_id, name, prefix, secret_hash, scopes, created_at, expires_at)
     values ($1, $2, $3, 'test', $4, $5, $6, now(), now() + interval '1 day')`,
    [tenantId, id, principalId, prefix, hash, scopes],
  );
  if (set !== '') await db.pool.query(`update api_tokens set ${set} where id = $1`, [id]);
  return { tenantId, principalId, id, token };
}
const usedAt = async (id: string) =>
  (await db.pool.query('select last_used_at from api_tokens where id = $1', [id])).rows[0]?.last_used_at ??
  null;

describe('an API token', () => {
  it('is made of a prefix that scanners know, an id and 43 characters of chance', () => {
    expect(mintToken({ mode: 'production' }).token).toMatch(/^olm_live_[0-9a-f]{12}_[\w-]{43}$/);
    expect(mintToken({ mode: 'development' }).token).toMatch(/^olm_test_[0-9a-f]{12}_[\w-]{43}$/);
  });

  it('acts as its owner in its tenant, with its own scopes', async () => {
    const { token, tenantId, principalId, id } = await aToken(['orders:read_all']);
    expect(await callerOfToken(parts, token)).toMatchObject({
      ok: true,
      value: { tenantId, principalId, tokenId: id, role: 'staff', granted: ['orders:read_all'] },
    });
  });

  it('never may more than the role of its owner, whatever it was granted', async () => {
    const found = await callerOfToken(parts, (await aToken()).token);
    if (!found.ok) throw new Error('invalid');
    expect(may(found.value, 'orders:read_all')).toBe(true);
    expect(may(found.value, 'users:admin')).toBe(false);
    expect(may(found.value, 'stock:write')).toBe(false);
  });

  it.each([
    ['has expired', `expires_at = now() - interval '1 second'`],
    ['was revoked', 'revoked_at = now()'],
  ])('is worthless once it %s', async (_, set) => {
    expect(await callerOfToken(parts, (await aToken([], set)).token)).toEqual(invalid);
  });

  it('is worthless once its owner is disabled', async () => {
    const { token, principalId } = await aToken();
    await db.pool.query('update principals set disabled_at = now() where id = $1', [principalId]);
    expect(await callerOfToken(parts, token)).toEqual(invalid);
  });

  it('is not its hash, and not a part of it', async () => {
    const { token } = await aToken();
    for (const text of [
      hashOf(token),
      token.slice(0, -1),
      `${token}x`,
      '',
      'olm_test_',
      `olm_${'x'.repeat(500)}`,
    ])
      expect(await callerOfToken(parts, text)).toEqual(invalid);
  });

  it('remembers its last use, once a minute at the most', async () => {
    const { token, id } = await aToken();
    await Promise.all(Array.from({ length: 10 }, () => callerOfToken(parts, token)));
    await vi.waitFor(async () => expect(await usedAt(id)).not.toBeNull(), 10_000);
    const first = await usedAt(id);
    await callerOfToken(parts, token);
    await db.pool.query('select pg_sleep(0.05)');
    expect(await usedAt(id)).toEqual(first);
  });
});

describe('a caller in a trusted network', () => {
  it('is the service of the tenant that it names', async () => {
    const { tenantId } = await aTenant(db);
    const caller = { tenantId, role: 'service', principalId: null, granted: null };
    expect(await trustedCaller(parts, tenantId)).toMatchObject({ ok: true, value: caller });
    expect(await trustedCaller(parts, tenantId)).toMatchObject({ ok: true, value: caller });
  });

  it.each(['nobody', '', `'; drop table tenants --`, '../shop-1'])(
    'is refused for the tenant "%s"',
    async (name) => {
      expect(await trustedCaller(parts, name)).toEqual({ ok: false, error: { code: 'TENANT_MISMATCH' } });
    },
  );
});
