import { setTimeout as sleep } from 'node:timers/promises';
import { newId, openDatabase } from '@orderloom/db';
import { aTenant, freshDatabase } from '@orderloom/db/testing';
import { describe, expect, it } from 'vitest';
import { type Consumer, type FeedEvent, Undeliverable } from '../feed.ts';
import { openIncident } from '../incident.ts';
import { aShop, call, procedures, startApp } from '../testing.ts';
import { startRelay } from './relay.ts';

/** A consumer that a test can break. */
function aSink(name: string) {
  const got: FeedEvent[] = [];
  const givenUp: string[] = [];
  let fails: (event: FeedEvent) => Error | null | Promise<Error> = () => null;
  const consumer: Consumer = {
    name,
    wants: () => true,
    deliver: async (event) => {
      const failure = await fails(event);
      if (failure) throw failure;
      got.push(event);
    },
    giveUp: async (event, why) => void givenUp.push(`${event.id} ${why}`),
  };
  const breakFor = (how: typeof fails) => {
    fails = how;
  };
  const of = (orderId: string) => got.filter((event) => event.orderId === orderId);
  return { consumer, got, givenUp, of, breakFor };
}

const sink = aSink('sink');
const patience = { attemptsMax: 4, firstRetryMs: 20, lastRetryMs: 50 };
const bare = await freshDatabase();
const app = await startApp({ relay: { patience, pollMs: 50 }, consumers: [sink.consumer] });

async function until(met: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const inTime = Date.now() + 30_000;
  while (!(await met())) {
    if (Date.now() > inTime) throw new Error(`not in time: ${what}`);
    await sleep(20);
  }
}

async function openShop() {
  const shop = await aShop(app, { stock: 1_000, price: 100, balance: 10_000_000 });
  const [admin, staff] = [await procedures(app, shop.admin), await procedures(app, shop.staff)];
  const place = async (): Promise<string> => {
    const body = { customer_id: 1, product_id: 1, quantity: 1 };
    expect((await call(app, '/order/', { token: shop.customer.token, body })).status).toBe(200);
    const { items } = await staff.orders.list({ limit: 1 });
    return items[0]?.id ?? '';
  };
  const tenantId = shop.tenant.tenantId;
  const change = (id: string, type: 'startProcessing' | 'shipOrder' | 'deliverOrder' | 'closeOrder') =>
    staff.orders.change({ id, command: { type } });
  return { ...shop, tenantId, admin, staff, place, change };
}
const steps = (events: readonly FeedEvent[]) => events.map(({ type }) => type);
const placing = ['order.placed', 'payment.created', 'payment.captured', 'order.confirmed'];

describe('events', () => {
  it('reach a consumer soon after they were committed, in the order of their order', async () => {
    const { place, change } = await openShop();
    const id = await place();
    await change(id, 'startProcessing');
    await until(() => sink.of(id).length === 5, 'all five');
    expect(steps(sink.of(id))).toEqual([...placing, 'order.processing']);
    expect(sink.of(id).map(({ version }) => version)).toEqual([1, 1, 1, 1, 2]);
  });

  it('wait for a consumer that is away, and all reach it when it is back', async () => {
    const { place, admin } = await openShop();
    const away = Promise.withResolvers<Error>();
    sink.breakFor(() => away.promise);
    const ids: string[] = [];
    for (let count = 0; count < 8; count += 1) ids.push(await place());
    away.resolve(new Error('nobody is at home'));
    await until(
      async () => (await admin.events.relay()).queues.some(({ failing }) => failing > 0),
      'a failure',
    );
    const state = await admin.events.relay();
    expect(state.queues.find(({ consumer }) => consumer === 'sink')).toMatchObject({
      lastError: 'nobody is at home',
      dead: 0,
    });
    sink.breakFor(() => null);
    await until(() => ids.every((id) => sink.of(id).length === 4), 'all are told');
    for (const id of ids) expect(steps(sink.of(id))).toEqual(placing);
  });

  it('of an order wait for the one before them that must be tried again', async () => {
    const { place } = await openShop();
    const tried: string[] = [];
    sink.breakFor(({ type }) => {
      if (type !== 'order.placed') return null;
      tried.push(type);
      return tried.length === 1 ? new Error('not now') : null;
    });
    const id = await place();
    await until(() => sink.of(id).length === 4, 'all four, the first at its second try');
    sink.breakFor(() => null);
    expect(tried).toHaveLength(2);
    expect(steps(sink.of(id))).toEqual(placing);
  });

  it('that a consumer cannot take go to the dead letters, once, and hold up nobody', async () => {
    const { tenantId, place, change, admin, staff } = await openShop();
    let poisoned: string | null = null;
    const isPoison = (event: FeedEvent) =>
      event.tenantId === tenantId &&
      event.type === 'payment.captured' &&
      (poisoned ??= event.orderId) === event.orderId;
    sink.breakFor((event) => (isPoison(event) ? new Error('too bitter') : null));
    const before = sink.givenUp.length;
    const id = await place();
    await until(() => poisoned !== null, 'the first try');
    const other = await place();
    await change(id, 'startProcessing');
    await until(() => sink.of(other).length === 4, 'the other order goes on');
    await until(() => sink.of(id).length === 4, 'the rest of this order goes on');
    expect(steps(sink.of(id))).toEqual([
      'order.placed',
      'payment.created',
      'order.confirmed',
      'order.processing',
    ]);
    expect(sink.givenUp.slice(before)).toEqual([expect.stringMatching(/too bitter$/)]);

    const { deadLetters } = await admin.events.relay();
    expect(deadLetters).toMatchObject([
      { consumer: 'sink', type: 'payment.captured', orderId: id, attempts: 4, lastError: 'too bitter' },
    ]);
    await expect(staff.events.retry({ consumer: 'sink' })).rejects.toThrow('FORBIDDEN');
    sink.breakFor(() => null);
    const event = deadLetters[0]?.eventId ?? '';
    expect(await admin.events.retry({ consumer: 'sink', event })).toEqual({ revived: 1 });
    await until(() => sink.of(id).length === 5, 'it is delivered after all');
    expect((await admin.events.relay()).deadLetters).toEqual([]);
  });

  it('go to the dead letters at once when the consumer knows that asking again is in vain', async () => {
    const { place, admin } = await openShop();
    sink.breakFor(({ type }) => (type === 'order.placed' ? new Undeliverable('no such address') : null));
    const id = await place();
    await until(() => sink.of(id).length === 3, 'the rest');
    sink.breakFor(() => null);
    await until(async () => (await admin.events.relay()).deadLetters.length > 0, 'the dead letter');
    expect((await admin.events.relay()).deadLetters).toMatchObject([{ attempts: 1 }]);
  });
});

describe('a relay whose login owns nothing', () => {
  it('publishes and delivers all the same, as on a managed database', async () => {
    const login = `relay_${process.pid}_${Date.now()}`;
    const may = 'with inherit false, set true';
    await bare.pool.query(`create role ${login} login password 'relay';
      grant orderloom_app, orderloom_worker to ${login} ${may}`);
    const url = Object.assign(new URL(bare.url), { username: login, password: 'relay' }).href;
    const db = await openDatabase({ url, poolMax: 3, acquireTimeoutMs: 20_000 });
    const told = aSink('told');
    const relay = startRelay({ db, log: app.parts.log, consumers: [told.consumer], pollMs: 50 });
    await aTenant(bare);
    await until(() => told.got.length > 0, 'the goods that came in');
    expect(steps(told.got)).toEqual(['stock.received']);
    await relay.stop();
    await db.close();
    await bare.pool.query(`drop role ${login}`);
  });
});

describe('a consumer that is told in the transaction that publishes', () => {
  it('waits for nothing, and gets its events delivered where that fails', async () => {
    const told = aSink('told');
    let isBroken = false;
    const on: FeedEvent[] = [];
    const within: Consumer['within'] = async (em, events) => {
      await em.execute(isBroken ? 'select 1 / 0' : 'select 1');
      on.push(...events);
    };
    const db = await openDatabase({ url: bare.url, poolMax: 3, acquireTimeoutMs: 20_000 });
    const consumers = [{ ...told.consumer, within }];
    const relay = startRelay({ db, log: app.parts.log, consumers, pollMs: 50 });
    await aTenant(bare);
    await until(() => on.length > 0, 'told on the way');
    expect(told.got).toEqual([]);
    isBroken = true;
    await aTenant(bare);
    await until(() => told.got.length > 0, 'delivered after all');
    expect(steps(told.got)).toEqual(['stock.received']);
    await relay.stop();
    await db.close();
  });
});

describe('notices', () => {
  const told = async (tenantId: string, to: 'customer_id' | 'principal_id') => {
    const { rows } = await app.db.pool.query<{ kind: string; title: string }>(
      `select kind, title from notifications where tenant_id = $1 and ${to} is not null and channel = 'in_app'
       order by created_at, kind desc`,
      [tenantId],
    );
    return rows;
  };

  it('tell the customer of an order what is news, once', async () => {
    const { tenantId, place, change } = await openShop();
    const id = await place();
    await change(id, 'startProcessing');
    await change(id, 'shipOrder');
    await until(async () => (await told(tenantId, 'customer_id')).length === 3, 'three pieces of news');
    const kinds = (await told(tenantId, 'customer_id')).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['order_confirmation', 'payment_processing', 'shipping_update']);
    const titles = (await told(tenantId, 'customer_id')).map(({ title }) => title);
    expect(titles).toContainEqual(expect.stringMatching(/^Order ORD-\d{8}-\d{4} is on its way$/));

    // The same events once more, as after a crash between a delivery and its note.
    await app.db.pool.query(
      `insert into deliveries (tenant_id, consumer, feed_seq, event_id, order_id, state, attempts, next_at)
       select tenant_id, 'notices', feed_seq, id, order_id, 'OPEN', 0, now() from events
       where tenant_id = $1`,
      [tenantId],
    );
    const left = 'select 1 from deliveries where tenant_id = $1';
    await until(async () => (await app.db.pool.query(left, [tenantId])).rowCount === 0, 'told again');
    expect(await told(tenantId, 'customer_id')).toHaveLength(3);
  });

  it('tell every administrator what is out of order', async () => {
    const { tenantId } = await openShop();
    const at = new Date().toISOString();
    const failure = { subject: 'http://catalogue.test', detail: 'no answer', requestId: newId() };
    await openIncident(app.parts, { tenantId, kind: 'inventory.unreachable', at, ...failure });
    await until(async () => (await told(tenantId, 'principal_id')).length > 0, 'the alert');
    expect(await told(tenantId, 'principal_id')).toEqual([
      { kind: 'alert', title: 'Alert: inventory unreachable' },
    ]);
  });
});

describe('the metrics', () => {
  it('say what waits, for how long, and what became of deliveries', async () => {
    const { place } = await openShop();
    sink.breakFor(() => new Error('away'));
    await place();
    let text = '';
    const waits = async () => {
      text = (await call(app, '/metrics')).text;
      return /relay_waiting_events\{queue="sink"\} [1-9]/.test(text);
    };
    await until(waits, 'something waits');
    expect(text).toMatch(/relay_waiting_events\{queue="unpublished"\} \d/);
    expect(text).toMatch(/relay_oldest_seconds\{queue="sink"\} \d/);
    expect(text).toMatch(/relay_dead_letters\{queue="sink"\} \d/);
    for (const outcome of ['done', 'failed', 'retried', 'dead'])
      expect(text).toMatch(new RegExp(`deliveries_total\\{consumer="sink",outcome="${outcome}"\\} [1-9]`));
    sink.breakFor(() => null);
  });
});
