import { describe, expect, it } from 'vitest';
import {
  aConsole,
  type Answered,
  aShop,
  aUser,
  call,
  procedures,
  refusalFrom,
  startApp,
  type TestUser,
} from '../testing.ts';

const app = await startApp();
const dataOf = <T>({ json }: Answered) => (json as { result: { data: T } }).result.data;
const refusalOf = ({ json }: Answered) =>
  (json as { error?: { data?: { refusal?: { code: string } } } }).error?.data?.refusal;

async function as({ email }: TestUser) {
  const browser = aConsole(app);
  await browser.signIn(email);
  return browser;
}
const newcomer = (but = {}) => ({
  email: `new-${Math.random().toString(36).slice(2)}@example.com`,
  name: 'New Comer',
  role: 'staff',
  password: 'a long enough password',
  ...but,
});

describe('users', () => {
  it('are the business of administrators alone', async () => {
    const { staff, customer } = await aShop(app);
    for (const user of [staff, customer]) {
      const browser = await as(user);
      expect(refusalOf(await browser.query('users.list'))).toEqual({
        code: 'FORBIDDEN',
        scope: 'users:admin',
      });
      expect((await browser.mutate('users.create', newcomer())).status).toBe(403);
    }
  });

  it('are created, listed and can sign in', async () => {
    const { admin, staff } = await aShop(app);
    const browser = await as(admin);
    const asked = newcomer();
    const created = dataOf<{ id: string }>(await browser.mutate('users.create', asked));
    expect(created).toMatchObject({ email: asked.email, role: 'staff', disabled: false, customerId: null });
    const all = dataOf<{ id: string }[]>(await browser.query('users.list'));
    expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining([admin.id, staff.id, created.id]));
    expect(JSON.stringify(all)).not.toContain('argon2');
    expect((await aConsole(app).signIn(asked.email, asked.password)).status).toBe(200);
  });

  it('have an e-mail that nobody else has, in any tenant', async () => {
    const [one, other] = [await aShop(app), await aShop(app)];
    const browser = await as(one.admin);
    for (const { email } of [one.staff, other.staff])
      expect(refusalOf(await browser.mutate('users.create', newcomer({ email })))).toEqual({
        code: 'ALREADY_EXISTS',
        field: 'email',
      });
  });

  it('who are customers belong to one', async () => {
    const { admin } = await aShop(app);
    const browser = await as(admin);
    const create = (but: object) => browser.mutate('users.create', newcomer({ role: 'customer', ...but }));
    expect(refusalOf(await create({}))).toMatchObject({ code: 'INVALID_INPUT' });
    expect(refusalOf(await create({ customer: 'CUST999' }))).toMatchObject({ code: 'CUSTOMER_NOT_FOUND' });
    expect((await create({ customer: 1 })).status).toBe(200);
  });

  it('lose their sessions with a role, and everything when they are disabled', async () => {
    const { admin, staff } = await aShop(app);
    const [browser, theirs] = [await as(admin), await as(staff)];
    const set = await browser.mutate('users.setRole', { id: staff.id, role: 'admin' });
    expect(dataOf(set)).toMatchObject({ role: 'admin' });
    expect((await theirs.query('auth.sessions')).status).toBe(401);

    await theirs.signIn(staff.email);
    expect(dataOf(await browser.mutate('users.disable', { id: staff.id }))).toMatchObject({ disabled: true });
    expect((await theirs.query('auth.sessions')).status).toBe(401);
    expect((await theirs.signIn(staff.email)).status).toBe(401);
    expect((await call(app, '/order/customers', { token: staff.token })).status).toBe(401);

    await browser.mutate('users.enable', { id: staff.id });
    expect((await theirs.signIn(staff.email)).status).toBe(200);
  });

  it('cannot shut themselves out', async () => {
    const { admin } = await aShop(app);
    const browser = await as(admin);
    expect((await browser.mutate('users.disable', { id: admin.id })).status).toBe(400);
    expect((await browser.mutate('users.setRole', { id: admin.id, role: 'staff' })).status).toBe(400);
  });

  it('cannot all be shut out by one another at the same time', async () => {
    const { tenant, admin } = await aShop(app);
    const other = await aUser(app, tenant, 'admin');
    const [one, two] = [await procedures(app, admin), await procedures(app, other)];
    const outcomes = await Promise.all([
      refusalFrom(one.users.disable({ id: other.id })),
      refusalFrom(two.users.setRole({ id: admin.id, role: 'staff' })),
    ]);
    expect(outcomes).toContain('went well');
    expect(outcomes).toContainEqual({ code: 'FORBIDDEN', scope: 'users:admin' });
  });

  it('of another tenant are not there', async () => {
    const [one, other] = [await aShop(app), await aShop(app)];
    const browser = await as(one.admin);
    const foreign = await browser.mutate('users.disable', { id: other.staff.id });
    expect(refusalOf(foreign)).toEqual({ code: 'USER_NOT_FOUND', id: other.staff.id });
  });
});

describe('API tokens', () => {
  const asked = { name: 'Till', scopes: ['orders:read_all', 'customers:read'], expiresInDays: 30 };

  it('are shown once, work at once, and no longer once they are revoked', async () => {
    const { staff } = await aShop(app);
    const browser = await as(staff);
    const { id, token } = dataOf<{ id: string; token: string }>(
      await browser.mutate('users.tokens.create', asked),
    );
    expect(token).toMatch(/^olm_test_[0-9a-f]{12}_[\w-]{43}$/);
    expect((await call(app, '/order/customers', { token })).status).toBe(200);
    const list = dataOf<{ id: string; prefix: string }[]>(await browser.query('users.tokens.list'));
    expect(list.find((one) => one.id === id)).toMatchObject({ name: 'Till', prefix: token.slice(0, 21) });
    expect(JSON.stringify(list)).not.toContain(token);

    expect((await browser.mutate('users.tokens.revoke', { id })).status).toBe(200);
    expect((await call(app, '/order/customers', { token })).status).toBe(401);
  });

  it('may do no more than their owner', async () => {
    const { staff } = await aShop(app);
    const greedy = { ...asked, scopes: ['users:admin'] };
    expect(refusalOf(await (await as(staff)).mutate('users.tokens.create', greedy))).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'scopes' }],
    });
  });

  it('of others are the business of administrators', async () => {
    const { admin, staff, customer } = await aShop(app);
    const ofCustomer = { ...asked, user: customer.id, scopes: ['orders:read_own'] };
    const browser = await as(staff);
    expect(refusalOf(await browser.query('users.tokens.list', { user: customer.id }))).toMatchObject({
      code: 'FORBIDDEN',
      scope: 'tokens:admin',
    });
    expect((await browser.mutate('users.tokens.create', ofCustomer)).status).toBe(403);
    const made = dataOf<{ id: string }>(await (await as(admin)).mutate('users.tokens.create', ofCustomer));
    expect((await browser.mutate('users.tokens.revoke', { id: made.id })).status).toBe(404);
    expect((await (await as(admin)).mutate('users.tokens.revoke', { id: made.id })).status).toBe(200);
  });
});
