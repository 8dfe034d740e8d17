import { setTimeout as sleep } from 'node:timers/promises';
import { raceUntil } from '@orderloom/db/testing';
import { describe, expect, it } from 'vitest';
import { type Chance, chance } from './demo/chance.ts';
import { aShop, startApp, type TestApp, type TestUser } from './testing.ts';
import { aServer } from './testing/process.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const copies = 8;

const guarded = await startApp();
const bare = await startApp({ defenceOff: ['idempotency'], config: { defenceOff: ['idempotency'] } });

/** What is asked for with a key, and how often there must be an order of it. */
type Ask = { readonly path: string; readonly body: unknown; readonly key: string };
type Seen = { readonly answer: string; readonly id: string; readonly replayed: boolean };
type Client = { readonly url: () => string; readonly user: TestUser; readonly luck: Chance };

const asks = (count: number): Ask[] =>
  Array.from({ length: count }, (_, at) => [
    { path: '/orders', body: {}, key: `draft-${at}` },
    { path: '/orders/1', body: { items: [{ product_id: 1, quantity: 1 }] }, key: `place-${at}` },
  ]).flat();

/** One try; `null` when nobody knows what became of it: the client hung up, or the server was gone. */
async function tried({ url, user, luck }: Client, { path, body, key }: Ask): Promise<Response | null> {
  const impatient = luck.percent(20);
  const headers = {
    authorization: `Bearer ${user.token}`,
    'content-type': 'application/json',
    'idempotency-key': key,
  };
  return fetch(url() + path, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    ...(impatient ? { signal: AbortSignal.timeout(luck.between(0, 60)) } : {}),
  }).catch(() => null);
}

/** Tries with the same key until there is an answer. */
async function answered(client: Client, ask: Ask): Promise<Seen> {
  let told = 'nothing';
  for (let tries = 0; tries < 2_000; tries += 1) {
    const reply = await tried(client, ask);
    const text = await reply?.text().catch(() => null);
    if (reply?.ok && typeof text === 'string') {
      const kept = ['etag', 'location', 'content-type'].map((name) => reply.headers.get(name));
      return {
        answer: JSON.stringify([reply.status, ...kept, text]),
        id: String(JSON.parse(text).id),
        replayed: reply.headers.get('idempotent-replayed') === 'true',
      };
    }
    // A key that somebody is at work on, or a server with no time: the client is told to come again.
    if (reply) told = `${reply.status} ${text}`;
    if (reply && ![409, 503].includes(reply.status)) break;
    await sleep(client.luck.between(5, 80));
  }
  throw new Error(`${ask.key} was never answered; the last word was ${told}`);
}

/** Every key from eight clients at once, sixteen keys at a time. */
async function storm(client: Client, all: readonly Ask[], onKey: (done: number) => void = () => {}) {
  const seen = new Map<string, readonly Seen[]>();
  const left = all.values();
  const lane = async () => {
    for (const ask of left) {
      const clients = Array.from({ length: copies }, () => answered(client, ask));
      seen.set(ask.key, await Promise.all(clients));
      onKey(seen.size);
    }
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  return seen;
}

async function storedIn({ db }: Pick<TestApp, 'db'>, tenantId: string) {
  const { rows } = await db.pool.query<{ id: string; draft: boolean }>(
    `select id, status = 'DRAFT' as draft from orders where tenant_id = $1`,
    [tenantId],
  );
  const drafts = rows.filter(({ draft }) => draft).length;
  return { ids: new Set(rows.map(({ id }) => id)), drafts, placed: rows.length - drafts };
}

describe(`each key sent by ${copies} clients at once (SEED=${seed})`, () => {
  it('has one effect and one answer, whoever hangs up and whenever the server dies', async () => {
    const { staff, tenant } = await aShop(guarded, { stock: 1_000 });
    const count = 200;
    let server = await aServer(guarded.db.url);
    let restart = Promise.resolve();
    const all = asks(count);
    const seen = await storm({ url: () => server.url, user: staff, luck: chance(seed) }, all, (done) => {
      if (done === count)
        restart = server.kill().then(async () => {
          server = await aServer(guarded.db.url);
        });
    });
    await restart;
    const answers = all.map(({ key }) => seen.get(key) ?? []);
    for (const told of answers) {
      expect(told).toHaveLength(copies);
      expect(new Set(told.map(({ answer }) => answer)).size).toBe(1);
      expect(told.filter(({ replayed }) => !replayed).length).toBeLessThanOrEqual(1);
    }
    const stored = await storedIn(guarded, tenant.tenantId);
    expect(stored).toMatchObject({ drafts: count, placed: count });
    expect(stored.ids).toEqual(new Set(answers.map(([first]) => first?.id)));
    await server.kill();
  }, 300_000);

  it('has more than one effect when its defence is taken away', async () => {
    const count = 20;
    const { drafts, placed } = await raceUntil(
      (stored) => stored.drafts > count && stored.placed > count,
      async () => {
        const { staff, tenant } = await aShop(bare, { stock: 1_000 });
        await storm({ url: () => bare.url, user: staff, luck: chance(seed) }, asks(count));
        return storedIn(bare, tenant.tenantId);
      },
    );
    expect(drafts).toBeGreaterThan(count);
    expect(placed).toBeGreaterThan(count);
  });
});
