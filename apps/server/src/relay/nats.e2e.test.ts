import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aShop, call, type CallOptions, procedures, startApp } from '../testing.ts';
import { findProgram, freePort } from '../testing/program.ts';

const Draft = z.object({ id: z.string() });
const program = findProgram('nats-server');
const port = await freePort();
const store = mkdtempSync(join(tmpdir(), 'nats-'));
let server: ChildProcess | undefined;
const start = () => {
  const args = ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', store];
  server = spawn(program ?? '', args, { stdio: 'ignore' });
};
const kill = async () => {
  server?.kill('SIGKILL');
  if (server) await once(server, 'exit');
};

describe.skipIf(program === undefined)('events published to NATS', async () => {
  if (program === undefined) return;
  afterAll(kill);
  const pace = { patience: { firstRetryMs: 50, lastRetryMs: 200 }, pollMs: 100 };
  const natsUrl = `nats://127.0.0.1:${port}`;
  const app = await startApp({ relay: pace, config: { natsUrl } });

  async function openShop() {
    const shop = await aShop(app, { stock: 1_000, price: 100, balance: 10_000_000 });
    const staff = await procedures(app, shop.staff);
    const place = async () => {
      const body = { customer_id: 1, product_id: 1, quantity: 1 };
      expect((await call(app, '/order/', { token: shop.customer.token, body })).status).toBe(200);
      return (await staff.orders.list({ limit: 1 })).items[0]?.id ?? '';
    };
    return { tenantId: shop.tenant.tenantId, token: shop.staff.token, staff, place };
  }

  /** The first that are stored there of a tenant, once `count` of it are there; never more than that. */
  async function stored(tenantId: string, count: number) {
    const nats = await connect({ servers: `127.0.0.1:${port}`, reconnect: true, waitOnFirstConnect: true });
    const found: { subject: string; id: string; body: Record<string, unknown> }[] = [];
    try {
      const inTime = Date.now() + 40_000;
      const manager = await jetstream(nats).jetstreamManager();
      const filter = { subjects_filter: `orderloom.${tenantId}.>` };
      let all = 0;
      for (; all < count && Date.now() < inTime; await sleep(50)) {
        const subjects = await manager.streams.info('ORDERLOOM', filter).catch(() => null);
        all = Object.values(subjects?.state.subjects ?? {}).reduce((sum, one) => sum + one, 0);
      }
      expect(all).toBe(count);
      const consumer = await jetstream(nats).consumers.get('ORDERLOOM', {
        filter_subjects: `orderloom.${tenantId}.>`,
      });
      for await (const message of await consumer.fetch({ max_messages: count, expires: 10_000 }))
        found.push({
          subject: message.subject,
          id: message.headers?.get('Nats-Msg-Id') ?? '',
          body: message.json(),
        });
    } finally {
      await nats.close();
    }
    return found;
  }

  it('are CloudEvents under their own id, in the order of their order', async () => {
    start();
    const { tenantId, staff, place } = await openShop();
    const id = await place();
    await staff.orders.change({ id, command: { type: 'startProcessing' } });
    const found = (await stored(tenantId, 6)).filter(({ body }) => body['subject'] === id);
    expect(found.map(({ subject }) => subject)).toEqual(
      ['order.placed', 'payment.created', 'payment.captured', 'order.confirmed', 'order.processing'].map(
        (type) => `orderloom.${tenantId}.${type}`,
      ),
    );
    expect(found.map(({ id: header, body }) => header === body['id'])).toEqual(Array(5).fill(true));
    expect(found[4]?.body).toMatchObject({
      specversion: '1.0',
      source: app.url,
      type: 'order.processing',
      subject: id,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      datacontenttype: 'application/json',
      tenantid: tenantId,
      orderversion: 2,
      data: {},
    });
  });

  it('say of a closed order exactly what was agreed', async () => {
    const { tenantId, token } = await openShop();
    const ask = async (path: string, asked: CallOptions) => {
      const answer = await call(app, path, { token, ...asked });
      expect(answer.status).toBe(200);
      return answer;
    };
    const draft = await ask('/orders', { headers: { 'Idempotency-Key': 'test-123' }, body: {} });
    const { id: orderId } = Draft.parse(draft.json);
    const confirm = { method: 'PATCH', headers: { 'If-Match': '1' }, body: { totalCents: 1_000 } };
    await ask(`/orders/${orderId}/confirm`, confirm);
    await ask(`/orders/${orderId}/close`, { method: 'POST' });
    const found = await stored(tenantId, 4);
    const closed = found.filter(({ body }) => body['type'] === 'orders.closed');
    expect(closed).toHaveLength(1);
    const { time, data } = closed[0]?.body ?? {};
    expect(data).toEqual({ orderId, tenantId, totalCents: 1_000, closedAt: time });
  });

  it('wait while the server there is down, and are stored once when it is back', async () => {
    const { tenantId, place } = await openShop();
    await kill();
    for (let count = 0; count < 5; count += 1) await place();
    const failed = `select from deliveries where tenant_id = $1 and consumer = 'broker' and attempts > 0`;
    const tried = async () => (await app.db.pool.query(failed, [tenantId])).rowCount;
    await expect.poll(tried, { timeout: 30_000 }).toBeGreaterThan(0);
    start();
    const found = await stored(tenantId, 21);
    expect(found).toHaveLength(21);
    expect(new Set(found.map(({ id }) => id)).size).toBe(21);

    // As after a crash between a delivery and its note.
    await app.db.pool.query(
      `insert into deliveries (tenant_id, consumer, feed_seq, event_id, order_id, state, attempts, next_at)
       select tenant_id, 'broker', feed_seq, id, order_id, 'OPEN', 0, now() from events where tenant_id = $1`,
      [tenantId],
    );
    const left = 'select 1 from deliveries where tenant_id = $1';
    while (((await app.db.pool.query(left, [tenantId])).rowCount ?? 0) > 0) await sleep(50);
    expect(await stored(tenantId, 21)).toHaveLength(21);
  });
});
