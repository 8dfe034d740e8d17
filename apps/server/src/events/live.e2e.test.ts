import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { aConsole, aShop, call, startApp } from '../testing.ts';
import { nextListener } from '../testing/listening.ts';

const app = await startApp({ relay: true });
const shop = await aShop(app, { stock: 1_000, price: 100, balance: 10_000_000 });
const desk = aConsole(app);
await desk.signIn(shop.staff.email);

const place = async () => {
  const body = { customer_id: 1, product_id: 1, quantity: 1 };
  expect((await call(app, '/order/', { token: shop.customer.token, body })).status).toBe(200);
};

type Heard = { readonly id: string; readonly type: string };

/** A browser that watches: it keeps the number of the last event, and what was told. */
async function watch(input: object, lastEventId?: string) {
  const leaving = new AbortController();
  const path = `/trpc/events.live?input=${encodeURIComponent(JSON.stringify(input))}`;
  const last = lastEventId === undefined ? {} : { 'Last-Event-Id': lastEventId };
  const headers = { Cookie: desk.cookie(), 'Sec-Fetch-Site': 'same-origin', ...last };
  const encoded = { 'Accept-Encoding': 'gzip' };
  const { signal } = leaving;
  const answer = await fetch(app.url + path, { headers: { ...headers, ...encoded }, signal });
  const heard: Heard[] = [];
  let text = '';
  const reading = (async () => {
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString();
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(part)?.[1];
        const [id, data] = [field('id'), field('data')];
        if (id !== undefined && data !== undefined) heard.push({ id, type: JSON.parse(data).type });
      }
    }
  })().catch(() => {});
  const leave = async () => {
    leaving.abort();
    await reading;
  };
  const until = async (count: number) => {
    const inTime = Date.now() + 30_000;
    while (heard.length < count && Date.now() < inTime) await sleep(20);
    expect(heard).toHaveLength(count);
  };
  return { answer, heard, leave, until, over: reading };
}
const ids = (heard: readonly Heard[]) => heard.map(({ id }) => Number(id));
const from = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);

describe('the live feed', () => {
  it('tells what happens from now on, as it happens', async () => {
    const listens = nextListener(app.parts.live);
    const browser = await watch({});
    expect(browser.answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(browser.answer.headers.get('content-encoding')).toBeNull();
    await listens;
    await place();
    await browser.until(4);
    expect(browser.heard.map(({ type }) => type)).toEqual([
      'order.placed',
      'payment.created',
      'payment.captured',
      'order.confirmed',
    ]);
    await browser.leave();
  });

  it('goes on after the last event that the browser got, without a gap and without a repeat', async () => {
    const first = await watch({ after: 0 });
    await place();
    await first.until(9); // the goods that came in, and two orders
    await first.leave();
    await place();
    const again = await watch({ after: 0 }, first.heard.at(-1)?.id);
    await again.until(4);
    expect(ids([...first.heard, ...again.heard])).toEqual(from(1, 13));
    await again.leave();
  });

  it('is for those who may read all orders', async () => {
    const customer = aConsole(app);
    await customer.signIn(shop.customer.email);
    const headers = { Cookie: customer.cookie(), 'Sec-Fetch-Site': 'same-origin' };
    const text = await (await fetch(`${app.url}/trpc/events.live`, { headers })).text();
    expect(text).toContain('FORBIDDEN');
    expect(text).not.toContain('order.placed');
    const foreign = { Cookie: desk.cookie(), 'Sec-Fetch-Site': 'cross-site' };
    expect((await fetch(`${app.url}/trpc/events.live`, { headers: foreign })).status).toBe(403);
  });

  it('ends when the server stops, in a way that lets the browser come again', async () => {
    const browser = await watch({ after: 0 });
    await browser.until(13);
    app.parts.live.close();
    await browser.over;
    expect(browser.heard).toHaveLength(13);
  });
});
