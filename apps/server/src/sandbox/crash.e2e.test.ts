import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ok } from '@orderloom/core';
import { keepCardToken, transact } from '@orderloom/db';
import { freshDatabase } from '@orderloom/db/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aConsole, aShop } from '../testing.ts';
import { aServer } from '../testing/process.ts';
import { freePort } from '../testing/program.ts';
import { type RunningSandbox, startSandbox } from './start.ts';

const db = await freshDatabase();
const port = await freePort();
const key = 'the key of the shop';
const webhookSecret = 'a secret for messages';
const dataDir = mkdtempSync(join(tmpdir(), 'orderloom-sandbox-'));
const env = {
  GATEWAY_URL: `http://127.0.0.1:${port}`,
  GATEWAY_KEY: key,
  GATEWAY_WEBHOOK_SECRET: webhookSecret,
  SECRET_KEY: 'a key for tests that is long enough',
};
// Nobody is told of charges: what was lost has to be asked for.
const aSandbox = (): Promise<RunningSandbox> =>
  startSandbox({ port, dataDir, listenerUrl: null, key, webhookSecret, lateMs: 60_000 });

const { tenant, staff } = await aShop({ db }, { stock: 1_000, price: 1_000 });
const { tenantId } = tenant;
const Charges = z.object({ charges: z.array(z.object({ reference: z.string(), captured: z.int() })) });
async function charges() {
  const headers = { Authorization: `Bearer ${key}` };
  const answer = await fetch(`http://127.0.0.1:${port}/v1/charges`, { headers });
  return Charges.parse(await answer.json()).charges;
}

async function settled(paymentId: string) {
  for (let tries = 0; tries < 600; tries += 1) {
    const { rows } = await db.pool.query<{ status: string }>('select status from payments where id = $1', [
      paymentId,
    ]);
    if (rows[0]?.status !== 'PENDING') return rows[0]?.status;
    await sleep(100);
  }
  return 'nothing came of it';
}

/** As if nobody had heard of the payment for a while. */
const longAgo = (paymentId: string) =>
  db.pool.query(`update payments set updated_at = updated_at - interval '1 minute' where id = $1`, [
    paymentId,
  ]);

const Told = z.object({
  result: z.object({ data: z.object({ id: z.string(), payments: z.array(z.object({ id: z.string() })) }) }),
});

/** A console at this server, and a card payment that it has created. */
async function aCardPayment(url: string, token: string) {
  const desk = aConsole({ url });
  await desk.signIn(staff.email);
  const placed = Told.parse(
    (await desk.mutate('orders.place', { items: [{ product: 1, quantity: 1 }] })).json,
  );
  const asked = { order: placed.result.data.id, method: 'credit_card' };
  const created = Told.parse((await desk.mutate('payments.create', asked)).json);
  const id = created.result.data.payments[0]?.id ?? '';
  const card = { paymentId: id, token };
  await transact(db, { tenantId }, async (em) => ok(await keepCardToken(em, tenantId, card)));
  return { desk, id };
}

const chargesOf = async (id: string) =>
  (await charges()).filter(({ reference }) => reference === `${tenantId}/${id}`);

describe('a card is charged once, and that is known in the end', () => {
  it('when the server dies between the charge and its answer', async () => {
    const sandbox = await aSandbox();
    const server = await aServer(db.url, { env });
    const { desk, id } = await aCardPayment(server.url, 'tok_timeout');
    const answer = desk.mutate('payments.process', { id }).catch(() => 'died');
    while ((await chargesOf(id)).length === 0) await sleep(20);
    await server.kill();
    expect(await answer).toBe('died');
    await longAgo(id);
    const next = await aServer(db.url, { env });
    expect(await settled(id)).toBe('PAID');
    expect(await chargesOf(id)).toMatchObject([{ captured: 1_000 }]);
    await next.kill();
    sandbox.kill();
  }, 150_000);

  it('when the gateway is away, or dies before it has answered', async () => {
    const server = await aServer(db.url, { env });
    const away = await aCardPayment(server.url, 'tok_ok');
    expect((await away.desk.mutate('payments.process', { id: away.id })).status).toBe(200);
    const first = await aSandbox();
    expect(await settled(away.id)).toBe('PAID');
    expect(await chargesOf(away.id)).toMatchObject([{ captured: 1_000 }]);

    const lost = await aCardPayment(server.url, 'tok_timeout');
    const answer = lost.desk.mutate('payments.process', { id: lost.id });
    while ((await chargesOf(lost.id)).length === 0) await sleep(20);
    first.kill();
    await answer;
    await longAgo(lost.id);
    const second = await aSandbox();
    expect(await settled(lost.id)).toBe('PAID');
    expect(await chargesOf(lost.id)).toMatchObject([{ captured: 1_000 }]);
    second.kill();
  }, 150_000);
});
