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
  /** Where each customer lives. */
  readonly addressIds: readonly string[];
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
  await em.insert(TenantRow, {
    id: tenantId,
    name: tenant.name,
    defaultCurrency: 'USD',
    policies,
    createdAt: at,
  });
  const shops = stores.map((store, index) => ({ ...row, ...store, id: newId(), ref: index + 1 }));
  await em.insertMany(
    StoreRow,
    shops.map((store) => ({ ...store, commissionBp: 0, active: true })),
  );
  const people = customers.map((customer, index) => ({ ...row, ...customer, id: newId(), ref: index + 1 }));
  await em.insertMany(
    CustomerRow,
    people.map((customer) => ({
      ...customer,
      code: `CUST${customer.ref}`,
      creditLimitMinor: 0,
      locale: 'en',
    })),
  );
  await em.insertMany(NumberCounterRow, [
    { tenantId, name: 'store', value: shops.length },
    { tenantId, name: 'customer', value: people.length },
  ]);
  const customerIds = people.map(({ id }) => id);
  const addressIds = await giveAccounts(em, founding, people);
  const staffIds = await foundPeople(em, founding, customerIds[0] ?? null);
  return { storeIds: shops.map(({ id }) => id), customerIds, addressIds, staffId: staffIds[0] ?? '' };
}

/** Where customers live, and what is on their balances: nothing yet. Gives the addresses. */
async function giveAccounts(
  em: EntityManager,
  { tenant, at, newId, luck }: Founding,
  people: readonly { readonly id: string; readonly name: string }[],
): Promise<string[]> {
  const row = { tenantId: tenant.id, createdAt: at, updatedAt: at };
  const homes = people.map(({ id, name }) => ({ id: newId(), customerId: id, ...demoAddress(name, luck) }));
  await em.insertMany(
    AddressRow,
    homes.map((home) => ({ ...row, ...home })),
  );
  const empty = { tenantId: tenant.id, currency: 'USD', balanceMinor: 0, floorMinor: 0 };
  await em.insertMany(
    AccountRow,
    people.flatMap(({ id }) =>
      (['balance', 'held'] as const).map((kind) => ({ ...empty, customerId: id, kind })),
    ),
  );
  return homes.map(({ id }) => id);
}

async function foundPeople(
  em: EntityManager,
  { tenant, at, newId, passwordHash }: Founding,
  firstCustomer: string | null,
): Promise<string[]> {
  const row = { tenantId: tenant.id, createdAt: at };
  const people = tenant.people.map((person) => ({ ...person, id: newId() }));
  await em.insertMany(
    PrincipalRow,
    people.map(({ token: _, role, ...person }) => {
      const customerId = role === 'customer' ? firstCustomer : null;
      return { ...row, ...person, role, kind: 'user' as const, passwordHash, customerId, updatedAt: at };
    }),
  );
  await em.insertMany(
    ApiTokenRow,
    people.map(({ id, role, token }) => ({
      ...row,
      id: newId(),
      principalId: id,
      name: 'Printed examples',
      prefix: token,
      secretHash: createHash('sha256').update(token).digest('hex'),
      scopes: [...scopesOf[role]],
    })),
  );
  return people.map(({ id }) => id);
}
