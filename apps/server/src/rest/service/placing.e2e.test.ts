import { describe, expect, it } from 'vitest';
import { aShop, type Answered, startApp } from '../../testing.ts';
import { aHand, fieldOf } from '../testing/occasions.ts';

const app = await startApp();

/** A shop with ten mugs, three pots and two customers. */
async function open() {
  const shop = await aShop(app, { stock: 10, price: 2_500 });
  const staff = aHand(app, shop.staff.token);
  const customer = aHand(app, shop.customer.token);
  await staff.ask('/products', { body: { name: 'Pot', sku: 'POT', price: 10, quantity: 3 } });
  const { tenantId } = shop.tenant;
  await app.db.pool.query(
    `insert into customers select tenant_id, gen_random_uuid(), 2, 'CUST2', name, email, credit_limit_minor,
       locale, version, created_at, updated_at from customers where tenant_id = $1`,
    [tenantId],
  );
  const left = async () => {
    const products = (await staff.ask('/products')).json;
    return Array.isArray(products) ? products.map((product) => fieldOf({ json: product }, 'quantity')) : [];
  };
  return { tenantId, staff, customer, left };
}

const products = (...counts: [string | number, number][]) => ({
  products: counts.map(([product_id, item_count]) => ({ product_id, item_count })),
});
const statusOf = ({ status, json }: Answered) => [status, Reflect.get(Object(json), 'error')];
const outOfStock = [404, 'Product out of stock.'];
const short = 'Insufficient inventory for one or more items.';

async function shortages(tenantId: string): Promise<unknown[]> {
  const { rows } = await app.db.pool.query<{ data: unknown; version: number | null }>(
    `select version, data - 'variantId' as data from events
     where tenant_id = $1 and type = 'stock.short' order by at, id`,
    [tenantId],
  );
  return rows;
}

describe('placing an order of products (S1-1 … S1-12)', () => {
  it('places what is there, tells what is short, and records that (wire tests 10 … 12, S1-11)', async () => {
    const { tenantId, customer, left } = await open();
    const placed = await customer.ask('/orders', { body: products(['MUG', 2], ['POT', 1]) });
    expect([placed.status, placed.json]).toMatchObject([
      200,
      {
        message: 'Success! Order placed',
        products: [
          { product_id: 'MUG', product_count: 2 },
          { product_id: 'POT', product_count: 1 },
        ],
      },
    ]);
    expect(placed.json).not.toHaveProperty('out_of_stock');
    expect(await shortages(tenantId)).toEqual([]);

    const partly = await customer.ask('/orders', { body: products(['POT', 3], ['MUG', 8]) });
    expect([partly.status, partly.json]).toMatchObject([
      200,
      {
        products: [{ product_id: 'MUG', product_count: 8 }],
        out_of_stock: [{ product_id: 'POT', item_count: 3, product_count: 2 }],
      },
    ]);
    expect(await shortages(tenantId)).toEqual([
      { version: 1, data: { ref: 'POT', requested: 3, available: 2 } },
    ]);

    const none = await customer.ask('/orders', { body: products(['POT', 3], ['MUG', 1]) });
    expect(statusOf(none)).toEqual(outOfStock);
    expect(await shortages(tenantId)).toHaveLength(3);
    expect((await shortages(tenantId)).slice(1)).toEqual([
      { version: null, data: { ref: 'POT', requested: 3, available: 2 } },
      { version: null, data: { ref: 'MUG', requested: 1, available: 0 } },
    ]);
    expect(await left()).toEqual(['0', '2']);
  });

  it('takes all or nothing when that is asked for', async () => {
    const { tenantId, customer, left } = await open();
    const body = { ...products(['MUG', 2], ['POT', 4]), allow_partial: false };
    expect(statusOf(await customer.ask('/orders', { body }))).toEqual(outOfStock);
    expect(await left()).toEqual(['10', '3']);
    expect(await shortages(tenantId)).toEqual([
      { version: null, data: { ref: 'POT', requested: 4, available: 3 } },
    ]);
    expect((await customer.ask('/orders', { body: { ...body, allow_partial: true } })).status).toBe(200);
  });

  it('adds up what names the same product, by whatever name, where it was named first', async () => {
    const { tenantId, customer, left } = await open();
    const body = products(['MUG', 2], ['POT', 1], [1, 3], ['2', 1]);
    expect((await customer.ask('/orders', { body })).json).toMatchObject({
      products: [
        { product_id: 'MUG', product_count: 5 },
        { product_id: 'POT', product_count: 2 },
      ],
      items: [
        { product_id: 1, quantity: 5 },
        { product_id: 2, quantity: 2 },
      ],
    });
    // Two lines that would fit one by one do not fit together.
    const both = await customer.ask('/orders', { body: products(['MUG', 3], [1, 3]) });
    expect(statusOf(both)).toEqual(outOfStock);
    expect(await left()).toEqual(['5', '1']);
    const { rows } = await app.db.pool.query<{ lines: string }>(
      'select count(*) as lines from order_items where tenant_id = $1',
      [tenantId],
    );
    expect(rows).toEqual([{ lines: '2' }]);
  });

  it('is for the customer of the token, and for nobody when a service places it', async () => {
    const { staff, customer } = await open();
    const body = products(['MUG', 1]);
    expect((await customer.ask('/orders', { body })).json).toMatchObject({ customer_id: 1 });
    expect((await staff.ask('/orders', { body })).json).toMatchObject({ customer_id: null });
    const named = await staff.ask('/orders', { body: { ...body, customer_id: 'CUST2' } });
    expect(named.json).toMatchObject({ customer_id: 2 });
    const foreign = await customer.ask('/orders', { body: { ...body, customer_id: 2 } });
    expect([foreign.status, foreign.json]).toMatchObject([
      400,
      { details: { customer_id: ['Customer not found.'] } },
    ]);
  });

  it.each([
    ['{', 'body'],
    ['null', 'body'],
    ['[]', 'body'],
    [{ products: [] }, 'products'],
    [{ products: 'MUG' }, 'products'],
    [{ products: [{ product_id: 'MUG' }] }, 'products.0.item_count'],
    [{ products: [{ item_count: 1 }] }, 'products.0.product_id'],
    [products(['MUG', 0]), 'products.0.item_count'],
    [products(['MUG', 1], ['MUG', -1]), 'products.1.item_count'],
    [products(['MUG', 1.5]), 'products.0.item_count'],
    [products(['MUG', 1_000_001]), 'products.0.item_count'],
    [products(['MUG', 1_000_000], ['POT', 1], [1, 1]), 'products.2.item_count'],
    [products(['', 1]), 'products.0.product_id'],
    [products(['MUG\0', 1]), 'products.0.product_id'],
    [products(['NOPE', 1]), 'products.0.product_id'],
    [products(['MUG', 1], ['MUG', 1], ['A1', 1], [1, 1], ['A2', 1]), 'products.2.product_id'],
    [{ ...products(['MUG', 1]), price: 1 }, 'price'],
    [{ ...products(['MUG', 1]), allow_partial: 'no' }, 'allow_partial'],
  ])('of %j is refused with what is wrong (wire test 13, S1-7, S1-12)', async (body, field) => {
    const { customer, left } = await open();
    const { status, json } = await customer.ask('/orders', { body });
    expect([status, json]).toMatchObject([
      400,
      {
        error: 'Invalid request. Please review your request and ensure everything is correct.',
        documentation: `${app.url}/docs/errors/invalid_request`,
        details: { [field]: [expect.any(String)] },
      },
    ]);
    expect(await left()).toEqual(['10', '3']);
  });
});

describe('an order for a customer (S3-8 … S3-12, wire test 31)', () => {
  const items = (...counts: [string | number, number][]) => ({
    items: counts.map(([product_id, quantity]) => ({ product_id, quantity })),
  });

  it('takes all items or none', async () => {
    const { tenantId, staff, left } = await open();
    const order = await staff.ask('/orders/2', { body: items([1, 2], [2, 1]) });
    expect([order.status, order.json]).toMatchObject([
      201,
      { message: 'Order created successfully.', status: 'Ordered', customer_id: 2 },
    ]);
    expect(order.headers.get('location')).toBe(`/orders/${fieldOf(order, 'id')}`);
    const none = await staff.ask('/orders/2', { body: items([1, 2], [2, 3]) });
    expect([none.status, none.json]).toMatchObject([
      400,
      { error: short, detail: short, details: { 2: ['3 asked for, 2 available.'] } },
    ]);
    expect(await left()).toEqual(['8', '2']);
    expect(await shortages(tenantId)).toEqual([
      { version: null, data: { ref: '2', requested: 3, available: 2 } },
    ]);
  });

  it('is for somebody who is there, of something that is there', async () => {
    const { staff, customer } = await open();
    expect(statusOf(await staff.ask('/orders/1', { body: items([9, 1]) }))).toEqual([
      404,
      'Product not found.',
    ]);
    for (const nobody of ['9', '0', '99999999999999999999', 'nobody'])
      expect(statusOf(await staff.ask(`/orders/${nobody}`, { body: items([1, 1]) }))).toEqual([
        404,
        'Customer not found.',
      ]);
    expect(statusOf(await customer.ask('/orders/2', { body: items([1, 1]) }))).toEqual([
      404,
      'Customer not found.',
    ]);
    expect((await customer.ask('/orders/1', { body: items([1, 1]) })).status).toBe(201);
  });

  it('is of a million pieces of a product at most, however its lines are called', async () => {
    const { staff } = await open();
    const answer = await staff.ask('/orders/2', { body: items([1, 1_000_000], ['MUG', 1]) });
    expect([answer.status, answer.json]).toMatchObject([
      400,
      { code: 'invalid_request', details: { 'items.1.quantity': [expect.any(String)] } },
    ]);
  });

  it('is of what lies in the cart when nothing else is said (S3-24)', async () => {
    const { staff, left } = await open();
    await staff.ask('/carts/2', { body: { product_id: 2, quantity: 3 } });
    await staff.ask('/orders', { body: products(['POT', 2]) });
    expect(statusOf(await staff.ask('/orders/2', { method: 'POST' }))).toEqual([400, short]);
    expect((await staff.ask('/carts/2')).json).toMatchObject({ status: 'Active' });
    await staff.ask('/carts/2/2', { method: 'PUT', body: { quantity: 1 } });
    expect((await staff.ask('/orders/2', { body: { items: [] } })).json).toMatchObject({
      customer_id: 2,
      items: [{ product_id: 2, quantity: 1 }],
    });
    expect((await staff.ask('/carts/2')).json).toMatchObject({ status: 'Ordered' });
    expect(statusOf(await staff.ask('/orders/2', { method: 'POST' }))).toEqual([400, 'Cart is empty.']);
    expect(await left()).toEqual(['10', '0']);
  });

  it('says the same to all who ask for one cart at once', async () => {
    const { staff } = await open();
    await staff.ask('/carts/2', { body: { product_id: 2, quantity: 3 } });
    await staff.ask('/orders', { body: products(['POT', 1]) });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => staff.ask('/orders/2', { method: 'POST' })),
    );
    for (const answer of answers) expect(statusOf(answer)).toEqual([400, short]);
  });

  it('does not disturb what others of the same moment are told', async () => {
    const { staff, customer } = await open();
    await staff.ask('/carts/1', { body: { product_id: 1, quantity: 1 } });
    const [, ...told] = await Promise.all([
      staff.ask('/orders/1', { method: 'POST' }),
      ...Array.from({ length: 6 }, (_, at) =>
        at % 2 === 0
          ? staff.ask('/orders/1', { method: 'POST' })
          : customer.ask('/orders', { body: products(['MUG', 1], ['POT', 4]) }),
      ),
    ]);
    const left = told.flatMap(({ json }) => Reflect.get(Object(json), 'out_of_stock') ?? []);
    expect(left).toEqual(left.map(() => ({ product_id: 'POT', item_count: 4, product_count: 3 })));
    expect(left).toHaveLength(3);
  });
});
