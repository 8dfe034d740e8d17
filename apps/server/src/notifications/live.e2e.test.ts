import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { aShop, call, startApp, type TestUser } from '../testing.ts';
import { nextListener } from '../testing/listening.ts';

const app = await startApp({ relay: true });
const shop = await aShop(app, { stock: 1_000, price: 100, balance: 10_000_000 });

const order = async () => {
  const body = { customer_id: 1, product_id: 1, quantity: 1 };
  expect((await call(app, '/order/', { token: shop.customer.token, body })).status).toBe(200);
};

/** Somebody who listens: what they were told, and the id of each event. */
async function listen(who: TestUser, lastEventId?: string) {
  const leaving = new AbortController();
  const last = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
  const headers = { Authorization: `Bearer ${who.token}`, 'Accept-Encoding': 'gzip', ...last };
  const { signal } = leaving;
  const answer = await fetch(`${app.url}/api/v1/notifications/stream/`, { headers, signal });
  const heard: { readonly id: string; readonly data: { readonly id: string; readonly kind: string } }[] = [];
  let text = '';
  const reading = (async () => {
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString();
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const [, id = '', data = ''] = /^id: (.*)\nevent: notification\ndata: (.*)$/.exec(part) ?? [];
        if (id !== '') heard.push({ id, data: JSON.parse(data) });
      }
    }
  })().catch(() => {});
  const until = async (count: number) => {
    const inTime = Date.now() + 30_000;
    while (heard.length < count && Date.now() < inTime) await sleep(20);
    expect(heard.map(({ data }) => data.kind)).toHaveLength(count);
  };
  const leave = async () => {
    leaving.abort();
    await reading;
  };
  return { answer, heard, until, leave, over: reading };
}
const own = async (who: TestUser) => {
  const { json } = await call(app, '/api/v1/notifications/?ordering=created_at', { token: who.token });
  const results: unknown = Reflect.get(Object(json), 'results');
  return Array.isArray(results) ? results : [];
};

describe('the stream of notifications', () => {
  it('tells a customer what the list tells, as it happens', async () => {
    const listens = nextListener(app.parts.live);
    const customer = await listen(shop.customer);
    expect(customer.answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(customer.answer.headers.get('content-encoding')).toBeNull();
    await listens;
    await order();
    await customer.until(2);
    expect(customer.heard.map(({ data }) => data.kind).sort()).toEqual([
      'order_confirmation',
      'payment_processing',
    ]);
    const byId = (one: { readonly id: string }, other: { readonly id: string }) =>
      one.id.localeCompare(other.id);
    expect(customer.heard.map(({ data }) => data).sort(byId)).toEqual((await own(shop.customer)).sort(byId));
    await customer.leave();
  });

  it('goes on after the last event that was got, without a gap and without a repeat', async () => {
    const first = await listen(shop.customer, '0');
    await order();
    await first.until(4);
    await first.leave();
    await order();
    const again = await listen(shop.customer, first.heard.at(-1)?.id);
    await order();
    await again.until(4);
    const ids = [...first.heard, ...again.heard].map(({ data }) => data.id);
    expect(new Set(ids).size).toBe(8);
    expect(ids).toHaveLength(8);
    expect(await own(shop.customer)).toHaveLength(8);
    await again.leave();
  });

  it('tells of all six kinds as they happen (S2-73 … S2-78; wire test 29)', async () => {
    const other = await aShop(app, { stock: 10, price: 100 });
    const listens = nextListener(app.parts.live);
    const customer = await listen(other.customer);
    await listens;
    const ask = async (path: string, body?: unknown, method?: string) => {
      const options = { token: other.staff.token, body, ...(method === undefined ? {} : { method }) };
      return String(Reflect.get(Object((await call(app, `/api/v1/${path}`, options)).json), 'id'));
    };
    const place = () => ask('orders/', { customer_id: 'CUST1', items: [{ product: 1, quantity: 1 }] });
    const step = (id: string, action: string) => ask(`orders/${id}/${action}_order/`, undefined, 'PATCH');
    const bought = await place();
    const payment = await ask('payments/', { order: bought, payment_method: 'cash' });
    await ask(`payments/${payment}/process_payment/`, undefined, 'POST');
    for (const action of ['confirm', 'ship', 'deliver', 'refund']) await step(bought, action);
    await step(await place(), 'cancel');
    await customer.until(6);
    expect(customer.heard.map(({ data }) => data.kind)).toEqual([
      'payment_processing',
      'order_confirmation',
      'shipping_update',
      'delivery_confirmation',
      'refund',
      'order_cancellation',
    ]);
    await customer.leave();
  });

  it('tells nobody else', async () => {
    const other = await aShop(app);
    for (const who of [shop.staff, shop.admin, other.customer]) {
      const listens = nextListener(app.parts.live);
      const stranger = await listen(who, '0');
      await listens;
      await sleep(100);
      expect(stranger.heard).toEqual([]);
      await stranger.leave();
    }
  });

  it('refuses an id that is none', async () => {
    const headers = { 'Last-Event-ID': 'abc' };
    const answer = await call(app, '/api/v1/notifications/stream/', { token: shop.customer.token, headers });
    expect([answer.status, answer.json]).toMatchObject([
      400,
      { details: { 'Last-Event-ID': [expect.any(String)] } },
    ]);
  });

  it('marks one as read, once', async () => {
    const [one] = await own(shop.customer);
    const read = () =>
      call(app, `/api/v1/notifications/${one.id}/read/`, { method: 'POST', token: shop.customer.token });
    const first = await read();
    expect([first.status, first.json]).toMatchObject([200, { ...one, read_at: expect.any(String) }]);
    expect((await read()).text).toBe(first.text);
    const { status } = await call(app, `/api/v1/notifications/${one.id}/read/`, {
      method: 'POST',
      token: shop.staff.token,
    });
    expect(status).toBe(404);
  });

  it('ends when the server stops', async () => {
    const customer = await listen(shop.customer, '0');
    await customer.until(8);
    app.parts.live.close();
    await customer.over;
    expect(customer.heard).toHaveLength(8);
  });
});
