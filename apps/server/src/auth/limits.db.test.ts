import { freshDatabase } from '@orderloom/db/testing';
import { describe, expect, it } from 'vitest';
import { admitTry, forgiveTry } from './limits.ts';

const db = await freshDatabase();
let unique = 0;
const someone = () => ({ email: `a${(unique += 1)}@example.com`, address: `10.0.0.${unique}` });
const refused = (wait: unknown) => ({ ok: false, error: { code: 'RATE_LIMITED', retryAfterSeconds: wait } });
const admittedOf = (all: readonly { ok: boolean }[]) => all.filter(({ ok }) => ok).length;

describe('trying to sign in', () => {
  it('is let through five times in 15 minutes for one account, and then told when to come back', async () => {
    const one = someone();
    for (let time = 0; time < 5; time += 1)
      expect(await admitTry(db, one)).toEqual({ ok: true, value: null });
    expect(await admitTry(db, one)).toEqual(refused(expect.any(Number)));
    const last = await admitTry(db, one);
    if (last.ok || last.error.code !== 'RATE_LIMITED') throw new Error('admitted');
    expect(last.error.retryAfterSeconds).toBeGreaterThan(890);
    expect(last.error.retryAfterSeconds).toBeLessThanOrEqual(900);
  });

  it('does not slip past the limit in parallel', async () => {
    const one = someone();
    const all = await Promise.all(Array.from({ length: 20 }, () => admitTry(db, one)));
    expect(admittedOf(all)).toBe(5);
  });

  it('is let through thirty times for one address, whatever the accounts', async () => {
    const { address } = someone();
    const all = await Promise.all(
      Array.from({ length: 35 }, (_, at) => admitTry(db, { email: `b${at}@example.com`, address })),
    );
    expect(admittedOf(all)).toBe(30);
  });

  it('from a blocked address no longer counts against the account', async () => {
    const { address } = someone();
    for (let time = 0; time < 31; time += 1) await admitTry(db, { email: `c${time}@example.com`, address });
    const { email } = someone();
    for (let time = 0; time < 10; time += 1) await admitTry(db, { email, address });
    expect(await admitTry(db, { email, address: '10.9.9.9' })).toMatchObject({ ok: true });
  });

  it('starts afresh for the account after a success', async () => {
    const one = someone();
    for (let round = 0; round < 3; round += 1) {
      for (let time = 0; time < 4; time += 1) await admitTry(db, one);
      await forgiveTry(db, one);
    }
    expect(await admitTry(db, one)).toMatchObject({ ok: true });
  });

  it('starts afresh when the 15 minutes are over', async () => {
    const one = someone();
    for (let time = 0; time < 7; time += 1) await admitTry(db, one);
    await db.pool.query(
      `update sign_in_attempts set window_started_at = now() - interval '901 seconds' where subject = $1`,
      [`account:${one.email}`],
    );
    expect(await admitTry(db, one)).toMatchObject({ ok: true });
  });
});
