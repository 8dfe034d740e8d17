import { describe, expect, it, vi } from 'vitest';
import { aShop, procedures, startApp } from '../testing.ts';
import { aMailServer } from './testing.ts';

const post = await aMailServer({
  onRcptTo: ({ address }, _session, done) =>
    done(address.startsWith('jane') ? null : Object.assign(new Error('unknown'), { responseCode: 550 })),
});
const app = await startApp({ relay: true, config: { smtpUrl: post.url } });
const { tenant, staff: user } = await aShop(app, { stock: 100, price: 2_500, balance: 1_000_000 });
const staff = await procedures(app, user);
const place = () =>
  staff.orders.place({ customer: 1, items: [{ product: 1, quantity: 1 }], settle: 'balance' });

describe('an order that is placed', () => {
  it('is mailed to its customer by itself, in the order in which things happened', async () => {
    const { id, number } = await place();
    await staff.orders.change({ id, command: { type: 'shipOrder' } });
    await staff.orders.change({ id, command: { type: 'deliverOrder' } });
    await vi.waitFor(() => expect(post.received).toHaveLength(3), { timeout: 20_000, interval: 50 });
    expect(post.received.map(({ header }) => header('Subject'))).toEqual(
      ['is confirmed', 'is on its way', 'was delivered'].map((what) =>
        expect.stringContaining(`${number} ${what}`),
      ),
    );
  });

  it('whose customer no mail reaches raises an alert, and stays', async () => {
    await app.db.pool.query(`update customers set email = 'nobody@example.com' where tenant_id = $1`, [
      tenant.tenantId,
    ]);
    const { id } = await place();
    const alerts = async () => {
      const { rows } = await app.db.pool.query(
        `select data from events where tenant_id = $1 and type = 'mail.undeliverable'`,
        [tenant.tenantId],
      );
      return rows;
    };
    await vi.waitFor(async () => expect(await alerts()).toHaveLength(1), { timeout: 20_000, interval: 50 });
    expect(await alerts()).toMatchObject([{ data: { detail: expect.stringContaining('550 unknown') } }]);
    expect(await staff.orders.get({ id })).toMatchObject({ status: 'CONFIRMED', version: 1 });
  });
});
