import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createMail } from '../mail/mail.ts';
import { feedOf, testNow } from '../mail/testing.ts';
import { aShop, call, procedures, startApp } from '../testing.ts';

const app = await startApp();
const production = await startApp({ config: { mode: 'production' } });
const reachable = await startApp({ config: { host: '0.0.0.0' } });
const { tenant, staff: user } = await aShop(app, { stock: 10, price: 2_500, balance: 10_000 });
const staff = await procedures(app, user);
const { consumer } = createMail(app.parts, testNow);

/** A customer whose name would be a page of its own if it could. */
await app.db.pool.query('update customers set name = $2 where tenant_id = $1', [
  tenant.tenantId,
  '<script>alert(1)</script>',
]);
const { number } = await staff.orders.place({
  customer: 1,
  items: [{ product: 1, quantity: 2 }],
  settle: 'balance',
});
for (const event of await feedOf(app, tenant.tenantId))
  if (consumer.wants(event.type)) {
    await consumer.deliver(event);
    await consumer.deliver(event);
  }

type Mails = { readonly mails: readonly { readonly id: string; readonly text: string }[] };
const isMails = (json: unknown): json is Mails =>
  typeof json === 'object' && json !== null && 'mails' in json;
async function kept() {
  const { json } = await call(app, '/dev/mailbox.json');
  if (!isMails(json)) throw new Error('the mailbox gives mails');
  return json.mails;
}

describe('without a mail server, in development', () => {
  it('mails are kept, each once', async () => {
    const mails = await kept();
    expect(mails).toMatchObject([
      {
        tenantId: tenant.tenantId,
        kind: 'order_confirmation',
        recipient: 'jane@example.com',
        subject: `Your order ${number} is confirmed - Test shop`,
        sentAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
    expect(mails[0]?.text).toContain('2 x 25.00 = 50.00');
  });

  it('a page lists them, and shows each as HTML that runs nothing and as text', async () => {
    const path = `/dev/mailbox/${tenant.tenantId}/${(await kept())[0]?.id}`;
    const list = await call(app, '/dev/mailbox');
    expect(list.text).toContain(`<a href="${path}">`);
    expect(list.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'/);

    const shown = await call(app, path);
    expect(shown.text).toContain(`src="${path}/html" sandbox="allow-popups"`);
    expect(shown.text).not.toContain('<script');

    const html = await call(app, `${path}/html`);
    expect(html.headers.get('content-security-policy')).toContain('sandbox allow-popups');
    expect(html.headers.get('x-frame-options')).toBeNull();
    expect(html.text).toContain('Hello &lt;script&gt;');
  });

  it.each(['/dev/mailbox/nobody/x', `/dev/mailbox/${tenant.tenantId}/x`, '/dev/mailbox/%22/x/html'])(
    'there is nothing at %s',
    async (path) => expect(await call(app, path)).toMatchObject({ status: 404 }),
  );

  it('somebody else who lends this machine a name of theirs sees nothing', async () => {
    const status = await new Promise((resolve, reject) => {
      const asked = request(
        `${app.url}/dev/mailbox.json`,
        { headers: { Host: 'evil.example' } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      );
      asked.on('error', reject).end();
    });
    expect(status).toBe(404);
  });
});

describe('in production', () => {
  it('no mail is sent or kept without a mail server, and the log says so once', () => {
    expect(createMail(production.parts, testNow).consumer.wants('order.confirmed')).toBe(false);
    const said = production.logged().filter(({ msg }) => msg === 'SMTP_URL is not set: no mails are sent');
    expect(said).toMatchObject([{ level: 'WARNING' }]);
  });
});

describe('there is no mailbox', () => {
  it.each([
    ['in production', production],
    ['where others can reach the server', reachable],
  ])('%s', async (_where, elsewhere) => {
    for (const path of ['/dev/mailbox', '/dev/mailbox.json', '/dev/mailbox/mailbox.css'])
      expect(await call(elsewhere, path)).toMatchObject({ status: 404 });
  });
});
