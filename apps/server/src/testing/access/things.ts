import { createHash, randomBytes } from 'node:crypto';
import { ok } from '@orderloom/core';
import { AddressRow, insertSession, insertToken, newId, transact } from '@orderloom/db';
import type { TestTenant } from '@orderloom/db/testing';
import { aShop, aUser, procedures, type TestApp, type TestUser } from '../../testing.ts';

/** What a name can stand for. */
const kinds = {
  order: 'order',
  group: 'group',
  customer: 'customer',
  customer_id: 'customer',
  product: 'product',
  variant: 'variant',
  store: 'store',
  location: 'location',
  shippingAddress: 'address',
  billingAddress: 'address',
  user: 'user',
  event: 'event',
  line: 'line',
  'orders.id': 'order',
  'payments.id': 'payment',
  'items.id': 'line',
  'customers.id': 'customer',
  'products.id': 'ware',
  'stock.id': 'product',
  'auth.id': 'session',
  'users.id': 'user',
  'users.tokens.id': 'token',
  'addresses.id': 'place',
  'notifications.id': 'notice',
  'tokens.id': 'token',
  'stores.id': 'store',
  'stats.0': 'store', // stores.0
} as const;
export type Kind = (typeof kinds)[keyof typeof kinds];

export const allKinds: readonly Kind[] = [...new Set(Object.values(kinds))];

/** What a field of a procedure's input names; `undefined` when it is no name that the matrix knows. */
export function kindOf(procedure: string, place: string): Kind | undefined {
  if (/^items\.\d+\.id$/.test(place)) return 'line';
  const field = /^filters\.(\w+)\./.exec(place)?.[1] ?? place.split('.').at(-1) ?? '';
  const feature = procedure.split('.').slice(0, -1).join('.');
  const known: Partial<Record<string, Kind>> = kinds;
  return known[`${feature}.${field}`] ?? known[field];
}

/** Whose a thing is: the first customer's, another's of the shop, another tenant's, or nobody's. */
export type Owner = 'own' | 'other' | 'foreign' | 'unknown';

type Desk = Awaited<ReturnType<typeof procedures>>;
/** A customer of a shop with all that belongs to it, and somebody of the shop who can make more of it. */
export type Household = {
  readonly tenant: TestTenant;
  readonly customerId: string;
  readonly address: string;
  readonly user: TestUser;
  readonly desk: Desk;
  /** The order that was made last, whose lines may be meant. */
  readonly lastOrder?: string | undefined;
};

type Made = Omit<Household, 'desk' | 'address' | 'customerId'> & { readonly admin: TestUser };

async function aHousehold(app: TestApp, { tenant, admin, user }: Made): Promise<Household> {
  const { tenantId, customerId } = tenant;
  const at = new Date('2026-11-21T09:00:00Z');
  const address = newId();
  const where = { name: 'Jane', line1: '1 Main St', line2: null, city: 'X', region: null, postcode: '1' };
  const kept = { country: 'US', phone: null, version: 1, createdAt: at, updatedAt: at };
  await transact(app.db, tenant, async (em) =>
    ok(await em.insert(AddressRow, { tenantId, id: address, customerId, ...where, ...kept })),
  );
  const desk = await procedures(app, admin);
  await desk.orders.place({ customer: customerId, items: [{ product: tenant.productId, quantity: 1 }] });
  return { tenant, customerId, address, user, desk };
}

/** Three shops: ours with two customers, another that has the same, and one whose people are strangers. */
export async function someHouseholds(app: TestApp) {
  const plenty = { stock: 1_000_000, balance: 1_000_000_000 };
  const [ours, theirs, strangers] = await Promise.all([
    aShop(app, plenty),
    aShop(app, plenty),
    aShop(app, plenty),
  ]);
  const own = await aHousehold(app, { ...ours, user: ours.customer });
  const joe = await own.desk.customers.create({ name: 'Joe Doe', email: 'joe@example.com' });
  await own.desk.customers.topUp({ id: joe.id, amount: 1_000_000_000, reason: 'gift' });
  const second = { ...ours.tenant, customerId: joe.id };
  const user = await aUser(app, second, 'customer');
  const other = await aHousehold(app, { tenant: second, admin: ours.admin, user });
  await withNumber500(app, theirs.tenant, await procedures(app, theirs.admin));
  const foreign = await aHousehold(app, { ...theirs, user: theirs.customer });
  return { own, other, foreign, ours, strangers };
}

/** A customer whose number nobody in another shop has. */
async function withNumber500(app: TestApp, { tenantId }: TestTenant, desk: Desk): Promise<void> {
  const counter = `update number_counters set value = 499 where tenant_id = $1 and name = 'customer'`;
  await app.db.pool.query(counter, [tenantId]);
  await desk.customers.create({ name: 'Far Away', email: 'far@example.com' });
}

const lineOf = async (desk: Desk, id: string): Promise<string> =>
  (await desk.orders.get({ id })).lines[0]?.id ?? '';

/** Something new of this kind, or what there is one of; its name. */
export async function thing(app: TestApp, kind: Kind, of: Household): Promise<string> {
  const { tenant, customerId: customer, desk } = of;
  const items = [{ product: tenant.productId, quantity: 1 }];
  switch (kind) {
    case 'order':
      return (await desk.orders.place({ customer, items })).id;
    case 'group':
      return aGroup(of);
    case 'payment':
      return aPayment(desk, (await desk.orders.place({ customer, items })).id);
    case 'customer': // with something in the cart
      await desk.carts.put({ customer, product: tenant.productId, quantity: 1 });
      return customer;
    case 'ware':
      return (await desk.products.create({ name: 'Pot', price: 100 })).id;
    case 'session':
      return aSession(app, of);
    case 'place':
      return aPlace(of);
    case 'notice':
      return aNotice(app, of);
    case 'token':
      return (await aToken(app, of.user, ['orders:read_own'])).id;
    case 'line':
      return lineOf(desk, of.lastOrder ?? (await thing(app, 'order', of)));
    case 'event':
      return (await desk.orders.timeline({ id: await thing(app, 'order', of) }))[0]?.id ?? '';
    default:
      return {
        product: tenant.productId,
        variant: tenant.variantId,
        store: tenant.storeId,
        location: tenant.locationId,
        address: of.address,
        user: of.user.id,
      }[kind];
  }
}

const aPayment = async (desk: Desk, order: string): Promise<string> =>
  (await desk.payments.create({ order, method: 'balance' })).payments[0]?.id ?? '';

/** Orders of two stores that were one request. */
async function aGroup({ tenant, customerId: customer, desk }: Household): Promise<string> {
  const store = (await desk.stores.create({ name: 'Shed' })).id;
  const pot = (await desk.products.create({ name: 'Pot', price: 100, store, quantity: 1 })).id;
  const items = [tenant.productId, pot].map((product) => ({ product, quantity: 1 }));
  return (await desk.orders.place({ customer, items })).group?.id ?? '';
}

async function aSession(app: TestApp, { tenant, user }: Household): Promise<string> {
  const id = randomBytes(32).toString('hex');
  const session = { tenantId: tenant.tenantId, id, principalId: user.id };
  await transact(app.db, tenant, async (em) => ok(await insertSession(em, session)));
  return id;
}

/** Another address of a customer. */
async function aPlace({ desk, customerId: customer }: Household): Promise<string> {
  const where = { name: 'Jane', line1: '1 Main St', line2: null, city: 'X', region: null };
  const rest = { postcode: '1', country: 'US', phone: null };
  return (await desk.addresses.create({ ...where, ...rest, customer })).id;
}

/** Something that a customer was told. */
async function aNotice(app: TestApp, { tenant: { tenantId }, customerId }: Household): Promise<string> {
  const id = newId();
  const telling = `insert into notifications
      (tenant_id, id, customer_id, kind, channel, title, body, created_at)
    values ($1, $2, $3, 'refund', 'in_app', 'Refund', 'Given back', now())`;
  await app.db.pool.query(telling, [tenantId, id, customerId]);
  return id;
}

/** An API token of somebody, with these scopes and no others. */
export async function aToken(
  app: TestApp,
  { tenantId, id: principalId }: TestUser,
  scopes: Parameters<typeof insertToken>[1]['scopes'],
) {
  const [id, token] = [newId(), `olm_test_${newId()}`];
  const secretHash = createHash('sha256').update(token).digest('hex');
  const named = { name: 'Narrow', prefix: 'olm_test', at: '2026-11-21T09:00:00.000Z' };
  const row = {
    ...named,
    tenantId,
    id,
    principalId,
    scopes,
    secretHash,
    expiresAt: '2999-01-01T00:00:00.000Z',
  };
  await transact(app.db, { tenantId }, async (em) => ok(await insertToken(em, row)));
  return { id, token };
}
