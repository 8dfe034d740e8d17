import { raceUntil } from '@orderloom/db/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aShop, call, type CallOptions, startApp, type TestApp } from '../../testing.ts';

const app = await startApp();
const bare = await startApp({ defenceOff: ['version'], checked: false });
const Product = z.looseObject({
  id: z.string(),
  price: z.string(),
  stock: z.int(),
  variants: z.array(z.looseObject({ id: z.string(), sku: z.string(), price: z.string() })),
});

/** A member of the staff who calls the API. */
async function aClerk(on: TestApp = app) {
  const shop = await aShop(on);
  const ask = (path: string, options: CallOptions = {}) =>
    call(on, `/api/v1/${path}`, { token: shop.staff.token, ...options });
  return { shop, ask };
}
const variants = [{ sku: 'CUP-BLUE' }, { sku: 'CUP-RED', price: '13.00' }];
const cup = { name: 'Cup', sku: 'CUP', price: '12.50', variants };

describe('a thing that was read', () => {
  it.each(['products/CUP/', 'customers/CUST1/'])('%s can be sent back as it is', async (path) => {
    const { ask } = await aClerk();
    await ask('products/', { body: cup });
    const read = await ask(path);
    const sent = await ask(path, { method: 'PUT', body: read.json });
    expect([sent.status, sent.text]).toEqual([200, read.text]);
  });

  it('can be changed and sent back, and what follows the product goes on following it', async () => {
    const { ask } = await aClerk();
    await ask('products/', { body: cup });
    const read = await ask('products/CUP/');
    const body = { ...Product.parse(read.json), price: '20.00' };
    const headers = { 'If-Match': read.headers.get('etag') ?? '' };
    const sent = await ask('products/CUP/', { method: 'PUT', body, headers });
    expect(Product.parse(sent.json)).toMatchObject({
      price: '20.00',
      variants: [
        { sku: 'CUP-BLUE', price: '20.00' },
        { sku: 'CUP-RED', price: '13.00' },
      ],
    });
    expect((await ask('products/CUP/', { method: 'PUT', body, headers })).status).toBe(412);
  });

  it('is another version once goods have come, so that nobody keeps an old stock', async () => {
    const { ask } = await aClerk();
    const before = await ask('products/MUG/');
    await ask('products/MUG/receive/', { body: { quantity: 1 } });
    const tag = { 'If-None-Match': before.headers.get('etag') ?? '' };
    const after = await ask('products/MUG/', { headers: tag });
    expect(after.status).toBe(200);
    expect(Product.parse(after.json).stock).toBe(Product.parse(before.json).stock + 1);
  });

  it('is put once with a key, also when what it said again has changed since', async () => {
    const { ask } = await aClerk();
    const read = Product.parse((await ask('products/MUG/')).json);
    const put = { method: 'PUT', body: { ...read, price: '9.00' }, headers: { 'Idempotency-Key': 'put' } };
    const first = await ask('products/MUG/', put);
    await ask('products/MUG/receive/', { body: { quantity: 1 } });
    const second = await ask('products/MUG/', put);
    expect([second.status, second.text]).toEqual([first.status, first.text]);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
  });
});

describe('a variant', () => {
  it('of a product that was renamed bears its name and sku, unless it has its own', async () => {
    const { ask } = await aClerk();
    await ask('products/', { body: { ...cup, variants: [{}, { sku: 'CUP-RED', name: 'red' }] } });
    const { json } = await ask('products/CUP/', { method: 'PATCH', body: { name: 'Jug', sku: 'JUG' } });
    expect(Product.parse(json).variants).toMatchObject([
      { sku: 'JUG', name: 'Jug' },
      { sku: 'CUP-RED', name: 'red' },
    ]);
  });

  it('can be ordered once it was added and goods have come', async () => {
    const { ask } = await aClerk();
    const more = { variants: [{ sku: 'MUG' }, { sku: 'MUG-XL', options: { size: 'XL' }, price: '30.00' }] };
    await ask('products/MUG/', { method: 'PATCH', body: more });
    await ask('products/MUG/receive/', { body: { variant: 'MUG-XL', quantity: 2 } });
    const items = [{ product: 'MUG', variant: 'MUG-XL', quantity: 2, unit_price: '30.00' }];
    expect((await ask('orders/', { body: { items } })).status).toBe(201);
    const short = await ask('orders/', { body: { items } });
    expect([short.status, short.json]).toMatchObject([400, { error: 'Insufficient stock. Available: 0' }]);
  });

  it.each([
    ['of another product', [{ sku: 'MUG' }, { sku: 'CUP-RED' }], 409],
    ['that is nowhere', [{ id: '0199aa00-0000-7000-8000-00000000dead' }], 400],
    ['with a count that is not so', [{ sku: 'MUG', stock: 99 }], 400],
    ['twice', [{ sku: 'MUG' }, { sku: 'NEW' }, { sku: 'NEW' }], 409],
  ])('%s is refused', async (_, asked, status) => {
    const { ask } = await aClerk();
    await ask('products/', { body: cup });
    const before = (await ask('products/MUG/')).text;
    expect((await ask('products/MUG/', { method: 'PATCH', body: { variants: asked } })).status).toBe(status);
    expect((await ask('products/MUG/')).text).toBe(before);
  });
});

/** Ten who all read the same version and change it; how many of them are told that it went well. */
async function winners(on: TestApp): Promise<number> {
  const { ask } = await aClerk(on);
  const headers = { 'If-Match': (await ask('stores/main/')).headers.get('etag') ?? '' };
  const change = (at: number) =>
    ask('stores/main/', { method: 'PATCH', body: { name: `Store ${at}` }, headers });
  const answers = await Promise.all(Array.from({ length: 10 }, (_, at) => change(at)));
  return answers.filter(({ status }) => status === 200).length;
}

describe('ten who change the same version', () => {
  it('never overwrite each other', async () => {
    expect(await winners(app)).toBe(1);
  });

  it('would without the locks', async () => {
    const won = await raceUntil(
      (count) => count > 1,
      () => winners(bare),
    );
    expect(won).toBeGreaterThan(1);
  });
});

describe('an API token', () => {
  const scopes = ['tokens:admin', 'orders:read_all'];

  it('works at once, makes none that can do more than itself, and is worthless once revoked', async () => {
    const { shop, ask } = await aClerk();
    const { token: admin } = shop.admin;
    const made = await ask('tokens/', { token: admin, body: { name: 'ERP', scopes } });
    const { id, token } = z.looseObject({ id: z.string(), token: z.string() }).parse(made.json);
    expect((await ask('orders/', { token })).status).toBe(200);
    expect((await ask('customers/', { token })).status).toBe(403);
    const more = await ask('tokens/', { token, body: { name: 'More', scopes: ['customers:read'] } });
    expect([more.status, more.json]).toMatchObject([400, { details: { scopes: [expect.any(String)] } }]);
    expect((await ask(`tokens/${id}/`, { token: admin, method: 'DELETE' })).status).toBe(200);
    expect((await ask('orders/', { token })).status).toBe(401);
    const { json } = await ask(`tokens/${id}/`, { token: admin });
    expect(json).toMatchObject({ last_used_at: expect.any(String), revoked_at: expect.any(String) });
  });
});
