import { topUp } from '@orderloom/core';
import { Client } from 'pg';
import { check } from './check.ts';
import { AccountRow, CustomerRow } from './customer.ts';
import { type Database, openDatabase } from './database.ts';
import type { Defence } from './defence.ts';
import { newId } from './ids.ts';
import { migrate } from './migrate.ts';
import { ProductRow, VariantRow } from './product.ts';
import { StockLocationRow } from './stock.ts';
import { StoreRow, TenantRow } from './tenant.ts';
import { transact } from './transact.ts';
import { PrincipalRow } from './user.ts';
import { type Act, writeDeeds } from './write/deed.ts';
import { openLevels } from './write/levels.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    databaseUrl: string;
  }
}

const template = 'orderloom_template';

/** Makes a migrated database once per run; every test file copies it, which is much faster than migrating. */
export async function migrateTemplate(url: string): Promise<void> {
  await administer(url, `drop database if exists ${template} with (force)`);
  await administer(url, `create database ${template}`);
  const db = await openDatabase({ url: named(url, template), poolMax: 2, acquireTimeoutMs: 10_000 });
  await migrate(db);
  await db.close();
}

export type TestDatabase = Database & { readonly url: string };
export type FreshOptions = {
  readonly defenceOff?: readonly Defence[];
  readonly poolMax?: number;
  /** Whether the invariants are recomputed at the end; not where a test breaks them on purpose. */
  readonly checked?: boolean;
};

/**
 * A database of its own for a test file, to be called at its top. At the end of the file the invariants are
 * recomputed, any difference fails the file, and the database goes away.
 */
export async function freshDatabase(options: FreshOptions = {}): Promise<TestDatabase> {
  const { defenceOff = [], poolMax = 10, checked = true } = options;
  const { afterAll, expect, inject } = await import('vitest');
  const server = inject('databaseUrl');
  const name = `orderloom_${newId().replaceAll('-', '')}`;
  await administer(server, `create database ${name} template ${template}`);
  const url = named(server, name);
  // A loaded test machine may take longer than production allows to hand out a connection.
  const db = await openDatabase({ url, poolMax, acquireTimeoutMs: 20_000, defenceOff });
  afterAll(async () => {
    try {
      if (checked) expect(await check(db)).toEqual([]);
    } finally {
      await db.close();
      await administer(server, `drop database ${name} with (force)`);
    }
  });
  return { ...db, url };
}

/** A tenant of its own with one of everything that an order needs. */
export type TestTenant = {
  readonly tenantId: string;
  readonly storeId: string;
  readonly locationId: string;
  readonly productId: string;
  readonly variantId: string;
  readonly customerId: string;
  readonly principalId: string;
};
export type TenantOptions = { readonly stock?: number; readonly price?: number; readonly balance?: number };

const at = '2026-11-21T09:00:00.000Z';
const now = new Date(at);
const changing = { version: 1, createdAt: now, updatedAt: now };

/** Who acts in tests. */
export const anAct = (but: Partial<Act> = {}): Act => ({
  commandId: newId(),
  requestId: 'test',
  actorId: null,
  tokenId: null,
  reason: null,
  at,
  ...but,
});

/** A new tenant with a store, a location, a product (25.00, 10 pieces) and a customer (balance 100.00), all in USD. */
export async function aTenant(db: Database, options: TenantOptions = {}): Promise<TestTenant> {
  const { stock = 10, price = 2_500, balance = 10_000 } = options;
  const ids: TestTenant = {
    tenantId: `t-${newId()}`,
    storeId: newId(),
    locationId: newId(),
    productId: newId(),
    variantId: newId(),
    customerId: newId(),
    principalId: newId(),
  };
  const done = await transact<TestTenant, never>(db, ids, async (em) => {
    const { tenantId, storeId, locationId, productId, variantId, customerId, principalId } = ids;
    const policies = { taxRates: {}, shippingMethods: { standard: 500 } };
    const currency = 'USD';
    await em.insert(TenantRow, {
      id: tenantId,
      name: 'Test shop',
      defaultCurrency: currency,
      policies: { ...policies, requirePaidBefore: 'none' },
      version: 1,
      createdAt: now,
    });
    const store = { ref: 1, slug: 'main', name: 'Main store', commissionBp: 0, active: true };
    await em.insert(StoreRow, { tenantId, id: storeId, ...store, ...changing });
    const place = { name: 'Warehouse', priority: 1, active: true };
    await em.insert(StockLocationRow, { tenantId, id: locationId, ...place, ...changing });
    const product = { ref: 1, sku: 'MUG', name: 'Mug', storeId, priceMinor: price, currency };
    const kept = { taxClass: 'standard', trackStock: true, active: true };
    await em.insert(ProductRow, { tenantId, id: productId, ...product, ...kept, ...changing });
    const variant = { sku: 'MUG', name: 'Mug', options: {}, priceMinor: null, position: 0 };
    await em.insert(VariantRow, { tenantId, id: variantId, productId, ...variant, ...changing });
    const person = { name: 'Jane Roe', email: 'jane@example.com' };
    const customer = { ref: 1, code: 'CUST1', ...person, creditLimitMinor: 0, locale: 'en' };
    await em.insert(CustomerRow, { tenantId, id: customerId, ...customer, ...changing });
    const account = { tenantId, customerId, currency, balanceMinor: 0, floorMinor: 0 };
    await em.insertMany(AccountRow, [
      { ...account, kind: 'balance' },
      { ...account, kind: 'held' },
    ]);
    const user = {
      kind: 'user' as const,
      role: 'staff' as const,
      name: 'Sam Staff',
      email: `${tenantId}@example.com`,
    };
    const access = { customerId: null, passwordHash: null, disabledAt: null };
    await em.insert(PrincipalRow, { tenantId, id: principalId, ...user, ...access, ...changing });
    await openLevels(em, tenantId, { keys: [{ variantId, locationId }], at });
    const received = {
      kind: 'RECEIVE' as const,
      variantId,
      locationId,
      lineId: null,
      onHand: stock,
      reserved: 0,
    };
    await writeDeeds(em, tenantId, [
      {
        ...anAct(),
        events: [{ id: newId(), type: 'stock.received', data: { variantId, locationId, quantity: stock } }],
        moves: stock > 0 ? [received] : [],
        entries:
          balance > 0
            ? [topUp(customerId, currency, { amount: balance, reason: 'opening', source: 'cash' })]
            : [],
      },
    ]);
    return { ok: true as const, value: ids };
  });
  if (!done.ok) throw new Error(done.error.code);
  return done.value;
}

/** The address of another database of the same server. */
function named(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
