import { newId } from '@orderloom/db';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aShop, type Answered, call, type CallOptions, startApp } from '../../testing.ts';
import { aHand, fieldOf } from '../testing/occasions.ts';

const app = await startApp({ config: { trustNetwork: true } });

/** A shop, and a neighbour in its trusted network, who calls as S4 prints it. */
async function open() {
  const { tenant, staff } = await aShop(app, { stock: 10, price: 2_500 });
  const ask = (path: string, { headers = {}, ...options }: CallOptions = {}) =>
    call(app, path, { ...options, headers: { 'X-Tenant-Id': tenant.tenantId, ...headers } });
  const create = (key: string, body: unknown = {}) =>
    ask('/orders', { body, headers: { 'Idempotency-Key': key } });
  const confirm = (id: string, version: string, totalCents: unknown = 1_000) =>
    ask(`/orders/${id}/confirm`, { method: 'PATCH', body: { totalCents }, headers: { 'If-Match': version } });
  const close = (id: string, headers = {}) => ask(`/orders/${id}/close`, { method: 'POST', headers });
  return { ...tenant, staff: aHand(app, staff.token), ask, create, confirm, close };
}

const sayOf = ({ status, json }: Answered) => [
  status,
  Reflect.get(Object(json), 'code'),
  Reflect.get(Object(json), 'message'),
];
const Page = z.strictObject({
  items: z.array(z.looseObject({ id: z.string(), createdAt: z.string() })),
  nextCursor: z.string().nullable(),
});

describe('creating a draft (S4-1, S4-12, S4-18, wire test 36)', () => {
  it('with one key is one draft, and another body is refused', async () => {
    const { create, tenantId } = await open();
    const first = await create('test-123');
    expect([first.status, first.json]).toMatchObject([
      200,
      { tenantId, status: 'draft', version: 1, totalCents: 0, items: [], customer_id: null },
    ]);
    expect(first.headers.get('etag')).toBe('"1"');
    const second = await create('test-123');
    expect(second.text).toBe(first.text);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    for (const other of [{ customer_id: 1 }, { nope: 1 }, '{', ' {}', ''])
      expect(sayOf(await create('test-123', other))).toEqual([
        409,
        'conflict',
        'Idempotency key used with different request body',
      ]);
    expect(fieldOf(await create('test-124'), 'id')).not.toBe(fieldOf(first, 'id'));
  });

  it('with one key 50 times at once is one draft', async () => {
    const { create, tenantId } = await open();
    const answers = await Promise.all(Array.from({ length: 50 }, () => create('one')));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
    const { rows } = await app.db.pool.query('select id from orders where tenant_id = $1', [tenantId]);
    expect(rows).toHaveLength(1);
  });

  it('after an hour is another draft', async () => {
    const { create, tenantId } = await open();
    const move = (by: string) =>
      app.db.pool.query(
        `update idempotency_records set created_at = created_at - $2::interval,
           expires_at = expires_at - $2::interval where tenant_id = $1`,
        [tenantId, by],
      );
    const first = fieldOf(await create('old'), 'id');
    await move('59 minutes');
    expect(fieldOf(await create('old'), 'id')).toBe(first);
    await move('1 minute');
    const second = await create('old', { customer_id: 1 });
    expect([second.status, second.headers.get('idempotent-replayed')]).toEqual([200, null]);
    expect(fieldOf(second, 'id')).not.toBe(first);
    expect(fieldOf(await create('old', { customer_id: 1 }), 'id')).toBe(fieldOf(second, 'id'));
  });

  it('needs a key, a body it does not', async () => {
    const { ask, create } = await open();
    for (const options of [{ body: {} }, { method: 'POST' }])
      expect(sayOf(await ask('/orders', options))).toEqual([
        400,
        'missing_idempotency_key',
        'Idempotency-Key header required',
      ]);
    expect((await create('nothing', '')).json).toMatchObject({ status: 'draft' });
    expect((await create('somebody', { customer_id: 9 })).status).toBe(400);
    // What was refused has not used its key up.
    expect((await create('somebody', { customer_id: 1 })).json).toMatchObject({ customer_id: 1 });
  });
});

describe('confirming a draft (S4-2, S4-13, S4-14, S4-19, wire test 37)', () => {
  it('takes the version that was seen, once', async () => {
    const { create, confirm } = await open();
    const id = fieldOf(await create('one'), 'id');
    const confirmed = await confirm(id, '1');
    expect([confirmed.status, confirmed.json]).toEqual([
      200,
      { id, status: 'confirmed', version: 2, totalCents: 1_000 },
    ]);
    expect(confirmed.headers.get('etag')).toBe('"2"');
    expect(sayOf(await confirm(id, '1'))).toEqual([409, 'conflict', 'stale version']);
    expect(sayOf(await confirm(id, '2'))).toEqual([
      400,
      'invalid_transition',
      'only draft -> confirmed allowed',
    ]);
  });

  it.each(['1', '"1"', 'W/"1"'])('understands the version in %s', async (version) => {
    const { create, confirm } = await open();
    expect((await confirm(fieldOf(await create('one'), 'id'), version)).status).toBe(200);
  });

  it('is of one of many at once', async () => {
    const { create, confirm } = await open();
    const id = fieldOf(await create('one'), 'id');
    const answers = await Promise.all(Array.from({ length: 10 }, (_, at) => confirm(id, '1', at)));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      200,
      ...Array.from({ length: 9 }, () => 409),
    ]);
  });

  it('needs an agreed total of whole minor units', async () => {
    const { create, confirm } = await open();
    const id = fieldOf(await create('one'), 'id');
    for (const total of [-1, 10.5, '1000', null, 2 ** 53])
      expect(sayOf(await confirm(id, '1', total)).slice(0, 2)).toEqual([400, 'invalid_request']);
    expect((await confirm(id, '1', 0)).json).toMatchObject({ totalCents: 0, version: 2 });
  });

  it('with lines agrees to what they are worth, and takes them from the shelf', async () => {
    const { create, confirm, ask, staff } = await open();
    const id = fieldOf(await create('one'), 'id');
    const body = { products: [{ product_id: 'MUG', item_count: 4 }] };
    expect((await ask(`/orders/${id}`, { method: 'PATCH', body })).json).toMatchObject({
      order_status: 'draft',
      version: 2,
      totalCents: 10_000,
    });
    expect((await ask('/products/1')).json).toMatchObject({ quantity: 10 });
    expect(sayOf(await confirm(id, '2', 9_999))).toEqual([409, 'total_mismatch', 'The totals differ']);
    expect((await confirm(id, '2', 10_000)).json).toEqual({
      id,
      status: 'confirmed',
      version: 3,
      totalCents: 10_000,
    });
    expect((await ask('/products/1')).json).toMatchObject({ quantity: 6 });
    const late = await staff.drafted();
    await ask(`/orders/${late}`, { method: 'PATCH', body: { products: [{ product_id: 1, item_count: 7 }] } });
    expect(sayOf(await confirm(late, '2', 17_500))).toEqual([
      404,
      'insufficient_stock',
      'Product out of stock.',
    ]);
  });
});

describe('closing an order (S4-3, S4-15, S4-22, wire test 38)', () => {
  it('is told once, in the same transaction, whoever asks how often', async () => {
    const { tenantId, create, confirm, close } = await open();
    const id = fieldOf(await create('one'), 'id');
    expect(sayOf(await close(id))).toEqual([
      400,
      'invalid_transition',
      'order must be confirmed to be closed',
    ]);
    await confirm(id, '1');
    expect(sayOf(await close(id, { 'If-Match': '1' }))).toEqual([409, 'conflict', 'stale version']);
    const answers = await Promise.all(Array.from({ length: 10 }, () => close(id)));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
      200,
      ...Array.from({ length: 9 }, () => 400),
    ]);
    const closed = answers.find(({ status }) => status === 200);
    expect(closed?.json).toEqual({ id, status: 'closed', version: 3 });
    const { rows } = await app.db.pool.query(
      `select e.order_id, e.version, e.data, e.at = o.closed_at as "inTime"
       from events e join orders o on o.tenant_id = e.tenant_id and o.id = e.order_id
       where e.tenant_id = $1 and e.type = 'orders.closed'`,
      [tenantId],
    );
    expect(rows).toEqual([{ order_id: id, version: 3, data: { totalCents: 1_000 }, inTime: true }]);
  });

  it('waits until nothing is reserved any more', async () => {
    const { staff, close } = await open();
    const confirmed = await staff.moved('Confirmed');
    expect(sayOf(await close(confirmed))[1]).toBe('invalid_transition');
    expect((await close(await staff.moved('Delivered'))).json).toMatchObject({
      status: 'closed',
      version: 3,
    });
    for (const status of ['Ordered', 'Processing', 'Shipped', 'Cancelled'])
      expect(sayOf(await close(await staff.moved(status)))[1]).toBe('invalid_transition');
  });
});

describe('pages of orders (S4-4, S4-16, S4-20)', () => {
  it('are 10 and 5 of 15, newest first, whatever comes meanwhile (wire test 39)', async () => {
    const { ask, create } = await open();
    const made: string[] = [];
    for (let at = 0; at < 15; at += 1) made.unshift(fieldOf(await create(newId()), 'id'));
    const first = Page.parse((await ask('/orders?limit=10')).json);
    expect(first.items.map(({ id }) => id)).toEqual(made.slice(0, 10));
    await create('meanwhile');
    const next = `/orders?limit=10&cursor=${encodeURIComponent(first.nextCursor ?? '')}`;
    const second = Page.parse((await ask(next)).json);
    expect(second.items.map(({ id }) => id)).toEqual(made.slice(10));
    expect(second.nextCursor).toBeNull();
    expect(Page.parse((await ask(next.replace('limit=10&', ''))).json).items).toHaveLength(5);
  });

  it('are never page one when the cursor is garbage (wire test 40)', async () => {
    const { ask, create } = await open();
    const other = await open();
    for (let at = 0; at < 3; at += 1) await create(newId());
    for (let at = 0; at < 3; at += 1) await other.create(newId());
    const cursorOf = async (answer: Promise<Answered>) => Page.parse((await answer).json).nextCursor ?? '';
    const good = await cursorOf(ask('/orders?limit=1'));
    const foreign = await cursorOf(other.ask('/orders?limit=1'));
    const [body, sign] = good.split('.');
    const forged = Buffer.from(JSON.stringify(['2999-01-01T00:00:00.000Z', newId()])).toString('base64url');
    const bad = [
      'garbage',
      '',
      ' ',
      '%00',
      `${good}x`,
      `x${good}`,
      body,
      `${body}.`,
      `${forged}.${sign}`,
      foreign,
    ];
    for (const cursor of bad) {
      const answer = await ask(`/orders?cursor=${cursor}`);
      expect([cursor, answer.status, fieldOf(answer, 'code')]).toEqual([cursor, 400, 'invalid_cursor']);
    }
    for (const query of [`cursor=${good}&cursor=${good}`, `cursor=${'x'.repeat(1_001)}`])
      expect(sayOf(await ask(`/orders?${query}`)).slice(0, 2)).toEqual([400, 'invalid_cursor']);
  });

  it.each(['0', '101', '-1', '1.5', 'ten', '', '1e2', '0x10', '99999999999', '10&limit=10'])(
    'have no limit of %s, and say what is allowed',
    async (limit) => {
      const { ask } = await open();
      const { status, json } = await ask(`/orders?limit=${limit}`);
      expect([status, json]).toMatchObject([
        400,
        { code: 'invalid_limit', details: { limit: ['must be one whole number from 1 to 100'] } },
      ]);
    },
  );
});
