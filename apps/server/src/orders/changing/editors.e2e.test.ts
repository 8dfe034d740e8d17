import { check } from '@orderloom/db';
import { dropVersionDefence, freshDatabase, raceUntil, type TestDatabase } from '@orderloom/db/testing';
import { describe, expect, it } from 'vitest';
import { type Chance, chance } from '../../demo/chance.ts';
import { aShop, call, type TestUser } from '../../testing.ts';
import { aServer } from '../../testing/process.ts';

// 30 seconds on demand: EDITOR_SECONDS=30.
const seconds = Number(process.env['EDITOR_SECONDS'] ?? 5);
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const editors = 16;

const guarded = await freshDatabase();
const bare = await freshDatabase({ checked: false });
await dropVersionDefence(bare);

/** What was asked of an order, and what was told: `version` where the answer says one. */
type Told = {
  readonly requestId: string;
  readonly orderId: string;
  readonly status: number;
  readonly expected: number | null;
  readonly version: number | null;
  readonly text: string;
};
type Desk = { readonly urls: readonly [string, string]; readonly user: TestUser };
type Ask = { readonly method: string; readonly path: string; readonly body?: unknown };

/** Two products and five orders that are replaced as they end, on two servers of one database. */
async function open(db: TestDatabase, defenceOff: readonly 'version'[]): Promise<Desk> {
  const { staff: user } = await aShop({ db }, { stock: 100_000, price: 100 });
  const [one, two] = await Promise.all([aServer(db.url, { defenceOff }), aServer(db.url, { defenceOff })]);
  const cup = { name: 'Cup', price: 200, quantity: 100_000 };
  expect((await call(one, '/products', { token: user.token, body: cup })).status).toBe(201);
  return { urls: [one.url, two.url], user };
}

async function newOrder({ urls: [url], user: { token } }: Desk): Promise<string> {
  const items = [1, 2].map((product_id) => ({ product_id, quantity: 2 }));
  for (let tries = 0; tries < 20; tries += 1) {
    const placed = await call({ url }, '/orders/1', { token, body: { items } });
    if (placed.status === 201) return String(JSON.parse(placed.text).id);
    expect(placed.status).toBe(503);
  }
  throw new Error('the shelf is locked all the time');
}

/** Mostly edits; now and then a step towards the order's end. */
function anAsk(id: string, luck: Chance): Ask {
  const dice = luck.between(1, 100);
  const step = (name: string): Ask => ({
    method: 'PATCH',
    path: `/api/v1/orders/${id}/${name}_order/`,
    body: {},
  });
  if (dice <= 8)
    return {
      method: 'PUT',
      path: `/orders/${id}`,
      body: { status: luck.pick(['Confirmed', 'Processing', 'Shipped']) },
    };
  if (dice <= 12) return step('confirm');
  if (dice <= 14) return step('ship');
  if (dice <= 16) return step('cancel');
  if (dice === 17) return { method: 'DELETE', path: `/orders/${id}` };
  const products = luck.pick([['1'], ['2'], ['1', '2'], ['2', '1']]);
  return {
    method: 'PATCH',
    path: `/orders/${id}`,
    body: { products: products.map((product_id) => ({ product_id, item_count: luck.between(1, 9) })) },
  };
}

const isOver = (text: string) => /"order_status":"(?:shipped|cancelled|closed)"/.test(text);

/**
 * Sixteen editors on five orders, each at either server, half of them with the version they have seen: for so
 * long, and on a busy machine until there is something to judge.
 */
async function edited(desk: Desk, forSeconds: number, round = 0): Promise<Told[]> {
  const told: Told[] = [];
  const orders = await Promise.all(Array.from({ length: 5 }, () => newOrder(desk)));
  const end = performance.now() + forSeconds * 1_000;
  const isEnough = () => told.filter(({ status }) => status === 200).length > forSeconds * 10;
  const editor = async (number: number) => {
    const luck = chance(seed + number);
    const { token } = desk.user;
    for (let turn = 0; performance.now() < end || !isEnough(); turn += 1) {
      const slot = luck.between(0, orders.length - 1);
      const orderId = orders[slot] ?? '';
      const url = luck.pick(desk.urls);
      const seen = await call({ url }, `/orders/${orderId}`, { token });
      if (isOver(seen.text)) {
        if (orders[slot] === orderId) orders[slot] = await newOrder(desk);
        continue;
      }
      const expected = luck.percent(50) ? Number(JSON.parse(seen.text).version) : null;
      const { method, path, body } = anAsk(orderId, luck);
      const requestId = `editor-${round}-${number}-${turn}`;
      const headers = {
        'x-request-id': requestId,
        ...(expected === null ? {} : { 'if-match': `"${expected}"` }),
      };
      const { status, text, headers: sent } = await call({ url }, path, { method, token, headers, body });
      const tag = /^"(\d+)"$/.exec(sent.get('etag') ?? '')?.[1];
      told.push({
        requestId,
        orderId,
        status,
        expected,
        version: tag === undefined ? null : Number(tag),
        text,
      });
    }
  };
  await Promise.all(Array.from({ length: editors }, (_, number) => editor(number)));
  return told;
}

/** What the history says: which request wrote which version of which order. */
async function written(db: TestDatabase) {
  const { rows } = await db.pool.query<{ orderId: string; version: number; by: string; end: number }>(
    `select distinct e.order_id as "orderId", e.version, e.request_id as by, o.version as end
     from events e join orders o on o.tenant_id = e.tenant_id and o.id = e.order_id order by 1, 2`,
  );
  return rows;
}

/** I6: how often one version was given twice, and how many commands that were acknowledged are not in it. */
async function faults(db: TestDatabase, told: readonly Told[]) {
  const history = await written(db);
  const wrote = new Map(history.map((row) => [row.by, row]));
  const done = told.filter(({ requestId, status }) => status === 200 && wrote.has(requestId));
  const ends = new Map(history.map(({ orderId, end }) => [orderId, end]));
  return {
    commands: done.length,
    forks: history.length - new Set(history.map(({ orderId, version }) => `${orderId} ${version}`)).size,
    // The first version of each order is its own; every other one is somebody's acknowledged command.
    lost: done.length + ends.size - [...ends.values()].reduce((all, end) => all + end, 0),
    misled: done.filter(({ requestId, version, expected }) => {
      const by = wrote.get(requestId)?.version;
      return (version !== null && version !== by) || (expected !== null && expected + 1 !== by);
    }).length,
    secret: told.filter(({ requestId, status }) => status !== 200 && wrote.has(requestId)).length,
  };
}

const say = (found: object) => process.stdout.write(`${JSON.stringify({ seed, ...found })}\n`);
const countOf = (told: readonly Told[]) =>
  Object.fromEntries(
    [...Map.groupBy(told, ({ status }) => status)].map(([status, all]) => [status, all.length]),
  );

describe(`${editors} editors on five orders at two servers for ${seconds} s (SEED=${seed})`, () => {
  it('make one chain of versions, and every loser is told', async () => {
    const told = await edited(await open(guarded, []), seconds);
    const found = await faults(guarded, told);
    say({ answers: countOf(told), ...found });
    expect(found).toMatchObject({ forks: 0, lost: 0, misled: 0, secret: 0 });
    expect(found.commands).toBeGreaterThan(seconds * 5);
    expect(told.filter(({ status }) => ![200, 400, 404, 409, 412, 503].includes(status))).toEqual([]);
    expect(told.filter(({ status }) => [409, 412].includes(status)).length).toBeGreaterThan(0);
    expect(await check(guarded)).toEqual([]);
  }, 300_000);

  it('fork it when the defence of the versions is taken away', async () => {
    const desk = await open(bare, ['version']);
    const told: Told[] = [];
    let round = 0;
    const found = await raceUntil(
      ({ forks, lost }) => forks > 0 && lost > 0,
      async () => {
        told.push(...(await edited(desk, 1, (round += 1))));
        return faults(bare, told);
      },
    );
    say({ without: 'version', answers: countOf(told), ...found });
    expect(found.forks).toBeGreaterThan(0);
    expect(found.lost).toBeGreaterThan(0);
    expect(await check(bare)).not.toEqual([]);
  }, 300_000);
});
