import { ok } from '@orderloom/core';
import { claimKeys, keepAnswers, newId, transact } from '@orderloom/db';
import { aTenant, freshDatabase, raceUntil, type TestDatabase, type TestTenant } from '@orderloom/db/testing';
import { describe, expect, it } from 'vitest';
import type { Answer, Once } from '../../once.ts';
import type { Actor } from '../../trpc.ts';
import { placeOrders } from './place.ts';
import type { PlacedFacts } from '../views.ts';
import { createPlacing } from './placing.ts';
import type { Wish } from './wish.ts';

const db = await freshDatabase();
const bare = await freshDatabase({ defenceOff: ['idempotency'] });
const at = '2026-11-21T10:00:00.000Z';

const aKey = ({ principalId }: TestTenant, key: string, requestHash = 'the request'): Once => ({
  principalId,
  route: 'createServiceOrder',
  key,
  requestHash,
  answer: (output) => ({
    status: 200,
    headers: { ETag: '"1"' },
    body: String(Reflect.get(Object(output), 'id')),
  }),
});

/** Somebody of the staff who wishes for so many mugs. */
function aWish({ tenantId, principalId }: TestTenant, once: Once | null, quantity = 1): Wish {
  const caller = { tenantId, principalId, tokenId: null, name: 'Sam', customerId: null };
  const ctx: Actor = {
    at,
    newId,
    requestId: 'a-request',
    origin: 'service',
    once,
    caller: { ...caller, role: 'staff', granted: null },
    reach: 'all',
  };
  const items = [{ product: quantity > 0 ? 'MUG' : 'CUP', quantity: Math.abs(quantity) }];
  return { ctx, asked: { items, onShortage: 'reject', settle: 'later' } };
}

const codeOf = (answer: Answer<PlacedFacts>): string => (answer.ok ? 'placed' : answer.error.code);

/** Keys that were used before: `body` is what was answered, `null` while somebody is still at work. */
const usedBefore = ({ tenantId }: TestTenant, claims: readonly Once[], body: string | null) =>
  transact(db, { tenantId }, async (em) => {
    await claimKeys(em, tenantId, claims);
    const answer = { status: 200, headers: {}, body: body ?? '' };
    if (body !== null)
      await keepAnswers(
        em,
        tenantId,
        claims.map((claim) => ({ claim, answer })),
      );
    return ok(null);
  });

async function statesOf({ tenantId }: TestTenant): Promise<Map<string, string>> {
  const { rows } = await db.pool.query<{ key: string; state: string }>(
    'select key, state from idempotency_records where tenant_id = $1',
    [tenantId],
  );
  return new Map(rows.map(({ key, state }) => [key, state]));
}

/** The order that an answer tells of. */
function toldBy(answer: Answer<PlacedFacts>): string {
  if (answer.ok) return answer.value.order.id;
  return answer.error.code === 'REPLAYED' ? answer.error.answer.body : answer.error.code;
}

/** 64 wishes at once with eight keys; how many orders there are then. */
async function sharing(home: TestDatabase) {
  const tenant = await aTenant(home, { stock: 1_000 });
  const placing = createPlacing(home);
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, n) => {
      const { ctx, asked } = aWish(tenant, aKey(tenant, `shared-${n % 8}`));
      return placing.place(ctx, asked);
    }),
  );
  const found = await home.pool.query('select id from orders where tenant_id = $1', [tenant.tenantId]);
  return { orders: found.rows.length, answers };
}

describe('a batch of 64 wishes with keys', () => {
  it('gives each the answer it would get alone, and lets go of the keys of what is refused', async () => {
    const tenant = await aTenant(db, { stock: 1_000 });
    const keys = (name: string, hash?: string) =>
      Array.from({ length: 8 }, (_, n) => aKey(tenant, `${name}-${n}`, hash));
    await usedBefore(tenant, [...keys('done'), ...keys('other'), ...keys('over')], 'as before');
    await usedBefore(tenant, [...keys('busy'), ...keys('lost')], null);
    const { tenantId } = tenant;
    await db.pool.query(
      `update idempotency_records set created_at = created_at - interval '1 hour',
         expires_at = expires_at - interval '1 hour' where tenant_id = $1 and key like 'over-%'`,
      [tenantId],
    );
    await db.pool.query(
      `update idempotency_records set lease_until = clock_timestamp()
       where tenant_id = $1 and key like 'lost-%'`,
      [tenantId],
    );
    const expected = {
      new: 'placed',
      done: 'REPLAYED',
      other: 'IDEMPOTENCY_KEY_REUSED',
      over: 'placed',
      busy: 'IDEMPOTENCY_IN_PROGRESS',
      lost: 'placed',
      short: 'INSUFFICIENT_STOCK',
      wrong: 'PRODUCT_UNKNOWN',
    };
    const quantities: Record<string, number> = { short: 2_000, wrong: -1 };
    // Kinds take turns, so that neighbours in the batch fare differently.
    const named = Array.from({ length: 8 }, (_, n) =>
      Object.entries(expected).map(([kind, code]) => ({ kind, code, n })),
    ).flat();
    const [first, ...rest] = named.map(({ kind, n }) =>
      aWish(tenant, aKey(tenant, `${kind}-${n}`, kind === 'other' ? 'another' : undefined), quantities[kind]),
    );
    if (!first) throw new Error('there are wishes');
    const answered = await transact(db, { tenantId }, async (em) =>
      ok(await placeOrders(em, [first, ...rest])),
    );
    const answers = answered.ok ? answered.value : [];
    expect(answers.map(codeOf)).toEqual(named.map(({ code }) => code));
    const replayed = answers.filter((answer) => codeOf(answer) === 'REPLAYED').map(toldBy);
    expect(replayed).toEqual(Array.from({ length: 8 }, () => 'as before'));

    const states = await statesOf(tenant);
    const kept = named.map(({ kind, n }) => [kind, states.get(`${kind}-${n}`) ?? 'free']);
    const after = { busy: 'RUNNING', short: 'free', wrong: 'free' };
    expect(kept).toEqual(named.map(({ kind }) => [kind, Reflect.get(after, kind) ?? 'DONE']));
    const orders = await db.pool.query('select id from orders where tenant_id = $1', [tenantId]);
    expect(orders.rows).toHaveLength(24);
  });

  it('is one order for each key, however many share it, and all of them are told the same', async () => {
    const { orders, answers } = await sharing(db);
    expect(orders).toBe(8);
    expect(answers.filter(({ ok: placed }) => placed)).toHaveLength(8);
    expect(new Set(answers.map((answer, n) => `${n % 8} ${toldBy(answer)}`)).size).toBe(8);
  });

  it('is more than one order for a key when its defence is taken away', async () => {
    const shared = await raceUntil(
      ({ orders }) => orders > 8,
      () => sharing(bare),
    );
    expect(shared.orders).toBeGreaterThan(8);
  });

  it('decides anew what was refused, and with the same key', async () => {
    const tenant = await aTenant(db, { stock: 1 });
    const placing = createPlacing(db);
    const { ctx, asked } = aWish(tenant, aKey(tenant, 'later'), 2);
    expect(codeOf(await placing.place(ctx, asked))).toBe('INSUFFICIENT_STOCK');
    expect((await statesOf(tenant)).size).toBe(0);
    const other = aWish(tenant, aKey(tenant, 'later', 'one of them'), 1);
    expect(codeOf(await placing.place(other.ctx, other.asked))).toBe('placed');
    expect(codeOf(await placing.place(ctx, asked))).toBe('IDEMPOTENCY_KEY_REUSED');
  });
});
