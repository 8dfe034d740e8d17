import { describe, expect, it } from 'vitest';
import { aShop, type Answered, aUser, startApp } from '../../testing.ts';
import { aHand, fieldOf } from '../testing/occasions.ts';
import { nothing } from '../testing/seen.ts';

const app = await startApp();

/** A shop with ten mugs and five pots, and how much of each can be sold. */
async function open() {
  const shop = await aShop(app, { stock: 10, price: 2_500 });
  const staff = aHand(app, shop.staff.token);
  const customer = aHand(app, shop.customer.token);
  const service = aHand(app, (await aUser(app, shop.tenant, 'service')).token);
  await staff.ask('/products', { body: { name: 'Pot', sku: 'POT', price: 10, quantity: 5 } });
  const left = async () => {
    const { json } = await staff.ask('/products');
    return Array.isArray(json) ? json.map((product) => Number(fieldOf({ json: product }, 'quantity'))) : [];
  };
  return { tenantId: shop.tenant.tenantId, staff, customer, service, left };
}

const products = (...counts: [string | number, number][]) => ({
  products: counts.map(([product_id, item_count]) => ({ product_id, item_count })),
});
const patch = (body: unknown, headers = {}) => ({ method: 'PATCH', body, headers });
const put = (status: string, headers = {}) => ({ method: 'PUT', body: { status }, headers });
const sayOf = ({ status, json }: Answered) => [status, Reflect.get(Object(json), 'error')];
const malformed = [400, 'Invalid request. Please review your request and ensure everything is correct.'];

type Told = { readonly type: string; readonly version: number; readonly from: string; readonly to: string };

async function eventsOf(id: string): Promise<Told[]> {
  const { rows } = await app.db.pool.query<Told>(
    `select type, version, from_status as from, to_status as to from events where order_id = $1
     order by version, idx`,
    [id],
  );
  return rows;
}

describe('cancelling (S1-19 … S1-24)', () => {
  it('puts everything back once, although it is called 20 times at once (wire test 15)', async () => {
    const { customer, left } = await open();
    const id = await customer.placed(products(['MUG', 4], ['POT', 2]));
    expect(await left()).toEqual([6, 3]);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => customer.ask(`/orders/${id}`, { method: 'DELETE' })),
    );
    for (const answer of answers) {
      expect([answer.status, answer.text]).toEqual([200, '{"message":"Order successfully cancelled"}']);
      expect(answer.headers.get('etag')).toBe('"2"');
    }
    expect(await left()).toEqual([10, 5]);
    expect((await eventsOf(id)).filter(({ type }) => type === 'order.cancelled')).toHaveLength(1);
  });

  it('ends a draft, and is over once goods have left the house', async () => {
    const { staff, customer } = await open();
    const draft = await customer.drafted();
    expect((await customer.ask(`/orders/${draft}`, { method: 'DELETE' })).status).toBe(200);
    expect((await customer.ask(`/orders/${draft}`)).json).toMatchObject({ status: 'cancelled' });
    for (const status of ['Shipped', 'Out for delivery', 'Delivered', 'Closed']) {
      const id = await staff.moved(status);
      expect(sayOf(await staff.ask(`/orders/${id}`, { method: 'DELETE' }))).toEqual(malformed);
    }
  });

  it('is only of the version that was seen, when one is sent', async () => {
    const { customer } = await open();
    const id = await customer.placed();
    const stale = await customer.ask(`/orders/${id}`, { method: 'DELETE', headers: { 'If-Match': '2' } });
    expect(sayOf(stale)).toEqual([409, 'stale version']);
    const gone = await customer.ask(`/orders/${id}`, { method: 'DELETE', headers: { 'If-Match': '"1"' } });
    expect(gone.status).toBe(200);
  });
});

describe('changing the products (S1-25 … S1-30)', () => {
  it('moves the stock by the difference, up, down and to nothing (wire test 16, S1-27)', async () => {
    const { customer, left } = await open();
    const id = await customer.placed(products(['MUG', 2]));
    const edit = (...counts: [string | number, number][]) =>
      customer.ask(`/orders/${id}`, patch(products(...counts)));
    expect((await edit(['POT', 1], ['MUG', 6])).json).toMatchObject({
      message: 'Order successfully updated',
      order_id: id,
      products: [
        { product_id: 'POT', item_count: 1 },
        { product_id: 'MUG', item_count: 6 },
      ],
      items: [
        { product_id: 1, quantity: 6 },
        { product_id: 2, quantity: 1 },
      ],
      totalCents: 16_000,
    });
    expect(await left()).toEqual([4, 4]);
    expect((await edit(['MUG', 3], ['POT', 1])).json).toMatchObject({
      products: [{ product_id: 'MUG', item_count: 3 }],
    });
    expect(await left()).toEqual([7, 4]);
    expect((await edit([1, 0])).json).toMatchObject({
      products: [{ product_id: 'MUG', item_count: 0 }],
      items: [{ product_id: 2, quantity: 1 }],
    });
    expect(await left()).toEqual([10, 4]);
    // What an order holds itself is there for it.
    expect((await edit(['POT', 5])).status).toBe(200);
    expect(await left()).toEqual([10, 0]);
  });

  it('changes nothing when one of them is short', async () => {
    const { customer, left } = await open();
    const id = await customer.placed(products(['MUG', 2]));
    const short = await customer.ask(`/orders/${id}`, patch(products(['MUG', 1], ['POT', 6])));
    expect(sayOf(short)).toEqual([404, 'Product out of stock.']);
    expect(short.json).toMatchObject({ details: { POT: ['6 asked for, 5 available.'] } });
    expect(await left()).toEqual([8, 5]);
    expect((await customer.ask(`/orders/${id}`)).json).toMatchObject({
      version: 1,
      products: [{ product_id: 'MUG', item_count: 2 }],
    });
  });

  it('is to a million pieces of a product at most, however often it is named', async () => {
    const { customer } = await open();
    const id = await customer.placed(products(['MUG', 2]));
    const more = await customer.ask(`/orders/${id}`, patch(products(['MUG', 1_000_000], [1, 1])));
    expect(sayOf(more)).toEqual(malformed);
    expect(more.json).toMatchObject({ details: { 'products.1.item_count': [expect.any(String)] } });
  });

  it('is possible until the order is shipped or has ended', async () => {
    const { staff } = await open();
    for (const status of ['Ordered', 'Confirmed', 'Processing']) {
      const id = await staff.moved(status);
      expect((await staff.ask(`/orders/${id}`, patch(products(['MUG', 2])))).status).toBe(200);
      await staff.ask(`/orders/${id}`, { method: 'DELETE' });
      expect(sayOf(await staff.ask(`/orders/${id}`, patch(products(['MUG', 3]))))).toEqual(malformed);
    }
    const id = await staff.moved('Shipped');
    expect(sayOf(await staff.ask(`/orders/${id}`, patch(products(['MUG', 2]))))).toEqual(malformed);
  });

  it('of many at once leaves what the last one said, and the stock agrees (S1-30)', async () => {
    const { customer, left } = await open();
    const id = await customer.placed(products(['MUG', 1]));
    const counts = Array.from({ length: 12 }, (_, at) => 1 + (at % 6));
    const answers = await Promise.all(
      counts.map((count) => customer.ask(`/orders/${id}`, patch(products(['MUG', count])))),
    );
    for (const { status } of answers) expect(status).toBe(200);
    const now = Number(
      /"items":\[\{"product_id":1,"quantity":(\d+)/.exec((await customer.ask(`/orders/${id}`)).text)?.[1],
    );
    expect(await left()).toEqual([10 - now, 5]);
  });

  it('is of one caller only when both saw the same version', async () => {
    const { customer } = await open();
    const id = await customer.placed(products(['MUG', 1]));
    const answers = await Promise.all(
      [2, 3, 4, 5].map((count) =>
        customer.ask(`/orders/${id}`, patch(products(['MUG', count]), { 'If-Match': 'W/"1"' })),
      ),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409, 409]);
  });
});

describe('leading an order to a status (S3-13 … S3-16)', () => {
  it('takes and records every step, in one version (wire test 33)', async () => {
    const { staff } = await open();
    const id = await staff.placed();
    const answer = await staff.ask(`/orders/${id}`, put('Delivered'));
    expect([answer.status, answer.json]).toMatchObject([
      200,
      {
        message: 'Order status updated successfully.',
        status: 'delivered',
        order_status: 'delivered',
        version: 2,
      },
    ]);
    const [placed, ...steps] = await eventsOf(id);
    expect(placed).toMatchObject({ version: 1, to: 'PENDING' });
    expect(steps).toEqual([
      { type: 'order.confirmed', version: 2, from: 'PENDING', to: 'CONFIRMED' },
      { type: 'order.shipped', version: 2, from: 'CONFIRMED', to: 'SHIPPED' },
      { type: 'order.delivered', version: 2, from: 'SHIPPED', to: 'DELIVERED' },
    ]);
  });

  it('records nothing when it is there already', async () => {
    const { staff } = await open();
    const id = await staff.moved('Shipped');
    const again = await staff.ask(`/orders/${id}`, put('shipped'));
    expect([again.status, again.headers.get('etag')]).toEqual([200, '"2"']);
    expect(Math.max(...(await eventsOf(id)).map(({ version }) => version))).toBe(2);
  });

  it.each(['Ordered', 'ordered', 'pending', ' PENDING '])('knows a new order as %j', async (word) => {
    const { staff } = await open();
    const id = await staff.placed();
    expect((await staff.ask(`/orders/${id}`, put(word))).json).toMatchObject({
      status: 'Ordered',
      version: 1,
    });
  });

  it.each(['out_for_delivery', 'Out For Delivery', 'OUT-FOR-DELIVERY'])('understands %j', async (word) => {
    const { staff } = await open();
    const { json } = await staff.ask(`/orders/${await staff.placed()}`, put(word));
    expect(json).toMatchObject({ status: 'out_for_delivery' });
  });

  it('goes from a draft as far as it must, and takes its products then', async () => {
    const { staff, left } = await open();
    const id = await staff.drafted();
    await staff.ask(`/orders/${id}`, patch(products(['MUG', 3])));
    expect(await left()).toEqual([10, 5]);
    expect((await staff.ask(`/orders/${id}`, put('Shipped'))).json).toMatchObject({
      status: 'shipped',
      totalCents: 7_500,
      version: 3,
    });
    expect(await left()).toEqual([7, 5]);
    const greedy = await staff.drafted();
    await staff.ask(`/orders/${greedy}`, patch(products(['MUG', 8])));
    expect(sayOf(await staff.ask(`/orders/${greedy}`, put('Shipped')))).toEqual([
      404,
      'Product out of stock.',
    ]);
    expect((await staff.ask(`/orders/${greedy}`)).json).toMatchObject({ status: 'draft', version: 2 });
  });

  it('takes no draft without products further, and blames no field that was not sent', async () => {
    const { staff } = await open();
    const answer = await staff.ask(`/orders/${await staff.drafted()}`, put('Ordered'));
    expect(sayOf(answer)).toEqual(malformed);
    expect(answer.json).toMatchObject({ detail: 'At least one product is required.' });
    expect(answer.json).not.toHaveProperty('details');
  });

  it('never goes back, nor past an end', async () => {
    const { staff, left } = await open();
    for (const [from, to] of [
      ['Delivered', 'Ordered'],
      ['Shipped', 'Confirmed'],
      ['Cancelled', 'Confirmed'],
      ['Closed', 'Delivered'],
      ['Ordered', 'Draft'],
    ] as const) {
      const id = await staff.moved(from);
      const answer = await staff.ask(`/orders/${id}`, put(to));
      expect([from, to, answer.status, fieldOf(answer, 'code')]).toEqual([from, to, 409, 'no_path']);
    }
    expect(await left()).toEqual([6, 5]);
  });

  it('is refused to whoever lacks the right to it before the order is looked for', async () => {
    const { staff, service } = await open();
    for (const id of [nothing, await staff.placed(), await staff.moved('Cancelled')]) {
      const answer = await service.ask(`/orders/${id}`, put('Refunded'));
      expect([answer.status, fieldOf(answer, 'detail')]).toEqual([
        403,
        'This needs the scope orders:refund.',
      ]);
    }
  });

  it('knows no digits, and no word that is no status', async () => {
    const { staff } = await open();
    await staff.ask('/orders/1', { body: { items: [{ product_id: 1, quantity: 1 }] } });
    expect(sayOf(await staff.ask('/orders/1', put('Shipped')))).toEqual([
      404,
      'Order not found. Ensure supplied order_id is correct.',
    ]);
    const id = await staff.placed();
    for (const word of ['', 'Lost', 'constructor', 'null', 'Ordered!'])
      expect(sayOf(await staff.ask(`/orders/${id}`, put(word)))).toEqual(malformed);
  });
});
