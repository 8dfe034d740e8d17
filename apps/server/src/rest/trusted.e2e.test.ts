import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { aConsole, aShop, call, startApp } from '../testing.ts';

const app = await startApp({ config: { trustNetwork: true } });
const { tenant, staff, customer } = await aShop(app);
const here = { 'X-Tenant-Id': tenant.tenantId };

/** The status of a GET with headers that fetch would not let through. */
const get = (path: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(app.url + path, { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.once('error', reject).end();
  });

describe('a trusted network', () => {
  it.each(['/order/customers', '/order/products', '/order/products/'])(
    'opens %s to its neighbours',
    async (path) => {
      expect((await call(app, path, { headers: here })).status).toBe(200);
    },
  );

  it('asks which tenant is meant when there is no default', async () => {
    const { status, text } = await call(app, '/order/products');
    expect([status, text]).toEqual([400, '{"status":"X-Tenant-Id header required."}']);
  });

  it('answers an unknown tenant with 403', async () => {
    expect((await call(app, '/order/products', { headers: { 'X-Tenant-Id': 'nowhere' } })).status).toBe(403);
  });

  it.each([
    ['POST', '/order/'],
    ['GET', '/api/v1/orders/'],
  ])('keeps %s %s behind a token', async (method, path) => {
    const body = method === 'POST' ? { body: {} } : {};
    expect((await call(app, path, { method, headers: here, ...body })).status).toBe(401);
  });

  it('still refuses a token that is not good', async () => {
    expect((await call(app, '/order/products', { token: 'nobody', headers: here })).status).toBe(401);
  });

  it.each([
    { Host: 'evil.example' },
    { Host: 'evil.example:8000' },
    { Origin: 'https://evil.example' },
    { Origin: 'http://localhost:1' },
    { Origin: 'null' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
  ])('is out of reach for a web page: %o', async (foreign) => {
    expect(await get('/order/customers', { ...here, ...foreign })).toBe(403);
  });

  it('is there for a page of its own', async () => {
    const own = { Origin: app.url, 'Sec-Fetch-Site': 'same-origin' };
    expect(await get('/order/customers', { ...here, ...own })).toBe(200);
  });
});

describe('a token in three headers', () => {
  it.each([
    ['Authorization', `bEaReR ${staff.token}`],
    ['Authorization', `Token ${staff.token}`],
    ['X-Api-Key', staff.token],
  ])('is understood in %s: %s', async (name, value) => {
    expect((await call(app, '/order/customers', { headers: { [name]: value } })).status).toBe(200);
  });
});

describe('beside the REST API, the console', () => {
  it('still refuses a text for a number', async () => {
    const body = { customer_id: 1, product_id: 1, quantity: 1 };
    expect((await call(app, '/order/', { token: customer.token, body })).status).toBe(200);
    const console = aConsole(app);
    await console.signIn(staff.email);
    const answer = await console.mutate('orders.place', { items: [{ product: 1, quantity: '2' }] });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('INVALID_INPUT');
  });

  it('is closed to whoever brings a cookie to the REST API', async () => {
    const console = aConsole(app);
    await console.signIn(staff.email);
    const headers = { Cookie: console.cookie() };
    expect((await call(app, '/api/v1/orders/', { headers })).status).toBe(401);
  });
});
