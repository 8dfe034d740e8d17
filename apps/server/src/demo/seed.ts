import { draft, ok, type Result } from '@orderloom/core';
import { type Database, type EntityManager, publishEvents, transact } from '@orderloom/db';
import { addToCart } from '../carts/change.ts';
import type { Caller } from '../context.ts';
import { chargeBalances } from '../customers/top-up.ts';
import { changeOrders } from '../orders/changing/change.ts';
import type { Command } from '../orders/changing/command.ts';
import { placeOrders } from '../orders/placing/place.ts';
import type { Wish } from '../orders/placing/wish.ts';
import { record } from '../orders/record.ts';
import { moveStock } from '../stock/change.ts';
import type { Actor } from '../trpc.ts';
import { type Chance, chance } from './chance.ts';
import { foundGoods, type StoredVariant } from './goods.ts';
import { idAt } from './id-at.ts';
import { type DemoTenant, foundTenant, type Founded, shop1, shop2 } from './people.ts';
import { demoCustomers, demoProducts } from './shop.ts';
import { demoStories, type Story } from './story.ts';

/** How large a demo tenant is. */
type Size = { readonly customers: number; readonly products: number; readonly orders: number };

/**
 * Fills an empty database with the demo shop: the same on every machine, its dates counted back from `now`.
 * Everything but the people and the goods themselves is done by the commands that users have.
 */
export async function seedDemo(db: Database, { passwordHash, now }: DemoSettings): Promise<void> {
  const first = { customers: 200, products: 60, orders: 2_000 };
  await seedTenant(db, { tenant: shop1, size: first, passwordHash, now });
  // The second shop comes last: while it is missing, the first may not be whole.
  const second = { customers: 20, products: 12, orders: 60 };
  await seedTenant(db, { tenant: shop2, size: second, passwordHash, now });
  await db.pool.query(learn);
}
export type DemoSettings = { readonly passwordHash: string; readonly now: Date };

type Seeding = DemoSettings & { readonly tenant: DemoTenant; readonly size: Size };

/** What the steps of the seeding share. */
type Scene = {
  readonly db: Database;
  readonly tenantId: string;
  readonly founded: Founded;
  readonly actorAt: (at: string) => Actor;
};

async function seedTenant(db: Database, { tenant, size, passwordHash, now }: Seeding): Promise<void> {
  const luck = chance(20_260_115);
  const begun = new Date(now.getTime() - 400 * 86_400_000);
  const products = demoProducts(size.products, luck);
  const customers = demoCustomers(size.customers, `${tenant.id}.test`);
  const stories = demoStories(
    { products, customers: size.customers },
    { count: size.orders, until: now },
    luck,
  );
  const { founded, goods } = await inTenant(db, tenant.id, async (em) => {
    const newIdThen = () => idAt(begun.toISOString(), luck);
    const people = await foundTenant(em, {
      tenant,
      customers,
      passwordHash,
      at: begun,
      newId: newIdThen,
      luck,
    });
    const { storeIds } = people;
    const stored = await foundGoods(em, {
      tenantId: tenant.id,
      products,
      storeIds,
      at: begun,
      newId: newIdThen,
    });
    return { founded: people, goods: stored };
  });
  const scene: Scene = { db, tenantId: tenant.id, founded, actorAt: actors(tenant, founded, luck) };
  const start = scene.actorAt(begun.toISOString());
  await inTenant(db, tenant.id, (em) => fillShelves(em, { ...goods, stories, actor: start, luck }));
  await inTenant(db, tenant.id, (em) => fillBalances(em, { founded, stories, actor: start, luck }));
  await tell(scene, stories);
  await inTenant(db, tenant.id, (em) => fillCart(em, scene.actorAt(now.toISOString())));
  await publishUntold(db, tenant.id);
}

/** The past is published, but nobody is told of it as if it were news. */
async function publishUntold(db: Database, tenantId: string): Promise<void> {
  const scope = { tenantId, role: 'worker' } as const;
  const next = () =>
    transact<number, never>(db, scope, async (em) =>
      ok((await publishEvents(em, tenantId, publishedMax)).length),
    );
  for (let done = await next(); done.ok && done.value > 0;) done = await next();
}
const publishedMax = 1_000;

/** Customer 3 means to order what nobody has ordered yet: the cart that the documentation prints. */
const fillCart = async (em: EntityManager, actor: Actor) =>
  valueOf(await addToCart(em, { customer: '3', product: '1', quantity: 2 }, actor));

/** One transaction; whatever is refused here is a fault of the seed, which is the same every time. */
async function inTenant<T>(
  db: Database,
  tenantId: string,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  const done = await transact<T, never>(db, { tenantId }, async (em) => ok(await work(em)));
  if (!done.ok) throw new Error(`the demo shop was refused: ${done.error.code}`);
  return done.value;
}

/** The staff of the shop at any moment of its past. */
function actors(tenant: DemoTenant, { staffId }: Founded, luck: Chance): (at: string) => Actor {
  const caller: Caller = {
    tenantId: tenant.id,
    principalId: staffId,
    tokenId: null,
    name: 'Demo',
    role: 'admin',
    granted: null,
    customerId: null,
  };
  return (at) => ({
    caller,
    reach: 'all',
    at,
    newId: () => idAt(at, luck),
    requestId: 'demo-shop',
    origin: 'api',
    once: null,
  });
}

type Shelves = {
  readonly variants: readonly StoredVariant[];
  readonly locationIds: readonly string[];
  readonly stories: readonly Story[];
  readonly actor: Actor;
  readonly luck: Chance;
};

/** Enough arrives for all that is going to be ordered, and what shall be left: 10 of product 1 (S0-17). */
async function fillShelves(
  em: EntityManager,
  { variants, locationIds, stories, actor, luck }: Shelves,
): Promise<void> {
  const [main = '', second = main] = locationIds;
  const demand = new Map<string, number>();
  for (const { product, quantity } of stories.flatMap(({ asked }) => asked.items))
    demand.set(product, (demand.get(product) ?? 0) + quantity);
  const arrivals = variants.flatMap(({ id, ref, plenty, position }) => {
    const ordered = position === 0 ? (demand.get(String(ref)) ?? 0) : 0;
    const left = ref === 1 ? 10 : plenty ? luck.between(120, 400) : luck.between(0, 60);
    const elsewhere = ref === 1 ? 0 : luck.between(0, 8);
    const arrival = { variantId: id, kind: 'RECEIVE', lineId: null, reserved: 0 } as const;
    return [
      { ...arrival, locationId: main, onHand: ordered + left },
      { ...arrival, locationId: second, onHand: elsewhere },
    ].filter(({ onHand }) => onHand > 0);
  });
  await moveStock(em, { moves: arrivals, reason: 'Opening stock', actor });
}

type Balances = {
  readonly founded: Founded;
  readonly stories: readonly Story[];
  readonly actor: Actor;
  readonly luck: Chance;
};

/** Every customer has what their orders will cost and something over; John Doe has exactly 100.00 (S0-15). */
async function fillBalances(em: EntityManager, { founded, stories, actor, luck }: Balances): Promise<void> {
  const needed = new Map<number, number>();
  for (const { customer, fromBalance } of stories)
    needed.set(customer, (needed.get(customer) ?? 0) + fromBalance);
  const charges = founded.customerIds.map((customerId, index) => {
    const amount = index === 0 ? 10_000 : (needed.get(index + 1) ?? 0) + luck.between(0, 40) * 500 + 500;
    return { customerId, currency: 'USD', amount };
  });
  await chargeBalances(em, { charges, reason: 'Top-up in cash', actor });
}

const chunk = 400;

// Statements that were planned on empty tables stay slow until the tables are known.
const learn = `analyze customers, accounts, products, variants, stock_levels, orders, order_items,
  order_charges, payments, fulfillments, fulfillment_lines, journal_entries, postings`;

function chunks<T>(all: readonly T[]): (readonly [T, ...T[]])[] {
  return all.flatMap((_, at) => {
    const [first, ...others] = at % chunk === 0 ? all.slice(at, at + chunk) : [];
    return first === undefined ? [] : [[first, ...others] as const];
  });
}

/** Places all orders, then lives their lives step by step, and leaves a few drafts. */
async function tell(scene: Scene, stories: readonly Story[]): Promise<void> {
  const placed: Told[] = [];
  const whole = chunks(stories);
  for (const batch of whole) {
    const [first, ...others] = batch;
    const wishes = [wishOf(first, scene), ...others.map((story) => wishOf(story, scene))] as const;
    const answers = await inTenant(scene.db, scene.tenantId, (em) => placeOrders(em, wishes));
    for (const [index, answer] of answers.entries())
      placed.push({ id: valueOf(answer).order.id, story: batch[index] ?? first });
    if (batch === whole[0]) await scene.db.pool.query(learn);
  }
  const steps = Math.max(0, ...stories.map((story) => story.steps.length));
  for (let step = 0; step < steps; step += 1) {
    await live(scene, placed, step);
    if (step === 1) await scene.db.pool.query(learn);
  }
  const begun = stories.slice(-150).filter((_, at) => at % 15 === 7);
  await inTenant(scene.db, scene.tenantId, (em) => leaveDrafts(em, scene, begun));
}

/** What is shipped goes to where the customer lives. */
const wishOf = ({ at, asked, customer }: Story, { actorAt, founded }: Scene): Wish => {
  const shippingAddress = asked.shippingMethod ? founded.addressIds[customer - 1] : undefined;
  return { ctx: actorAt(at), asked: { ...asked, shippingAddress } };
};

type Told = { readonly id: string; readonly story: Story };

/** The next step of every order. */
async function live(scene: Scene, placed: readonly Told[], step: number): Promise<void> {
  const commands = placed.flatMap(({ id, story }): Command[] => {
    const next = story.steps[step];
    return next
      ? [{ ctx: scene.actorAt(next.at), id, expectedVersion: undefined, command: next.command }]
      : [];
  });
  const waiting = chunks(commands);
  const worker = async () => {
    for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
      const next = batch;
      (await inTenant(scene.db, scene.tenantId, (em) => changeOrders(em, next))).forEach(valueOf);
    }
  };
  // Two at a time: while the database writes one chunk, the next is decided.
  await Promise.all([worker(), worker()]);
}

/** Somebody else began to write an order a little earlier and never finished it. */
async function leaveDrafts(em: EntityManager, scene: Scene, stories: readonly Story[]): Promise<void> {
  const { customerIds, staffId } = scene.founded;
  const changes = stories.map((story) => {
    const at = new Date(Date.parse(story.at) - 2_220_000).toISOString();
    const ctx = scene.actorAt(at);
    const customerId = customerIds[(story.customer + 56) % customerIds.length] ?? null;
    const request = { id: ctx.newId(), at, origin: 'admin', customerId, userId: staffId } as const;
    return { ctx, before: null, events: [draft(request, 'USD')], reason: null };
  });
  (await record(em, changes)).forEach(valueOf);
}

function valueOf<T>(result: Result<T, { readonly code: string }>): T {
  if (!result.ok) throw new Error(`the demo shop was refused: ${JSON.stringify(result.error)}`);
  return result.value;
}
