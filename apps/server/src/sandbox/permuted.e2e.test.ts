import { setTimeout as sleep } from 'node:timers/promises';
import { check, newId, transact } from '@orderloom/db';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { callerOfToken } from '../auth/caller.ts';
import { changeGroup } from '../orders/payments/group.ts';
import { processPayment } from '../orders/payments/payments.ts';
import { signatureOf } from '../signature.ts';
import { aShop, call, procedures, startApp } from '../testing.ts';
import { changed, charged } from './charges.ts';

/** How many payments hear their gateway out of order; `PERMUTATIONS=1000` for the full measure (G17). */
const runs = Number(process.env['PERMUTATIONS'] ?? 40);
const webhookSecret = 'a secret for messages';
// Nobody listens there: all that is known of a card is what the messages say.
const gateway = { url: 'http://127.0.0.1:1', key: 'none', webhookSecret };
const app = await startApp({ config: { gateway }, relay: true });
const shop = await aShop(app, { stock: 1_000_000, price: 2_000 });
const { tenantId } = shop.tenant;
const staff = await procedures(app, shop.staff);
await app.db.pool.query(
  `insert into stores (tenant_id, id, ref, slug, name, commission_bp, active, version, created_at, updated_at)
   values ($1, $2, 2, 'other', 'Other', 0, true, 1, now(), now())`,
  [tenantId, newId()],
);
await staff.products.create({ name: 'Cup', sku: 'CUP', price: 1_000, store: 'other', quantity: 1_000_000 });
const known = await callerOfToken(app.parts, shop.staff.token);
if (!known.ok) throw new Error(known.error.code);
const caller = known.value;

type Asked = { readonly orders: readonly string[]; readonly paymentId: string };

/** A card payment of 30.00 that was asked for, of one order or of a group of two. */
async function anAskedPayment(isGroup: boolean): Promise<Asked> {
  const names = isGroup ? ['MUG', 'CUP'] : ['CUP', 'CUP', 'CUP'];
  const placed = await staff.orders.place({ items: names.map((product) => ({ product, quantity: 1 })) });
  const orders = placed.group?.orderIds ?? [placed.id];
  const body = placed.group ? { group: placed.group.id } : { order: placed.id };
  const made = await call(app, '/api/v1/payments/', { token: shop.staff.token, body });
  const { id: paymentId } = z.looseObject({ id: z.string() }).parse(made.json);
  const actor = { at: new Date().toISOString(), newId, requestId: 'a-test-request', once: null } as const;
  const ctx = { ...actor, origin: 'api', caller, reach: 'all', cards: true } as const;
  const [first = '', ...rest] = orders;
  const place = { orderIds: [first, ...rest], isGroup, customerId: null, method: 'credit_card' } as const;
  const command = { type: 'processPayment', paymentId } as const;
  const done = await transact(app.db, { tenantId }, (em) =>
    isGroup
      ? changeGroup(em, {
          ctx,
          place: { ...place, orderIds: [first, ...rest] },
          expectedVersion: undefined,
          command,
        })
      : processPayment(em, { id: paymentId }, ctx),
  );
  if (!done.ok) throw new Error(done.error.code);
  return { orders, paymentId };
}

/** What a gateway says of a charge, as messages: made, given back in three parts, and then too much. */
function messagesOf({ paymentId }: Asked): { readonly id: string; readonly body: Buffer }[] {
  const asked = { reference: `${tenantId}/${paymentId}`, currency: 'USD', amount: 3_000, token: 'tok_ok' };
  const statements = [charged({ ...asked, capture: true }, { id: `ch_${paymentId}`, key: `${paymentId}:1` })];
  for (const amount of [400, 300, 1_500, 5_000]) {
    const key = `${paymentId}:${statements.length + 1}`;
    const last = statements.at(-1);
    if (last) statements.push(changed(last.charge, { operation: 'refund', amount, final: false }, key));
  }
  return statements.map((data) => ({
    id: newId(),
    body: Buffer.from(JSON.stringify({ type: 'charge.updated', data })),
  }));
}

async function send({ id, body }: ReturnType<typeof messagesOf>[number]): Promise<number> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = signatureOf(webhookSecret, { id, timestamp }, body);
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  return (await fetch(`${app.url}/webhooks/gateway`, { method: 'POST', headers, body })).status;
}

/** A small generator, so that a failing run can be run again. */
function chance(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** All messages at least once, some again with the same id or a new one, in any order. */
function permuted<T extends { readonly id: string }>(messages: readonly T[], random: () => number): T[] {
  const again = messages.filter(() => random() < 0.5);
  const anew = messages.filter(() => random() < 0.3).map((one) => ({ ...one, id: newId() }));
  return [...messages, ...again, ...anew]
    .map((one) => ({ one, rank: random() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ one }) => one);
}

async function heardAll(): Promise<void> {
  const sql =
    'select count(*)::int as left from gateway_webhooks where tenant_id = $1 and processed_at is null';
  for (let tries = 0; tries < 6_000; tries += 1) {
    const { rows } = await app.db.pool.query<{ left: number }>(sql, [tenantId]);
    if (rows[0]?.left === 0) return;
    await sleep(100);
  }
  throw new Error('messages were left unheard');
}

/** Everything about the money of the orders, but for ids and times. */
async function standing({ orders, paymentId }: Asked) {
  const { json } = await call(app, `/api/v1/payments/${paymentId}/`, { token: shop.staff.token });
  const told = z.looseObject({ status_detail: z.string(), captured_amount: z.string() }).parse(json);
  const parts = await Promise.all(
    orders.map(async (id) => {
      const { paymentStatus, paid, refunded, payments } = await staff.orders.get({ id });
      const amounts = payments.map((one) => [one.status, one.captured, one.refunded]);
      return { paymentStatus, paid, refunded, amounts };
    }),
  );
  return [told.status_detail, told.captured_amount, told['refunded_amount'], told['failure'], parts];
}

describe('messages of a gateway over HTTP', () => {
  it.each([false, true])(
    'end the same in any order and however often they come (G17; of a group: %s)',
    async (isGroup) => {
      const first = await anAskedPayment(isGroup);
      for (const message of messagesOf(first)) expect(await send(message)).toBe(200);
      await heardAll();
      const expected = await standing(first);
      expect(expected.slice(0, 3)).toEqual(['partially_refunded', '30.00', '22.00']);
      const random = chance(20_261_121);
      const others: Asked[] = [];
      for (let run = 0; run < runs / 2; run += 1) {
        const asked = await anAskedPayment(isGroup);
        for (const message of permuted(messagesOf(asked), random)) expect(await send(message)).toBe(200);
        others.push(asked);
      }
      await heardAll();
      for (const asked of others) expect(await standing(asked)).toEqual(expected);
      expect(await check(app.db, tenantId)).toEqual([]);
    },
    60_000 + runs * 2_000,
  );
});
