import { accounts, err, ok } from '@orderloom/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { describe, expect, it } from 'vitest';
import { sqlStateOf } from '../faults.ts';
import * as face from '../index.ts';
import { oneOfEach } from '../testing/one-of-each.ts';
import { anAct, aTenant, freshDatabase } from '../testing.ts';

const db = await freshDatabase();
const ours = await aTenant(db);
const theirs = await aTenant(db);
const { tenantId, customerId, productId, variantId, principalId, storeId, locationId } = theirs;
const at = '2026-11-21T09:00:00.000Z';
const order = await oneOfEach(db, theirs);
const { id: orderId } = order;
const admin = { id: face.newId(), email: 'boss@example.com', name: 'Boss', role: 'admin' } as const;
await face.transact(db, theirs, async (em) =>
  ok(await face.insertPerson(em, { ...admin, tenantId, customerId: null, passwordHash: 'a hash', at })),
);
const worker = { tenantId, role: 'worker' } as const;
await face.transact(db, worker, async (em) => ok(await face.publishEvents(em, tenantId, 4)));

async function one(sql: string): Promise<unknown> {
  return (await db.pool.query<{ it: unknown }>(sql, [tenantId])).rows[0]?.it;
}
const { lists, functions } = exported();
const [spec] = lists;
const names = { products: ['1'], customers: ['1'], stores: ['1'], addresses: [] };
const ask = { spec, query: { filters: {}, ordering: [], only: {} }, slice: { offset: 0, limit: 9 } };

/** What stands for an argument of a function, by its name, and for every field of one that is taken apart. */
const everything: Readonly<Record<string, unknown>> = {
  ...anAct(),
  tenantId,
  customerId,
  productId,
  variantId,
  principalId,
  storeId,
  locationId,
  orderId,
  ...ask,
  name: '1',
  names: [orderId],
  ids: [orderId],
  orderIds: [orderId],
  orders: [order],
  asked: ask,
  productIds: [productId],
  variantIds: [variantId],
  customerIds: [customerId],
  emails: [admin.email],
  kinds: ['mail'],
  wanted: [names],
  filter: {},
  limit: 10,
  after: null,
  only: null,
  currency: 'USD',
  afterId: null,
  account: accounts.balance(customerId),
  consumer: 'mail',
  kind: 'mail',
  target: 'x',
  at,
  title: 't',
  claim: { principalId, route: 'r', key: 'k' },
  reader: { customer_id: customerId },
  settled: [],
  notices: [],
  order,
  since: '2020-01-01T00:00:00.000Z',
  quietSince: at,
  cartIds: [orderId],
  table: 'customers',
  columns: { name: 'x' },
  change: { role: 'admin' },
  eventId: await one('select event_id as it from mails where tenant_id = $1'),
  id: admin.id,
  version: await one(`select version as it from events where tenant_id = $1 and type = 'payment.refunded'`),
  lineId: await one('select id as it from order_items where tenant_id = $1 and quantity > 0'),
  groupId: await one('select id as it from order_groups where tenant_id = $1'),
  paymentId: await one('select id as it from payments where tenant_id = $1'),
  tokenId: orderId,
  eventIds: [await one('select id as it from events where tenant_id = $1 and from_status <> to_status')],
};
/** What a function must be given instead: its `id` is not of a person. */
const idOf = (table: string) => one(`select id as it from ${table} where tenant_id = $1`);
const instead: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  paymentsById: { ids: [await idOf('payments')] },
  mailById: { id: await idOf('mails') },
  tokenById: { id: await idOf('api_tokens') },
  addressById: { id: await idOf('addresses') },
  readNotice: { id: await idOf('notifications') },
  feedAfter: { after: 0 },
  storeIds: { names: ['1'] },
};
/** Queries that find nothing in a shop like this: an answer, a policy, a payment that waits, a group. */
const isVain = /^(?:earlierAnswer|groupOrderIds|ordersAwaitingGateway|requiresIfMatch|noticesAfter)$/;

type Query = (em: EntityManager, ...args: readonly unknown[]) => Promise<unknown>;

/** Every function that is told a tenant, but writers of whole things, which are tried table by table. */
function exported() {
  const writers = new RegExp(
    ['write[A-Z][a-z]+', 'mirrorProducts', 'noticesToCustomers', 'takeSerials', 'openLevels', 'enqueue']
      .concat(['claimKeys', 'keepAnswers', 'releaseKeys'])
      .map((name) => `^${name}$`)
      .join('|'),
  );
  const all: [string, unknown][] = Object.entries(face).filter(([name]) => !writers.test(name));
  const isQuery = (value: unknown): value is Query =>
    typeof value === 'function' && /^em, (?:\w+, )?(?:tenantId|\{[^}]*\btenantId\b)/.test(signatureOf(value));
  const isList = (value: unknown): value is face.ListSpec => Object.hasOwn(Object(value), 'orderings');
  return {
    functions: all.flatMap(([name, value]) => (isQuery(value) ? [[name, value] as const] : [])),
    lists: all.flatMap(([, value]) => (isList(value) ? [value] : [])),
  };
}

function signatureOf(fn: unknown): string {
  return /^[^(]*\((.*?)\)\s*(?:=>|\{)/s.exec(String(fn))?.[1] ?? '';
}

/** What is passed for each parameter behind `em`; one that nobody has a value of fails. */
function argumentsOf(name: string, fn: unknown, but: object): unknown[] {
  const known: Record<string, unknown> = { ...everything, ...instead[name], ...but };
  const params = signatureOf(fn).replaceAll(/\{[^}]*\bid: tenantId\b[^}]*\}/g, 'tenant');
  const all = { ...known, tenant: { ...known, id: known['tenantId'] } };
  return params
    .replaceAll(/\{[^}]*\}/g, 'whole')
    .split(', ')
    .slice(1)
    .map((param) => {
      if (['whole', 'of', 'notice', 'mail', 'row'].includes(param)) return all;
      if (!Object.hasOwn(all, param)) throw new Error(`walls.db.test.ts has no ${param} for ${name}`);
      return Reflect.get(all, param);
    });
}

type Told = { readonly value: unknown; readonly state: string };
const told = (work: Promise<unknown>): Promise<Told> =>
  work.then(
    (value) => ({ value, state: '' }),
    (thrown: unknown) => ({ value: undefined, state: sqlStateOf(thrown) || String(thrown) }),
  );

/** Not for the role of requests, or not for whoever only reads. */
const isCommand = ({ state }: Told): boolean => state === '42501' || state === '25006';
const isNothing = (value: unknown): boolean => {
  if (value instanceof Map || value instanceof Set) return value.size === 0;
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isNothing);
  return !value || typeof value === 'function';
};

const inWords = (value: Told): string =>
  JSON.stringify(value, (_, one: unknown) => (one instanceof Map || one instanceof Set ? [...one] : one));

/** What a function finds in a unit of work of ours where it may write; nothing of it stays. */
const written = (work: Query, args: readonly unknown[]): Promise<Told> =>
  told(
    face
      .transact(db, ours, async (em) => err(await work(em, ...args)))
      .then((undone) => !undone.ok && undone.error),
  );

async function rowsOfTheirs(): Promise<unknown> {
  const tables = [...db.orm.getMetadata().getAll().values()].filter(
    ({ properties }) => properties['tenantId'],
  );
  return Promise.all(
    tables.map(({ tableName }) =>
      one(
        `select md5(string_agg(t::text, '|' order by t::text)) as it from ${tableName} t
          where tenant_id = $1`,
      ),
    ),
  );
}
const before = await rowsOfTheirs();

/** What a function finds in our unit of work of them, beside what it finds of a tenant that is not there. */
async function leaks(name: string, fn: Query, but: object = {}): Promise<string[]> {
  const args = argumentsOf(name, fn, but);
  const nobody = argumentsOf(name, fn, { ...but, tenantId: 'nobody' });
  const there = await told(face.read(db, theirs, (em) => fn(em, ...args)));
  const works = [
    (given: unknown[]) => told(face.read(db, ours, (em) => fn(em, ...given))),
    (given: unknown[]) => written(fn, given),
  ];
  const found: string[] = [];
  // A query must have something to find, or it would prove nothing.
  if (!isCommand(there) && (there.state !== '' || isNothing(there.value) !== isVain.test(name)))
    found.push(`finds nothing in its own tenant: ${JSON.stringify(there)}`);
  for (const work of works) {
    const [here, nowhere] = [await work(args), await work(nobody)];
    const said = inWords(here).replaceAll(tenantId, 'nobody');
    if (!isNothing(here.value) && said !== inWords(nowhere)) found.push(said);
  }
  return found;
}

describe('row-level security alone keeps the rows of another tenant', () => {
  it.each(functions)('from %s', async (name, fn) => {
    expect(await leaks(name, fn)).toEqual([]);
  });

  it.each(lists.map((spec) => [spec.name, spec] as const))('from the list of %s', async (_, spec) => {
    const query = { ...ask, spec };
    for (const fn of [face.listRows, face.listCount]) {
      const asked: Query = (em, tenantId, whole) => Reflect.apply(fn, undefined, [em, tenantId, whole]);
      expect(await leaks(fn.name, asked, query)).toEqual([]);
    }
  });

  it('from all that writes', async () => {
    expect(functions.length).toBeGreaterThan(60);
    expect(await rowsOfTheirs()).toEqual(before);
  });

  it('and nothing else does: without it they are found', async () => {
    await db.pool.query('alter table orders disable row level security');
    const [name, fn] = functions.find(([named]) => named === 'orderOutlines') ?? [];
    expect(name && fn && (await leaks(name, fn))).not.toEqual([]);
  });
});
