import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aShop, call, startApp, type TestUser } from '../../testing.ts';

const app = await startApp();
const { staff, customer, tenant } = await aShop(app, { stock: 10_000 });
const Order = z.looseObject({
  id: z.string(),
  order_number: z.string().nullable(),
  status: z.string(),
  payment_status: z.string(),
  total_amount: z.string(),
  created_at: z.string(),
  items: z.array(z.looseObject({ sku: z.string() })).min(1),
});
const Page = z.object({
  count: z.int(),
  next: z.string().nullable(),
  previous: z.string().nullable(),
  results: z.array(Order),
});

const ask = (query: string, { token }: TestUser = staff) => call(app, `/api/v1/orders/${query}`, { token });
const page = async (query: string, user?: TestUser) => Page.parse((await ask(query, user)).json);
const idsOf = async (query: string, user?: TestUser) => (await page(query, user)).results.map(({ id }) => id);

async function placed(user: TestUser, body: object = {}) {
  const items = [{ product: 1, quantity: 1 }];
  const { json } = await call(app, '/api/v1/orders/', { token: user.token, body: { items, ...body } });
  return Order.parse(json);
}
const change = (id: string, action: string, body?: object) =>
  call(app, `/api/v1/orders/${id}/${action}/`, { method: 'PATCH', token: staff.token, body });

const cash = await placed(staff, { payment_method: 'cash', customer_id: 'CUST1' });
const sent = await placed(staff, { shipping_method: 'standard', items: [{ product: 1, quantity: 3 }] });
await change(sent.id, 'confirm_order');
await change(sent.id, 'ship_order', { tracking_number: 'TRACK-XY42' });
const own = await placed(customer, { payment_method: 'credit_card' });
await call(app, `/api/v1/orders/${own.id}/`, {
  method: 'PATCH',
  token: staff.token,
  body: { payment_reference: 'Invoice 77001' },
});
const old = await placed(staff);
/** Lets an order be older than it is, which the rules in force would not; at the end it is as it was. */
async function older(days: number) {
  const client = await app.db.pool.connect();
  await client.query('begin; set local session_replication_role = replica');
  await client.query(
    `update orders set created_at = created_at - $3::int * interval '1 day'
     where tenant_id = $1 and id = $2`,
    [tenant.tenantId, old.id, days],
  );
  await client.query('commit');
  client.release();
}
await older(40);
afterAll(() => older(-40));
const drafted = await call(app, '/orders', {
  token: staff.token,
  body: {},
  headers: { 'Idempotency-Key': 'a-draft' },
});
const draft = z.looseObject({ id: z.string() }).parse(drafted.json).id;
const all = [own, sent, cash, old].map(({ id }) => id);

describe('the list of orders', () => {
  it('holds every order that was placed, newest first, with its items', async () => {
    expect(await page('')).toMatchObject({ count: 4, next: null, previous: null });
    expect(await idsOf('')).toEqual(all);
  });

  const number = (order: { order_number: string | null }) => order.order_number ?? '';
  const filters: readonly (readonly [string, readonly string[]])[] = [
    ['?status=pending&payment_status=pending&store=1', [own.id, cash.id, old.id]],
    ['?status=SHIPPED', [sent.id]],
    ['?status=shipped&status=pending', all],
    ['?payment_status=paid', []],
    ['?payment_status=unpaid', all],
    ['?payment_method=cash', [cash.id]],
    ['?payment_method=cash&payment_method=credit_card', [own.id, cash.id]],
    ['?shipping_method=standard', [sent.id]],
    ['?shipping_method=by_balloon', []],
    ['?store=main', all],
    ['?store=99', []],
    ['?store=nowhere&store=main', all],
    ['?customer_id=CUST1', [own.id, cash.id]],
    ['?customer_id=CUST404', []],
    [`?created_before=${sent.created_at}`, [cash.id, old.id]],
    [`?created_after=${encodeURIComponent(sent.created_at)}`, [own.id, sent.id]],
    [`?search=${number(cash).toLowerCase()}`, [cash.id]],
    ['?search=track-xy', [sent.id]],
    ['?search=77001', [own.id]],
    ['?search=jane', [own.id, cash.id]],
    ['?search=JANE@', [own.id, cash.id]],
    ['?search=mug', all],
    [`?search=${number(old).slice(4, 12)}`, all],
    ['?search=nobody', []],
    ['?search=jane&payment_method=cash', [cash.id]],
  ];
  it.each(filters)('asked for %s finds those', async (query, ids) => {
    expect(await idsOf(query)).toEqual(ids);
    expect((await page(query)).count).toBe(ids.length);
  });

  it.each(['created_at', 'updated_at', 'order_number', 'total_amount', 'status', 'payment_status'])(
    'goes by %s, up and down',
    async (ordering) => {
      const value = (order: z.output<typeof Order>) => {
        const found = order[ordering];
        return ordering === 'total_amount' ? String(found).padStart(20, '0') : String(found);
      };
      const up = (await page(`?ordering=${ordering}`)).results;
      expect(up.map(value)).toEqual(up.map(value).toSorted());
      const down = (await page(`?ordering=-${ordering}`)).results;
      expect(down.map(({ id }) => id)).toEqual(up.map(({ id }) => id).toReversed());
      const walked: string[] = [];
      for (let next: string | null = `?ordering=${ordering}&cursor=&page_size=1`; next;) {
        const found: z.output<typeof Page> = await page(next.replace(`${app.url}/api/v1/orders/`, ''));
        walked.push(...found.results.map(({ id }) => id));
        next = found.next;
      }
      expect(walked).toEqual(up.map(({ id }) => id));
    },
  );

  it('shows drafts when it is asked for them, which have no number yet', async () => {
    const { json } = await ask('?status=draft&ordering=order_number');
    expect(json).toMatchObject({ count: 1, results: [{ id: draft, order_number: null, status: 'draft' }] });
  });

  it('takes several orders at once, repeated or by commas', async () => {
    const repeated = await idsOf('?ordering=-created_at&ordering=total_amount');
    expect(repeated).toEqual(all);
    expect(await idsOf('?ordering=-created_at,total_amount')).toEqual(repeated);
    expect((await idsOf('?ordering=-total_amount,created_at'))[0]).toBe(sent.id);
  });

  it.each([
    '?colour=red',
    '?ordering=colour',
    '?status=lost',
    '?payment_status=maybe',
    '?created_after=soon',
  ])('refuses %s', async (query) => {
    for (const path of ['', 'my_orders/', 'recent_orders/', 'pending_orders/'])
      expect((await ask(`${path}${query}`)).status).toBe(400);
  });

  it('of a customer is their own, whatever they ask for', async () => {
    for (const query of ['', '?customer_id=CUST1', '?search=mug', 'recent_orders/', 'pending_orders/'])
      expect((await page(query, customer)).results.every(({ id }) => id === own.id || id === cash.id)).toBe(
        true,
      );
    expect(await idsOf('?shipping_method=standard', customer)).toEqual([]);
  });
});

describe('the other lists of orders', () => {
  it('are the recent and the pending ones', async () => {
    expect(await idsOf('recent_orders/')).toEqual([own.id, sent.id, cash.id]);
    expect(await idsOf('pending_orders/')).toEqual([own.id, cash.id, old.id]);
    expect(await idsOf('pending_orders/?ordering=created_at&page_size=2')).toEqual([old.id, cash.id]);
    expect(await idsOf('pending_orders/?status=shipped')).toEqual([]);
  });

  it('are the caller’s own, with every write in them at once', async () => {
    expect(await idsOf('my_orders/', customer)).toEqual([own.id, cash.id]);
    expect(await idsOf('my_orders/')).toEqual([sent.id, old.id]);
    for (let time = 0; time < 5; time += 1) {
      const mine = await placed(customer);
      expect((await idsOf('my_orders/', customer))[0]).toBe(mine.id);
      const before = (await page('my_orders/?status=cancelled', customer)).count;
      await change(mine.id, 'cancel_order');
      expect((await page('my_orders/?status=cancelled', customer)).count).toBe(before + 1);
    }
  });
});

describe('a server whose lists are narrowed', () => {
  it('refuses the other filters, and searches nowhere else', async () => {
    const orderLists = { filters: ['status'], search: ['order_number', 'tracking_number'] } as const;
    const narrow = await startApp({ config: { orderLists } });
    const shop = await aShop(narrow);
    const get = (query: string) => call(narrow, `/api/v1/orders/${query}`, { token: shop.staff.token });
    const body = { items: [{ product: 1, quantity: 1 }] };
    const order = Order.parse(
      (await call(narrow, '/api/v1/orders/', { token: shop.staff.token, body })).json,
    );
    expect((await get('?store=1')).json).toMatchObject({ details: { store: ['is no filter of this list'] } });
    expect((await get('?status=pending')).json).toMatchObject({ count: 1 });
    expect((await get('?search=mug')).json).toMatchObject({ count: 0 });
    expect((await get(`?search=${order.order_number?.slice(0, 12)}`)).json).toMatchObject({ count: 1 });
  });
});
