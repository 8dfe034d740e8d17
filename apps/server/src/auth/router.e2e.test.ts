import { describe, expect, it } from 'vitest';
import { aConsole, type Answered, aShop, startApp, testPassword } from '../testing.ts';

const app = await startApp();
const dataOf = ({ json }: Answered) => (json as { result?: { data?: unknown } }).result?.data;
const refusalOf = ({ json }: Answered) =>
  (json as { error?: { data?: { refusal?: { code: string } } } }).error?.data?.refusal;

describe('signing in', () => {
  it('answers who is signed in, where, and with which rights', async () => {
    const { staff } = await aShop(app);
    const browser = aConsole(app);
    expect(dataOf(await browser.query('auth.me'))).toEqual({ user: null, tenant: null, scopes: [] });
    const answer = await browser.signIn(` ${staff.email.toUpperCase()} `);
    const me = {
      user: { id: staff.id, email: staff.email, name: 'staff', role: 'staff' },
      tenant: { id: staff.tenantId, name: 'Test shop', currency: 'USD' },
      scopes: expect.arrayContaining(['orders:read_all']),
    };
    expect(dataOf(answer)).toEqual(me);
    expect(dataOf(await browser.query('auth.me'))).toEqual(me);
  });

  it('gives a cookie that no script reads and no other site sends', async () => {
    const { staff } = await aShop(app);
    const [cookie = ''] = (await aConsole(app).signIn(staff.email)).headers.getSetCookie();
    expect(cookie).toMatch(/^olm=[\w-]{43}; Max-Age=604800; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
  });

  it('fails alike for a wrong password, an unknown e-mail and somebody who was disabled', async () => {
    const { staff, customer } = await aShop(app);
    await app.db.pool.query('update principals set disabled_at = now() where id = $1', [customer.id]);
    const failures = await Promise.all([
      aConsole(app).signIn(staff.email, 'wrong'),
      aConsole(app).signIn('nobody@example.com'),
      aConsole(app).signIn(customer.email),
    ]);
    for (const failure of failures) {
      expect(failure.status).toBe(401);
      expect(refusalOf(failure)).toEqual({ code: 'SIGN_IN_FAILED' });
      expect(failure.headers.getSetCookie()).toEqual([]);
    }
  });

  it('is limited, and says when to come back', async () => {
    const { staff } = await aShop(app);
    const browser = aConsole(app);
    for (let time = 0; time < 5; time += 1) await browser.signIn(staff.email, 'wrong');
    const sixth = await browser.signIn(staff.email);
    expect(sixth.status).toBe(429);
    expect(refusalOf(sixth)).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) });
    await app.db.pool.query('delete from sign_in_attempts');
  });

  it('never takes a session that came from outside (fixation), and ends the one before', async () => {
    const { staff } = await aShop(app);
    const browser = aConsole(app);
    const planted = `olm=${'A'.repeat(43)}`;
    browser.use(planted);
    await browser.signIn(staff.email);
    const first = browser.cookie();
    expect(first).not.toBe(planted);
    await browser.signIn(staff.email);
    expect(browser.cookie()).not.toBe(first);

    for (const old of [planted, first]) {
      const thief = aConsole(app);
      thief.use(old);
      expect((await thief.query('auth.sessions')).status).toBe(401);
    }
  });

  it('does not work with what a copy of the table holds', async () => {
    const { staff } = await aShop(app);
    await aConsole(app).signIn(staff.email);
    const { rows } = await app.db.pool.query('select id from sessions where principal_id = $1', [staff.id]);
    const thief = aConsole(app);
    thief.use(`olm=${String(rows[0]?.id)}`);
    expect((await thief.query('auth.sessions')).status).toBe(401);
  });

  it('is over after signing out, for whoever kept the cookie too', async () => {
    const { staff } = await aShop(app);
    const browser = aConsole(app);
    await browser.signIn(staff.email);
    const kept = browser.cookie();
    await browser.mutate('auth.signOut');
    expect(browser.cookie()).toBe('olm=');
    browser.use(kept);
    expect((await browser.query('auth.sessions')).status).toBe(401);
  });

  it('leaves no password, cookie or token in the log', async () => {
    const { staff } = await aShop(app);
    const browser = aConsole(app);
    await browser.signIn(staff.email);
    await browser.signIn(staff.email, 'a-wrong-password');
    const log = JSON.stringify(app.logged());
    for (const secret of [testPassword, 'a-wrong-password', browser.cookie().slice(4), staff.token])
      expect(log).not.toContain(secret);
  });
});

describe('sessions', () => {
  it('are listed to their owner, who can end any of them', async () => {
    const { staff, admin } = await aShop(app);
    const [here, there, foreign] = [aConsole(app), aConsole(app), aConsole(app)];
    await here.signIn(staff.email);
    await there.signIn(staff.email);
    await foreign.signIn(admin.email);
    const list = dataOf(await here.query('auth.sessions')) as { id: string; current: boolean }[];
    expect(list.filter(({ current }) => current)).toHaveLength(1);
    expect(list).toHaveLength(2);

    const other = list.find(({ current }) => !current)?.id;
    expect((await foreign.mutate('auth.endSession', { id: other })).status).toBe(404);
    expect((await here.mutate('auth.endSession', { id: other })).status).toBe(200);
    expect((await there.query('auth.sessions')).status).toBe(401);
    expect((await here.query('auth.sessions')).status).toBe(200);
  });
});

describe('changing the password', () => {
  it('ends every session but this one, which goes on under another token', async () => {
    const { staff } = await aShop(app);
    const [here, there] = [aConsole(app), aConsole(app)];
    await here.signIn(staff.email);
    await there.signIn(staff.email);
    const before = here.cookie();
    const asked = { currentPassword: testPassword, newPassword: 'another horse battery' };
    expect((await here.mutate('auth.changePassword', asked)).status).toBe(200);
    expect(here.cookie()).not.toBe(before);
    expect((await here.query('auth.sessions')).status).toBe(200);
    expect((await there.query('auth.sessions')).status).toBe(401);
    expect((await aConsole(app).signIn(staff.email)).status).toBe(401);
    expect((await aConsole(app).signIn(staff.email, 'another horse battery')).status).toBe(200);
  });

  it.each([
    ['the current one is wrong', { currentPassword: 'wrong', newPassword: 'another horse battery' }, 401],
    ['everybody knows the new one', { currentPassword: testPassword, newPassword: 'password1234' }, 400],
    ['the new one is short', { currentPassword: testPassword, newPassword: 'short' }, 400],
  ])('is refused when %s', async (_, asked, status) => {
    const { staff } = await aShop(app);
    const browser = aConsole(app);
    await browser.signIn(staff.email);
    expect((await browser.mutate('auth.changePassword', asked)).status).toBe(status);
  });
});
