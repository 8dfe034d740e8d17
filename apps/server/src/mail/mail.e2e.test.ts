import { afterAll, describe, expect, it } from 'vitest';
import type { Config } from '../config.ts';
import { Undeliverable } from '../feed.ts';
import { openIncident } from '../incident.ts';
import { aShop, aUser, procedures, startApp } from '../testing.ts';
import { createMail } from './mail.ts';
import { aMailServer, aSilentServer, feedOf, testNow } from './testing.ts';

const app = await startApp();
const post = await aMailServer();
const mailWith = (config: Partial<Config>) =>
  createMail({ ...app.parts, config: { ...app.parts.config, ...config } }, testNow);
const mail = mailWith({ smtpUrl: post.url, mailFrom: 'Test shop <orders@shop.test>' });
afterAll(() => mail.close());

/** A shop of its own, what its events are, and what is mailed of them. */
async function shop() {
  const { tenant, staff: user, admin } = await aShop(app, { stock: 100, price: 2_500, balance: 1_000_000 });
  const { tenantId } = tenant;
  const staff = await procedures(app, user);
  const place = (settle: 'later' | 'balance' = 'balance') =>
    staff.orders.place({
      customer: 1,
      items: [{ product: 1, quantity: 3 }],
      shippingMethod: 'standard',
      settle,
    });
  const events = () => feedOf(app, tenantId);
  const tell = async ({ consumer } = mail) => {
    for (const event of await events()) if (consumer.wants(event.type)) await consumer.deliver(event);
  };
  return { tenant, tenantId, admin, staff, place, events, tell };
}

const newest = (count: number) => post.received.slice(-count);

describe('the mails of an order', () => {
  it('tell its customer of confirmation, shipping, delivery and refund, as HTML and as text', async () => {
    const { staff, place, tell } = await shop();
    const { id, number } = await place();
    const change = (command: Parameters<typeof staff.orders.change>[0]['command']) =>
      staff.orders.change({ id, command });
    await change({ type: 'shipOrder', trackingNumber: '1Z999' });
    await change({ type: 'markOutForDelivery' });
    await change({ type: 'deliverOrder' });
    await change({ type: 'refundOrder', reason: 'Arrived broken' });
    await tell();

    const told = newest(5);
    expect(told.map(({ header }) => header('Subject'))).toEqual(
      [
        `Your order ${number} is confirmed`,
        `Your order ${number} is on its way`,
        `Your order ${number} is out for delivery`,
        `Your order ${number} was delivered`,
        `Refund for your order ${number}`,
      ].map((subject) => expect.stringContaining(subject)),
    );
    for (const { from, to, header, part } of told) {
      expect([from, to]).toEqual(['orders@shop.test', ['jane@example.com']]);
      expect(header('Content-Type')).toContain('multipart/alternative');
      expect(header('Auto-Submitted')).toBe('auto-generated');
      for (const body of [part('text/html'), part('text/plain')])
        for (const word of ['Test shop', 'Jane Roe', number, 'Mug', '25.00', '75.00', '5.00', '80.00', 'USD'])
          expect(body).toContain(word);
      expect(part('text/html')).toContain('3 × 25.00');
      expect(part('text/plain')).toContain('3 x 25.00 = 75.00');
    }
    for (const { part } of told.slice(1, 4)) expect(part('text/plain')).toContain('Tracking number: 1Z999');
    const refund = told[4]?.part('text/plain');
    expect(refund).toContain('We have given back 80.00 USD');
    expect(refund).toContain('Refunded: 80.00 USD to your balance');
    expect(refund).toContain('Reason: Arrived broken');
  });

  it('tell of a cancellation, and of the money that came back with it', async () => {
    const { staff, place, tell } = await shop();
    const { id, number } = await place();
    await staff.orders.change({ id, command: { type: 'cancelOrder', reason: 'Ordered twice' } });
    await tell();
    const [, cancelled, refund] = newest(3);
    expect(cancelled?.header('Subject')).toContain(`Your order ${number} was cancelled`);
    expect(cancelled?.part('text/plain')).toContain('Reason: Ordered twice');
    expect(refund?.part('text/plain')).toContain('We have given back 80.00 USD');
  });

  it('tell of one part of the money, and of what had come back before', async () => {
    const { staff, place, tell } = await shop();
    const { payments } = await place();
    const id = payments[0]?.id ?? '';
    await staff.payments.refund({ id, amount: 1_000, reason: 'Goodwill' });
    await staff.payments.refund({ id, amount: 500, reason: 'More goodwill' });
    await tell();
    const [first, second] = newest(2).map(({ part }) => part('text/plain'));
    expect(first).toContain('We have given back 10.00 USD');
    expect(second).toContain('We have given back 5.00 USD');
    expect(second).toMatch(/Refunded before +10.00/);
  });

  it('are not written of a placed order, of money on its way, or of an order of nobody', async () => {
    const { staff, place, tell } = await shop();
    const before = post.received.length;
    const { id } = await place('later');
    await staff.payments.create({ order: id, method: 'bank_transfer' });
    const nobody = await staff.orders.place({ items: [{ product: 1, quantity: 1 }] });
    await staff.orders.change({ id: nobody.id, command: { type: 'cancelOrder' } });
    await tell();
    expect(post.received).toHaveLength(before);
  });

  it('are not written to a customer without a mail address, or with one that is none', async () => {
    for (const email of ['', 'a@example.com, b@example.com', 'jane@example.com\r\nBcc: b@example.com']) {
      const { tenantId, place, tell } = await shop();
      const before = post.received.length;
      await app.db.pool.query('update customers set email = $2 where tenant_id = $1', [tenantId, email]);
      await place();
      await tell();
      expect(post.received).toHaveLength(before);
    }
  });

  it('are not written of what has long been no news', async () => {
    const { place, events } = await shop();
    const before = post.received.length;
    await place();
    const [event] = (await events()).filter(({ type }) => type === 'order.confirmed');
    if (!event) throw new Error('the order is confirmed');
    const at = (hoursAgo: number) => new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
    await mail.consumer.deliver({ ...event, at: at(49) });
    expect(post.received).toHaveLength(before);
    await mail.consumer.deliver({ ...event, at: at(47) });
    expect(post.received).toHaveLength(before + 1);
  });

  it('leave once, however often their event comes', async () => {
    const { place, tell } = await shop();
    const before = post.received.length;
    await place();
    await tell();
    await tell();
    expect(post.received).toHaveLength(before + 1);
  });
});

describe('names', () => {
  it('put no header and no line into a mail', async () => {
    const { tenantId, place, tell } = await shop();
    const evil = 'Evil\r\nBcc: thief@example.com\r\n\r\n<script>alert(1)</script>\u202e';
    const set = (table: string, key: string) =>
      app.db.pool.query(`update ${table} set name = $2 where ${key} = $1`, [tenantId, evil]);
    await set('tenants', 'id');
    await set('customers', 'tenant_id');
    await set('products', 'tenant_id');
    await place();
    await tell();
    const [told] = newest(1);
    const head = told?.raw.slice(0, told.raw.indexOf('\r\n\r\n')) ?? '';
    expect(told?.to).toEqual(['jane@example.com']);
    expect(head).not.toMatch(/^bcc/im);
    expect(head.match(/^(?:from|to|subject):/gim)).toHaveLength(3);
    expect(told?.part('text/html')).not.toContain('<script>');
    expect(told?.part('text/plain')).toContain(
      'Hello Evil Bcc: thief@example.com <script>alert(1)</script>,',
    );
  });
});

describe('a mail server that', () => {
  /** What comes of a mail by this server, and of the order that it is about. */
  const after = async (url: string) => {
    const { staff, place, events } = await shop();
    const { id } = await place();
    const { consumer, close } = mailWith({ smtpUrl: url });
    const [event] = (await events()).filter(({ type }) => type === 'order.confirmed');
    if (!event) throw new Error('the order is confirmed');
    const began = performance.now();
    const thrown: unknown = await consumer.deliver(event).then(
      () => 'sent',
      (why: unknown) => why,
    );
    const seconds = (performance.now() - began) / 1000;
    close();
    const { status, version } = await staff.orders.get({ id });
    return { event, seconds, thrown, told: { answer: String(thrown), status, version } };
  };
  const untouched = { status: 'CONFIRMED', version: 1 };

  it('refuses for now leaves the order alone, and takes the mail the next time', async () => {
    const refusing = await aMailServer({
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('busy'), { responseCode: 451 })),
    });
    const { event, told } = await after(refusing.url);
    expect(told).toEqual({ answer: expect.stringContaining('451 busy'), ...untouched });
    const before = post.received.length;
    await mail.consumer.deliver(event);
    expect(post.received).toHaveLength(before + 1);
  });

  it('knows no such recipient is not asked again', async () => {
    const refusing = await aMailServer({
      onRcptTo: (_address, _session, done) =>
        done(Object.assign(new Error('unknown'), { responseCode: 550 })),
    });
    const { told, thrown } = await after(refusing.url);
    expect(told).toEqual({ answer: expect.stringContaining('550 unknown'), ...untouched });
    expect(thrown).toBeInstanceOf(Undeliverable);
  });

  it('is down leaves the order alone', async () => {
    const gone = await aMailServer();
    await gone.stop();
    const { told } = await after(gone.url);
    expect(told).toEqual({ answer: expect.stringContaining('ECONNREFUSED'), ...untouched });
  });

  it('shows a certificate that nobody vouches for gets no mail', async () => {
    const stranger = await aMailServer({ tls: true });
    const { told } = await after(stranger.url);
    expect(told).toEqual({ answer: expect.stringContaining('certificate'), ...untouched });
    expect(stranger.received).toEqual([]);
  });

  it('never greets, or stops talking, leaves the order alone', { retry: 2 }, async () => {
    const stalling = await aMailServer({ onRcptTo: () => {} });
    const [silent, stalled] = await Promise.all([after(await aSilentServer()), after(stalling.url)]);
    expect(silent.told).toEqual({ answer: expect.stringContaining('Greeting never received'), ...untouched });
    expect(silent.seconds).toBeLessThan(7);
    expect(stalled.told).toEqual({ answer: expect.stringContaining('aborted'), ...untouched });
    expect(stalled.seconds).toBeLessThan(10);
  });
});

describe('a mail that nobody takes', () => {
  it('alerts the administrators, each once, and not about the alert itself', async () => {
    const { tenantId, tenant, admin, place, events } = await shop();
    const second = await aUser(app, tenant, 'admin');
    await place();
    const [confirmed] = (await events()).filter(({ type }) => type === 'order.confirmed');
    if (!confirmed) throw new Error('the order is confirmed');
    await mail.consumer.giveUp?.(confirmed, '550 no such mailbox');

    const alerts = (await events()).filter(({ type }) => type === 'mail.undeliverable');
    expect(alerts).toHaveLength(1);
    const before = post.received.length;
    for (const alert of [...alerts, ...alerts]) await mail.consumer.deliver(alert);
    const told = post.received.slice(before);
    expect(told.flatMap(({ to }) => to).sort()).toEqual([admin.email, second.email].sort());
    expect(told[0]?.part('text/plain')).toContain('550 no such mailbox');

    for (const alert of alerts) await mail.consumer.giveUp?.(alert, 'down');
    expect((await events()).filter(({ type }) => type === 'mail.undeliverable')).toHaveLength(1);
    expect(app.logged().some((line) => line['why'] === 'down' && line['tenantId'] === tenantId)).toBe(true);
  });
});

describe('what cannot be reached', () => {
  it('is mailed to the administrators who may sign in', async () => {
    const { tenantId, tenant, admin, events } = await shop();
    const former = await aUser(app, tenant, 'admin');
    await app.db.pool.query('update principals set disabled_at = now() where id = $1', [former.id]);
    await openIncident(app.parts, {
      tenantId,
      kind: 'inventory.unreachable',
      subject: 'http://catalogue.test',
      detail: 'GET /products/1: no answer',
      at: testNow(),
    });
    const [alert] = (await events()).filter(({ type }) => type === 'inventory.unreachable');
    if (!alert) throw new Error('an incident is an event');
    await mail.consumer.deliver(alert);
    const [told] = newest(1);
    expect(told?.to).toEqual([admin.email]);
    expect(told?.header('Subject')).toContain('Alert: The catalogue cannot be reached');
    expect(told?.part('text/html')).toContain(`${app.url}/admin/`);
  });
});
