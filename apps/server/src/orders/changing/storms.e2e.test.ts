import { check } from '@orderloom/db';
import { dropVersionDefence, raceUntil } from '@orderloom/db/testing';
import { describe, expect, it } from 'vitest';
import { type Answered, aShop, call, startApp, type TestApp, type TestUser } from '../../testing.ts';
import { insist } from '../../testing/insist.ts';

const guarded = await startApp();
const bare = await startApp({ defenceOff: ['version'], checked: false, config: { defenceOff: ['version'] } });
await dropVersionDefence(bare.db);

const pieces = (count: number) => ({ items: [{ product_id: 1, quantity: count }] });

async function ordered(app: TestApp, { token }: TestUser, body: unknown): Promise<string> {
  const placed = await call(app, '/orders/1', { token, body });
  expect(placed.status).toBe(201);
  return String(JSON.parse(placed.text).id);
}

/** Twenty clients cancel one order at once; what that does to the shelf. */
async function cancelled(app: TestApp) {
  const { staff, tenant } = await aShop(app, { stock: 500 });
  const { token } = staff;
  await ordered(app, staff, pieces(300));
  const id = await ordered(app, staff, pieces(7));
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => insist(() => call(app, `/orders/${id}`, { method: 'DELETE', token }))),
  );
  const { rows } = await app.db.pool.query(
    `select kind, reserved from stock_movements where tenant_id = $1 and order_id = $2`,
    [tenant.tenantId, id],
  );
  const { json: product } = await call(app, '/products/1', { token });
  return { answers, moves: rows, product, differences: await check(app.db, tenant.tenantId) };
}

describe('twenty clients that cancel one order at once', () => {
  it('are all told that it is cancelled, and the stock is back once', async () => {
    const { answers, moves, product, differences } = await cancelled(guarded);
    const said = new Set(answers.map(({ status, text }) => `${status} ${text}`));
    expect([...said]).toEqual(['200 {"message":"Order successfully cancelled"}']);
    expect(moves.map(({ kind, reserved }) => [kind, reserved])).toEqual([
      ['RESERVE', 7],
      ['RELEASE', -7],
    ]);
    expect(product).toMatchObject({ quantity: 200 });
    expect(differences).toEqual([]);
  });

  it('put it back more than once when the defence of the versions is taken away', async () => {
    const releases = ({ moves }: Awaited<ReturnType<typeof cancelled>>) =>
      moves.filter(({ kind }) => kind === 'RELEASE').length;
    const lost = await raceUntil(
      (run) => releases(run) > 1,
      () => cancelled(bare),
    );
    expect(releases(lost)).toBeGreaterThan(1);
    expect(lost.differences.map(({ invariant }) => invariant)).toContain('I-3');
  });
});

const counted = (answer: Answered, id: string) =>
  /"items":(\[[^\]]*\])/.exec(answer.text)?.[1] ?? `no items of ${id}`;

describe('edits that name two products in crossed order', () => {
  it('wait for nobody in a ring, and the last one is what is stored', async () => {
    const { staff, tenant } = await aShop(guarded, { stock: 1_000 });
    const { token } = staff;
    const cup = { name: 'Cup', price: 200, quantity: 1_000 };
    expect((await call(guarded, '/products', { token, body: cup })).status).toBe(201);
    const both = { items: [1, 2].map((product_id) => ({ product_id, quantity: 1 })) };
    const ids = await Promise.all([ordered(guarded, staff, both), ordered(guarded, staff, both)]);
    const deadlocks = async () =>
      (
        await guarded.db.pool.query(
          `select deadlocks from pg_stat_database where datname = current_database()`,
        )
      ).rows[0]?.deadlocks;
    const before = await deadlocks();
    const answers = await Promise.all(
      Array.from({ length: 80 }, async (_, turn) => {
        const id = ids[turn % 2] ?? '';
        const named = turn % 4 < 2 ? ['1', '2'] : ['2', '1'];
        const products = named.map((product_id) => ({ product_id, item_count: 1 + ((turn * 7) % 9) }));
        const options = { method: 'PATCH', token, body: { products } };
        const answer = await insist(() => call(guarded, `/orders/${id}`, options));
        return { id, answer };
      }),
    );
    expect([...new Set(answers.map(({ answer }) => answer.status))]).toEqual([200]);
    for (const id of ids) {
      const now = await call(guarded, `/orders/${id}`, { token });
      const last = answers.filter(
        (one) => one.id === id && one.answer.headers.get('etag') === now.headers.get('etag'),
      );
      expect(new Set(last.map(({ answer }) => counted(answer, id)))).toEqual(new Set([counted(now, id)]));
    }
    expect(await deadlocks()).toBe(before);
    expect(await check(guarded.db, tenant.tenantId)).toEqual([]);
  });
});
