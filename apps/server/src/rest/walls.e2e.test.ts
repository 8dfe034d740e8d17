import { scopesOf } from '@orderloom/core';
import { describe, expect, it } from 'vitest';
import { aShop, call, type CallOptions, startApp } from '../testing.ts';
import { ruleOf } from './bridge.ts';
import { operationsOf } from './family.ts';
import { families } from './mount.ts';
import type { Row } from './row.ts';
import { aHand, fieldOf, occasionFor } from './testing/occasions.ts';
import { nothing } from './testing/seen.ts';
import { nameless } from './testing/vectors.ts';
import { isNeeded } from './testing/ways.ts';

const app = await startApp({ config: { trustNetwork: true } });
const ours = await aShop(app, { stock: 50, balance: 1_000_000 });
const theirs = await aShop(app, { stock: 50, balance: 1_000_000 });
const rows = families.flatMap((family) =>
  operationsOf(family).map(([row]) => [`${row.method.toUpperCase()} ${row.path}`, row] as const),
);

/** Everything that the other tenant has, by every name that only it has. */
async function namesOfTheirs(): Promise<string[]> {
  const { ask: call, placed, drafted, notified } = aHand(app, theirs.staff.token);
  await call('/products', { body: { name: 'Pot', sku: 'THEIR-POT', price: 1, quantity: 5 } });
  await call('/carts/1', { body: { product_id: 'THEIR-POT', quantity: 1 } });
  const ids = [await placed(), await drafted(), await notified()];
  const where = { name: 'Their place', line1: '1 Main St', city: 'X', postcode: '1', country: 'US' };
  ids.push(fieldOf(await call('/api/v1/addresses/', { body: where }), 'id'));
  ids.push(
    fieldOf(await call('/api/v1/stores/', { body: { name: 'Their store', slug: 'their-store' } }), 'id'),
  );
  // A number that none of our orders will have.
  const far = 'update number_counters set value = value + 5000 where tenant_id = $1';
  await app.db.pool.query(far, [theirs.tenant.tenantId]);
  ids.push(await placed());
  const { rows: numbered } = await app.db.pool.query<{ last: string }>(
    'select max(number) as last from orders where tenant_id = $1',
    [theirs.tenant.tenantId],
  );
  const { storeId, productId, variantId, customerId, principalId } = theirs.tenant;
  const last = numbered.map((found) => found.last);
  return [
    ...ids,
    ...last,
    storeId,
    productId,
    variantId,
    customerId,
    principalId,
    'THEIR-POT',
    'their-store',
    '2',
  ];
}
const foreign = await namesOfTheirs();

type How = Pick<CallOptions, 'token' | 'body'> & { readonly path: string };

/** A call of a row by our staff. */
const ask = (row: Row, { path, body, token = ours.admin.token }: How) =>
  call(app, path, {
    method: row.method.toUpperCase(),
    ...(row.body === null ? {} : { body }),
    ...(row.versioned === 'required' ? { headers: { 'If-Match': '1' } } : {}),
    token,
  });

/** What the other tenant has, in full. */
async function whatTheyHave(): Promise<unknown> {
  const tables = [
    'orders',
    'order_items',
    'events',
    'stock_levels',
    'products',
    'carts',
    'cart_items',
    'accounts',
    'addresses',
    'stores',
    'notifications',
  ];
  const found = [];
  for (const table of tables) {
    const sql = `select md5(string_agg(t::text, '|' order by t::text)) as sum
      from ${table} t where tenant_id = $1`;
    found.push((await app.db.pool.query<{ sum: string }>(sql, [theirs.tenant.tenantId])).rows[0]?.sum);
  }
  return found;
}
const before = await whatTheyHave();

const reading = rows.filter(
  ([, { method, params }]) => method === 'get' && Object.keys(params.shape).length === 0,
);
/** The parameters without which a row is not understood. */
const neededBy = (row: Row): string[] => Object.keys(row.query.shape).filter((name) => isNeeded(row, name));

/** Whether a customer may call it at all. */
function isForCustomers({ procedure }: Row): boolean {
  const rule = ruleOf(procedure);
  if (typeof rule === 'string') return true;
  return [rule.all, rule.own].some((scope) => scope !== undefined && scopesOf.customer.includes(scope));
}

/** Every way to put a name in the place of one parameter of a path, the others being ours. */
const pathsWith = ({ path, params }: Row, name: string): string[] =>
  Object.keys(params.shape).map((asked) =>
    path.replaceAll(/:(\w+)/g, (_, parameter) => (parameter === asked ? encodeURIComponent(name) : '1')),
  );

/** Every way to put a name in the place of one reference in a body. */
function bodiesWith(body: unknown, name: string): unknown[] {
  if (Array.isArray(body))
    return body.flatMap((item, at) => bodiesWith(item, name).map((other) => body.with(at, other)));
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([key, value]) => {
    const others = bodiesWith(value, name);
    const isReference = /^(?:product|product_id|variant|store|customer_id|\w+_address|order)$/.test(key);
    return (isReference ? [...others, name] : others).map((other) => ({ ...body, [key]: other }));
  });
}

describe('what another tenant has (wire test 41)', () => {
  it.each(rows.filter(([, { params }]) => Object.keys(params.shape).length > 0))(
    '%s looks like nothing',
    async (_, row) => {
      for (const name of foreign)
        for (const [at, path] of pathsWith(row, name).entries()) {
          const body = row.bodyExample ?? {};
          const answer = await ask(row, { path, body });
          const unknown = await ask(row, { path: pathsWith(row, nothing)[at] ?? '', body });
          expect([path, answer.status]).toEqual([path, 404]);
          const same = wordsOf(answer.text, name) === wordsOf(unknown.text, nothing);
          expect([path, same || isDigits(name)]).toEqual([path, true]);
        }
    },
  );

  it.each(rows.filter(([, { bodyExample }]) => bodiesWith(bodyExample, '').length > 0))(
    '%s names nothing when its body names that',
    async (_, row) => {
      const { path } = await occasionFor(row.operationId, aHand(app, ours.admin.token));
      for (const name of foreign)
        for (const [at, body] of bodiesWith(row.bodyExample, name).entries()) {
          const answer = await ask(row, { path, body });
          const unknown = await ask(row, { path, body: bodiesWith(row.bodyExample, nothing)[at] });
          expect([body, answer.status]).toEqual([body, expect.toBeOneOf([400, 404])]);
          expect(answer.status).toBe(unknown.status);
          expect(wordsOf(answer.text, name)).toBe(wordsOf(unknown.text, nothing));
        }
    },
  );

  it.each(reading.filter(([, row]) => neededBy(row).length === 0))(
    '%s lists none of it, by token, in a trusted network and for a customer',
    async (_, row) => {
      const trusted = { headers: { 'X-Tenant-Id': ours.tenant.tenantId } };
      const answers = [
        await ask(row, { path: row.path }),
        ...(isForCustomers(row) ? [await ask(row, { path: row.path, token: ours.customer.token })] : []),
        ...(row.trusted ? [await call(app, row.path, trusted)] : []),
      ];
      for (const { status, text } of answers) {
        expect(status).toBe(200);
        for (const name of foreign.filter((known) => known.length > 3)) expect(text).not.toContain(name);
      }
    },
  );

  it.each(reading.filter(([, row]) => neededBy(row).length > 0))(
    '%s finds none of it by its name',
    async (_, row) => {
      for (const name of foreign)
        for (const parameter of neededBy(row)) {
          const path = `${row.path}?${new URLSearchParams({ [parameter]: name }).toString()}`;
          expect([path, (await ask(row, { path })).status]).toEqual([path, 404]);
        }
    },
  );

  it('is as it was', async () => {
    expect(await whatTheyHave()).toEqual(before);
  });
});

/** Digits mean a customer or a product, and are told in other words than a name. */
const isDigits = (name: string): boolean => /^\d+$/.test(name);

/** An answer without what differs from call to call, and without the name that was asked for. */
const wordsOf = (text: string, name: string): string =>
  nameless(app.url, text)
    .replaceAll(isDigits(name) ? `: ${name}` : name, isDigits(name) ? ': <name>' : '<name>')
    .replaceAll(/<(?:uuid|number)>/g, '<name>');

describe('what belongs to no tenant (wire test 42, S4-17)', () => {
  it.each(['/schema/', '/docs/', '/schema', '/docs', '/openapi.json', '/healthz', '/readyz'])(
    '%s asks for no tenant and no credential',
    async (path) => {
      for (const headers of [{}, { 'X-Tenant-Id': 'nowhere' }] as const)
        expect((await call(app, path, { headers })).status).toBe(200);
    },
  );

  it('leaves everything else asking for one', async () => {
    const { status, json } = await call(app, '/orders');
    expect([status, json]).toMatchObject([
      400,
      {
        code: 'missing_tenant',
        message: 'X-Tenant-Id header required',
        error: 'X-Tenant-Id header required',
      },
    ]);
    expect((await call(app, '/orders', { headers: { 'X-Tenant-Id': 'nowhere' } })).status).toBe(403);
  });
});
