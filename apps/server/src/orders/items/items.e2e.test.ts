import { describe, expect, it } from 'vitest';
import { startApp } from '../../testing.ts';
import { aStory, Item, ItemList } from './testing.ts';

const app = await startApp();

/** A second place where a variant can lie; its id. */
async function aBackroom({ tenantId, variantId }: Record<'tenantId' | 'variantId', string>): Promise<string> {
  const { rows } = await app.db.pool.query<{ id: string }>(
    `with place as (
       insert into stock_locations (tenant_id, id, name, priority, active, created_at, updated_at)
       values ($1, gen_random_uuid(), 'Back room', 9, true, now(), now()) returning id
     ), level as (
       insert into stock_levels (tenant_id, variant_id, location_id, on_hand, reserved, backorder_limit,
         updated_at)
       select $1, $2, id, 0, 0, 0, now() from place
     )
     select id from place`,
    [tenantId, variantId],
  );
  return rows[0]?.id ?? '';
}

describe('an item of an order', () => {
  it('is told with the keys of the order’s items, its order and its times', async () => {
    const { place, items, order, first } = await aStory(app);
    const { id } = await place();
    const item = await items(`${await first(id)}/`);
    expect(item.status).toBe(200);
    const keys =
      'id order product variant sku name quantity unit_price discount tax total_price shipped_quantity ' +
      'created_at updated_at';
    expect(Object.keys(Object(item.json))).toEqual(keys.split(' '));
    const { version } = await order(id);
    const said = { order: id, sku: 'MUG', quantity: 3, unit_price: '25.00', total_price: '75.00' };
    expect(item.json).toMatchObject({ ...said, created_at: expect.stringMatching(/^20\d\d-.*\.\d{3}Z$/) });
    const { created_at: at, updated_at: changed } = Object(item.json);
    expect(String(at) <= String(changed)).toBe(true);
    expect(item.headers.get('etag')).toBe(`"${version}"`);
  });

  it('is added, and the order is worth more and holds more', async () => {
    const { place, items, order, stockOf, sound } = await aStory(app);
    const { id, number } = await place();
    const added = await items('', { body: { order: number, product: 'CUP', quantity: 2 } });
    expect([added.status, added.json]).toMatchObject([
      201,
      { order: id, sku: 'CUP', quantity: 2, unit_price: '4.00', total_price: '8.00' },
    ]);
    const { id: itemId } = Item.parse(added.json);
    expect(added.headers.get('location')).toBe(`/api/v1/order-items/${itemId}/`);
    expect(added.headers.get('etag')).toBe('"2"');
    expect(await order(id)).toMatchObject({ version: 2, subtotal: 8_300, total: 8_300 });
    expect(await stockOf('CUP')).toMatchObject({ reserved: 2 });
    expect((await items(`${itemId}/`)).text).toBe(added.text);
    await sound();
  });

  it('grows when more of it is added, under the id that it has', async () => {
    const { place, items, order, first, sound } = await aStory(app);
    const { id } = await place();
    const itemId = await first(id);
    const body = { order: id, product: 'MUG', quantity: 2, unit_price: '25.00' };
    const added = await items('', { body });
    expect([added.status, added.json]).toMatchObject([
      201,
      { id: itemId, quantity: 5, total_price: '125.00' },
    ]);
    expect((await order(id)).lines).toHaveLength(1);
    await sound();
  });

  it('is changed and taken out, with its totals and what it reserved', async () => {
    const { place, items, order, stockOf, first, sound } = await aStory(app);
    const { id } = await place();
    const mugs = await first(id);
    const cups = Item.parse((await items('', { body: { order: id, product: 'CUP', quantity: 2 } })).json).id;
    const more = await items(`${cups}/`, { method: 'PATCH', body: { quantity: 5 } });
    expect([more.status, more.json]).toMatchObject([200, { id: cups, quantity: 5, total_price: '20.00' }]);
    const less = await items(`${mugs}/`, { method: 'PUT', body: { quantity: 1 } });
    expect([less.status, less.json]).toMatchObject([200, { id: mugs, quantity: 1 }]);
    expect(less.headers.get('etag')).toBe('"4"');
    expect(await order(id)).toMatchObject({ version: 4, subtotal: 4_500 });
    const gone = await items(`${mugs}/`, { method: 'DELETE' });
    expect([gone.status, gone.text]).toEqual([200, '{"message":"Order item deleted successfully"}']);
    expect(await order(id)).toMatchObject({ version: 5, subtotal: 2_000 });
    expect([await stockOf('MUG'), await stockOf('CUP')]).toMatchObject([{ reserved: 0 }, { reserved: 5 }]);
    for (const method of ['GET', 'DELETE'])
      expect(await items(`${mugs}/`, { method })).toMatchObject({
        status: 404,
        json: { error: 'Order item not found' },
      });
    const last = await items(`${cups}/`, { method: 'DELETE' });
    expect([last.status, last.json]).toMatchObject([400, { code: 'order_empty' }]);
    await sound();
  });

  it('can be read, changed and sent back; nobody writes the rest of it', async () => {
    const { place, items, first } = await aStory(app);
    const { id } = await place();
    const path = `${await first(id)}/`;
    const read = await items(path);
    expect((await items(path, { method: 'PUT', body: read.text })).text).toBe(read.text);
    const text = read.text.replace('"quantity":3', '"quantity":4');
    expect((await items(path, { method: 'PUT', body: text })).json).toMatchObject({ quantity: 4 });
    const readOnly = ['This field is read-only.'];
    const other = { quantity: 4, order: 'another', sku: 'CUP', tax: '0.00' };
    const refused = await items(path, { method: 'PUT', body: other });
    expect([refused.status, Reflect.get(Object(refused.json), 'details')]).toEqual([
      400,
      { order: readOnly, sku: readOnly },
    ]);
    const patched = await items(path, { method: 'PATCH', body: { product: 'CUP' } });
    expect([patched.status, patched.json]).toMatchObject([400, { details: { product: readOnly } }]);
  });
});

describe('what an item may not be', () => {
  it('is said field by field, and changes nothing', async () => {
    const { place, items, order, sound } = await aStory(app);
    const { id } = await place();
    const good = { order: id, product: 'CUP', quantity: 1 };
    const wrong: readonly (readonly [object, object])[] = [
      [{ ...good, order: 'ORD-0' }, { order: ['Order not found.'] }],
      [{ ...good, product: 'POT' }, { product: ['Product not found.'] }],
      [{ ...good, variant: 'POT' }, { variant: ['Variant not found.'] }],
      [{ ...good, unit_price: '3.99' }, { unit_price: ['Must equal the price of the catalogue.'] }],
      [{ ...good, product: 'MUG', unit_price: '1.00' }, { unit_price: [expect.any(String)] }],
      [{ ...good, unit_price: '4.001' }, { unit_price: ['must be an amount of USD'] }],
      [{ ...good, quantity: 0 }, { quantity: [expect.any(String)] }],
      [{ order: id, product: 'CUP' }, { quantity: ['This field is required.'] }],
      [{ ...good, total_price: '1.00' }, { total_price: ['This field is read-only.'] }],
    ];
    for (const [body, details] of wrong) {
      const { status, json } = await items('', { body });
      expect([body, status, json]).toMatchObject([body, 400, { error: 'Validation failed', details }]);
    }
    const short = await items('', { body: { ...good, quantity: 21 } });
    expect([short.status, short.json]).toMatchObject([
      400,
      { error: 'Insufficient stock. Available: 20', details: { quantity: ['Available: 20'] } },
    ]);
    expect(await order(id)).toMatchObject({ version: 1 });
    await sound();
  });

  it('of another store than the order’s, which stays one store’s', async () => {
    const { clerk, items, place } = await aStory(app);
    const { id: store } = await clerk.stores.create({ name: 'Second' });
    await clerk.products.create({ name: 'Jug', sku: 'JUG', price: 900, quantity: 5, store });
    const { id } = await place();
    const { status, json } = await items('', { body: { order: id, product: 'JUG', quantity: 1 } });
    expect([status, json]).toMatchObject([
      400,
      { code: 'store_mismatch', details: { product: ['This product is of another store.'] } },
    ]);
  });

  it('of an order that is no longer open', async () => {
    const { clerk, place, items, first, sound } = await aStory(app);
    const { id } = await place();
    const path = `${await first(id)}/`;
    await clerk.orders.change({ id, command: { type: 'confirmOrder' } });
    expect((await items(path, { method: 'PATCH', body: { quantity: 2 } })).status).toBe(200);
    await clerk.orders.change({ id, command: { type: 'shipOrder' } });
    for (const [where, options] of [
      ['', { body: { order: id, product: 'CUP', quantity: 1 } }],
      [path, { method: 'PATCH', body: { quantity: 1 } }],
      [path, { method: 'PUT', body: { quantity: 1 } }],
      [path, { method: 'DELETE' }],
    ] as const) {
      const { status, json } = await items(where, options);
      expect([status, json]).toMatchObject([400, { code: 'order_not_editable' }]);
    }
    expect((await items(path)).json).toMatchObject({ quantity: 2, shipped_quantity: 2 });
    await sound();
  });

  it('at another price, unless whoever may override prices says so', async () => {
    const { place, items, as, admin, first, order, sound } = await aStory(app);
    const { id } = await place();
    const path = `${await first(id)}/`;
    const cheaper = { method: 'PATCH', body: { unit_price: '20.00' } };
    const refused = await items(path, cheaper);
    expect([refused.status, refused.json]).toMatchObject([400, { code: 'price_mismatch' }]);
    const set = await as(admin.token)(path, cheaper);
    expect([set.status, set.json]).toMatchObject([200, { unit_price: '20.00', total_price: '60.00' }]);
    expect(await order(id)).toMatchObject({ version: 2, total: 6_000 });
    // It is agreed now, and so may be said by anybody.
    expect((await items(path, { ...cheaper, body: { unit_price: '20.00', quantity: 4 } })).status).toBe(200);
    await sound();
  });
});

describe('an item that lies at several places', () => {
  it('is one, and is changed as one', async () => {
    const { tenant, clerk, items, order, sound } = await aStory(app);
    const location = await aBackroom(tenant);
    await clerk.stock.receive({ variant: tenant.variantId, quantity: 10, location });
    const { id, lines } = await clerk.orders.place({ items: [{ product: 'MUG', quantity: 15 }] });
    expect(lines.length).toBe(2);
    const list = ItemList.parse((await items(`by_order/?order_id=${id}`)).json);
    expect(list).toMatchObject({ count: 1, results: [{ quantity: 15, total_price: '375.00' }] });
    const path = `${list.results[0]?.id}/`;
    // By the id of any of its lines it is the same.
    expect((await items(`${lines[1]?.id}/`)).json).toMatchObject({ id: list.results[0]?.id, quantity: 15 });
    for (const quantity of [4, 18])
      expect((await items(path, { method: 'PATCH', body: { quantity } })).json).toMatchObject({ quantity });
    expect((await order(id)).subtotal).toBe(18 * 2_500);
    await sound();
  });
});

describe('the version of an order', () => {
  it('is what If-Match names, of its items too', async () => {
    const { place, items, first } = await aStory(app);
    const { id } = await place();
    const path = `${await first(id)}/`;
    const stale = { headers: { 'If-Match': '"1"' } };
    const fresh = await items(path, { method: 'PATCH', body: { quantity: 2 }, ...stale });
    expect([fresh.status, fresh.headers.get('etag')]).toEqual([200, '"2"']);
    const body = { order: id, product: 'CUP', quantity: 1 };
    for (const [where, options] of [
      ['', { body }],
      [path, { method: 'PATCH', body: { quantity: 1 } }],
      [path, { method: 'PUT', body: { quantity: 1 } }],
      [path, { method: 'DELETE' }],
    ] as const) {
      const { status, json } = await items(where, { ...options, ...stale });
      expect([status, json]).toMatchObject([412, { current_version: 2, changed_fields: expect.any(Array) }]);
    }
  });

  it('rises by one for each change, whoever comes at the same time', async () => {
    const { place, items, order, first, sound } = await aStory(app);
    const { id } = await place();
    const path = `${await first(id)}/`;
    const answers = await Promise.all(
      [1, 2, 4, 5, 6, 7].flatMap((quantity) => [
        items(path, { method: 'PATCH', body: { quantity } }),
        items('', { body: { order: id, product: 'CUP', quantity: 1 } }),
      ]),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 201]));
    const { version, lines } = await order(id);
    expect(version).toBe(1 + answers.length);
    expect(lines.find(({ sku }) => sku === 'CUP')?.quantity).toBe(6);
    await sound();
  });
});
