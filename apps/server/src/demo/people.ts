import { createHash } from 'node:crypto';
import { type Role, scopesOf } from '@orderloom/core';
import {
  AccountRow,
  AddressRow,
  ApiTokenRow,
  CustomerRow,
  type EntityManager,
  NumberCounterRow,
  PrincipalRow,
  StoreRow,
  TenantRow,
} from '@orderloom/db';
import type { Chance } from './chance.ts';
import { demoAddress, type DemoCustomer, policies, stores } from './shop.ts';

/** A demo tenant: who is in it, and who may sign in. Only development knows these words. */
export type DemoTenant = {
  readonly id: string;
  readonly name: string;
  readonly people: readonly DemoPerson[];
};
type DemoPerson = {
  readonly role: Role;
  readonly email: string;
  readonly name: string;
  readonly token: string;
};

export const demoPassword = 'orderloom-demo';

export const shop1: DemoTenant = {
  id: 'shop-1',
  name: 'Shop One',
  people: [
    { role: 'admin', email: 'admin@shop-1.test', name: 'Alex Admin', token: 'olm_test_admin' },
    { role: 'staff', email: 'staff@shop-1.test', name: 'Sam Staff', token: 'olm_test_staff' },
    { role: 'customer', email: 'customer@shop-1.test', name: 'John Doe', token: 'olm_test_customer' },
  ],
};

export const shop2: DemoTenant = {
  id: 'shop-2',
  name: 'Shop Two',
  people: [{ role: 'staff', email: 'staff@shop-2.test', name: 'Toni Staff', token: 'olm_test_shop2' }],
};

export type Founded = {
  readonly storeIds: readonly string[];
  readonly customerIds: readonly string[];
  readonly staffId: string;
};
export type Founding = {
  readonly tenant: DemoTenant;
  readonly customers: readonly DemoCustomer[];
  readonly passwordHash: string;
  readonly at: Date;
  readonly newId: () => string;
  readonly luck: Chance;
};

/** The tenant, its stores, customers and sign-ins; what others refer to is written first. */
export async function foundTenant(em: EntityManager, founding: Founding): Promise<Founded> {
  const { tenant, at, newId, customers } = founding;
  const tenantId = tenant.id;
  const row = { tenantId, createdAt: at, updatedAt: at };
  em.create(TenantRow, { id: tenantId, name: tenant.name, defaultCurrency: 'USD', policies, createdAt: at });
  await em.flush();
  const storeIds = stores.map(({ slug, name }, index) => {
    const id = newId();
    em.create(StoreRow, { ...row, id, ref: index + 1, slug, name, commissionBp: 0, active: true });
    return id;
  });
  const people = customers.map((customer, index) => ({ ...customer, id: newId(), ref: index + 1 }));
  for (const customer of people)
    em.create(CustomerRow, {
      ...row,
      ...customer,
      code: `CUST${customer.ref}`,
      creditLimitMinor: 0,
      locale: 'en',
    });
  for (const [name, value] of [['store', storeIds.length] as const, ['customer', people.length] as const])
    em.create(NumberCounterRow, { tenantId, name, value });
  await em.flush();
  for (const customer of people) giveAccounts(em, founding, customer);
  const customerIds = people.map(({ id }) => id);
  const staffIds = await foundPeople(em, founding, customerIds[0] ?? null);
  return { storeIds, customerIds, staffId: staffIds[0] ?? '' };
}

/** Where a customer lives, and what is on the balance: nothing yet. */
function giveAccounts(
  em: EntityManager,
  { tenant, at, newId, luck }: Founding,
  { id: customerId, name }: { readonly id: string; readonly name: string },
): void {
  const row = { tenantId: tenant.id, createdAt: at, updatedAt: at };
  em.create(AddressRow, { ...row, id: newId(), customerId, ...demoAddress(name, luck) });
  const empty = { tenantId: tenant.id, customerId, currency: 'USD', balanceMinor: 0, floorMinor: 0 };
  for (const kind of ['balance', 'held'] as const) em.create(AccountRow, { ...empty, kind });
}

async function foundPeople(
  em: EntityManager,
  { tenant, at, newId, passwordHash }: Founding,
  firstCustomer: string | null,
): Promise<string[]> {
  const row = { tenantId: tenant.id, createdAt: at };
  const people = tenant.people.map((person) => ({ ...person, id: newId() }));
  for (const { id, role, email, name } of people) {
    const customerId = role === 'customer' ? firstCustomer : null;
    const rest = { kind: 'user' as const, passwordHash, customerId, updatedAt: at };
    em.create(PrincipalRow, { ...row, id, role, email, name, ...rest });
  }
  await em.flush();
  for (const { id, role, token } of people)
    em.create(ApiTokenRow, {
      ...row,
      id: newId(),
      principalId: id,
      name: 'Printed examples',
      prefix: token,
      secretHash: createHash('sha256').update(token).digest('hex'),
      scopes: [...scopesOf[role]],
    });
  await em.flush();
  return people.map(({ id }) => id);
}
