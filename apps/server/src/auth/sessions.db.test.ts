import { type Role, ok } from '@orderloom/core';
import { endExpiredSessions, read, sessionsOf, transact } from '@orderloom/db';
import { aTenant, freshDatabase } from '@orderloom/db/testing';
import { describe, expect, it } from 'vitest';
import {
  closeSession,
  closeSessionsOf,
  openSession,
  sessionCaller,
  sessionIdOf,
  sweepSessions,
} from './sessions.ts';

const db = await freshDatabase();
const desk = () => ({ db, at: new Date().toISOString() });
const role: Role = 'staff';

async function signedIn() {
  const owner = await aTenant(db);
  return { owner, token: await openSession(desk(), owner) };
}
/** Lets the database believe that a session is older than it is. */
const age = (token: string, set: string) =>
  db.pool.query(`update sessions set ${set} where id = $1`, [sessionIdOf(token)]);
const remaining = async (token: string): Promise<number> => {
  const { rows } = await db.pool.query(
    'select extract(epoch from expires_at - now())::float8 as seconds from sessions where id = $1',
    [sessionIdOf(token)],
  );
  return rows[0]?.seconds ?? 0;
};

describe('a session', () => {
  it('says who holds its token', async () => {
    const { owner, token } = await signedIn();
    const { tenantId, principalId } = owner;
    expect(await sessionCaller(desk(), token)).toMatchObject({ tenantId, principalId, role });
  });

  it('is stored as a hash, so that a copy of the table signs nobody in', async () => {
    const { token } = await signedIn();
    const { rows } = await db.pool.query('select id from sessions');
    expect(rows.map(({ id }) => id)).toContain(sessionIdOf(token));
    expect(rows.map(({ id }) => id)).not.toContain(token);
    for (const { id } of rows) expect(await sessionCaller(desk(), id)).toBeNull();
  });

  it('ends when it is closed', async () => {
    const { token } = await signedIn();
    await closeSession(desk(), token);
    expect(await sessionCaller(desk(), token)).toBeNull();
  });

  it('ends with all others of its owner, and with no others', async () => {
    const { owner, token } = await signedIn();
    const [second, foreign] = [await openSession(desk(), owner), await signedIn()];
    await closeSessionsOf(desk(), owner);
    expect(await sessionCaller(desk(), token)).toBeNull();
    expect(await sessionCaller(desk(), second)).toBeNull();
    expect(await sessionCaller(desk(), foreign.token)).not.toBeNull();
  });

  it('ends when its owner is disabled', async () => {
    const { owner, token } = await signedIn();
    await db.pool.query('update principals set disabled_at = now() where id = $1', [owner.principalId]);
    expect(await sessionCaller(desk(), token)).toBeNull();
  });
});

describe('the life of a session, by the clock of the database', () => {
  it('ends after 12 idle hours', async () => {
    const { token } = await signedIn();
    expect(await remaining(token)).toBeCloseTo(12 * 3600, -1);
    await age(token, `expires_at = now() - interval '1 second'`);
    expect(await sessionCaller(desk(), token)).toBeNull();
  });

  it('goes on while it is used', async () => {
    const { token } = await signedIn();
    await age(token, `created_at = now() - interval '11 hours', expires_at = now() + interval '1 hour'`);
    expect(await sessionCaller(desk(), token)).not.toBeNull();
    expect(await remaining(token)).toBeCloseTo(12 * 3600, -1);
  });

  it('is not written down on every request', async () => {
    const { token } = await signedIn();
    await age(token, `expires_at = now() + interval '11 hours 57 minutes'`);
    await sessionCaller(desk(), token);
    expect(await remaining(token)).toBeLessThan(11.96 * 3600);
  });

  it('ends after 7 days however much it is used', async () => {
    const { token } = await signedIn();
    await age(
      token,
      `created_at = now() - interval '6 days 23 hours', expires_at = now() + interval '1 minute'`,
    );
    expect(await sessionCaller(desk(), token)).not.toBeNull();
    expect(await remaining(token)).toBeLessThan(3601);
    await age(
      token,
      `created_at = now() - interval '7 days 1 second', expires_at = now() + interval '9 hours'`,
    );
    expect(await sessionCaller(desk(), token)).toBeNull();
  });

  it('does not ask the clock of this process', async () => {
    const { token } = await signedIn();
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect(await sessionCaller({ db, at: tomorrow }, token)).not.toBeNull();
  });
});

describe('sweeping', () => {
  it('removes the sessions that have ended, in every tenant, and leaves the others', async () => {
    const [one, other, living] = [await signedIn(), await signedIn(), await signedIn()];
    for (const { token } of [one, other]) await age(token, `expires_at = now() - interval '1 second'`);
    await sweepSessions(desk());
    const { rows } = await db.pool.query('select id from sessions');
    const left = rows.map(({ id }) => id);
    expect(left).toContain(sessionIdOf(living.token));
    expect(left).not.toContain(sessionIdOf(one.token));
    expect(left).not.toContain(sessionIdOf(other.token));
  });

  it('and everything else stays within the tenant', async () => {
    const { owner, token } = await signedIn();
    const stranger = { tenantId: (await aTenant(db)).tenantId };
    expect(await read(db, stranger, (em) => sessionsOf(em, owner.tenantId, owner.principalId))).toEqual([]);
    await age(token, `expires_at = now() - interval '1 second'`);
    await transact(db, stranger, async (em) => ok(await endExpiredSessions(em, owner.tenantId)));
    expect(await remaining(token)).toBeLessThan(0);
  });
});
