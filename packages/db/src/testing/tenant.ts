import type { EntityManager } from '@mikro-orm/postgresql';
import { ok, topUp } from '@orderloom/core';
import { AccountRow, CustomerRow } from '../customer.ts';
import type { Database } from '../database.ts';
import { newId } from '../ids.ts';
import { ProductRow, VariantRow } from '../product.ts';
import { StockLocationRow } from '../stock.ts';
import { NumberCounterRow, StoreRow, TenantRow } from '../tenant.ts';
import { transact } from '../transact.ts';
import { PrincipalRow } from '../user.ts';
import { type Act, writeDeeds } from '../write/deed.ts';
import { openLevels } from '../write/levels.ts';

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
export type TenantOptions = {
  /** For a tenant that is known elsewhere by the same name. */
  readonly tenantId?: string;
  readonly stock?: number;
  readonly price?: number;
  readonly balance?: number;
};

const at = '2026-11-21T09:00:00.000Z';
const now = new Date(at);
const changing = { version: 1, createdAt: now, updatedAt: now };
const currency = 'USD';

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

/** A new tenant with a store, a location, a product (25.00, 10 pieces) and a customer (100.00), in USD. */
export async function aTenant(db: Database, options: TenantOptions = {}): Promise<TestTenant> {
  const { tenantId = `t-${newId()}`, stock = 10, price = 2_500, balance = 10_000 } = options;
  const ids: TestTenant = {
    tenantId,
    storeId: newId(),
    locationId: newId(),
    productId: newId(),
    variantId: newId(),
    customerId: newId(),
    principalId: newId(),
  };
  await transact(db, ids, async (em) => {
    await insertShop(em, ids);
    await insertProduct(em, ids, price);
    await insertPeople(em, ids);
    await fill(em, ids, { stock, balance });
    return ok(null);
  });
  return ids;
}

async function insertShop(em: EntityManager, { tenantId, storeId, locationId }: TestTenant): Promise<void> {
  await em.insert(TenantRow, {
    id: tenantId,
    name: 'Test shop',
    defaultCurrency: currency,
    policies: { taxRates: {}, shippingMethods: { standard: 500 }, requirePaidBefore: 'none' },
    version: 1,
    createdAt: now,
  });
  const store = { ref: 1, slug: 'main', name: 'Main store', commissionBp: 0, active: true };
  await em.insert(StoreRow, { tenantId, id: storeId, ...store, ...changing });
  const place = { name: 'Warehouse', priority: 1, active: true };
  await em.insert(StockLocationRow, { tenantId, id: locationId, ...place, ...changing });
  const used = ['store', 'product', 'customer'].map((name) => ({ tenantId, name, value: 1 }));
  await em.insertMany(NumberCounterRow, used);
}

async function insertProduct(em: EntityManager, ids: TestTenant, priceMinor: number): Promise<void> {
  const { tenantId, storeId, productId, variantId } = ids;
  const product = { ref: 1, sku: 'MUG', name: 'Mug', storeId, priceMinor, currency };
  const kept = { taxClass: 'standard', trackStock: true, active: true };
  await em.insert(ProductRow, { tenantId, id: productId, ...product, ...kept, ...changing });
  const variant = { sku: 'MUG', name: 'Mug', options: {}, priceMinor: null, position: 0 };
  await em.insert(VariantRow, { tenantId, id: variantId, productId, ...variant, ...changing });
}

async function insertPeople(
  em: EntityManager,
  { tenantId, customerId, principalId }: TestTenant,
): Promise<void> {
  const person = { name: 'Jane Roe', email: 'jane@example.com' };
  const customer = { ref: 1, code: 'CUST1', ...person, creditLimitMinor: 0, locale: 'en' };
  await em.insert(CustomerRow, { tenantId, id: customerId, ...customer, ...changing });
  const account = { tenantId, customerId, currency, balanceMinor: 0, floorMinor: 0 };
  await em.insertMany(AccountRow, [
    { ...account, kind: 'balance' },
    { ...account, kind: 'held' },
  ]);
  const user = { name: 'Sam Staff', email: `${tenantId}@example.com` };
  const access = { customerId: null, passwordHash: null, disabledAt: null };
  const staff = { tenantId, id: principalId, ...user, ...access, ...changing };
  await em.insert(PrincipalRow, { ...staff, kind: 'user', role: 'staff' });
}

/** Pieces and money come in as they always do, so that the histories agree with the rows. */
async function fill(
  em: EntityManager,
  ids: TestTenant,
  by: { stock: number; balance: number },
): Promise<void> {
  const { tenantId, variantId, locationId, customerId } = ids;
  await openLevels(em, tenantId, { keys: [{ variantId, locationId }], at });
  const received = { variantId, locationId, lineId: null, onHand: by.stock, reserved: 0 };
  const opening = { amount: by.balance, reason: 'opening', source: 'cash' } as const;
  await writeDeeds(em, tenantId, [
    {
      ...anAct(),
      events: [{ id: newId(), type: 'stock.received', data: { variantId, locationId, quantity: by.stock } }],
      moves: by.stock > 0 ? [{ kind: 'RECEIVE', ...received }] : [],
      entries: by.balance > 0 ? [topUp(customerId, currency, opening)] : [],
    },
  ]);
}
