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
type DemoPerson = { readonly role: Role; readonly email: string; readonly name: string; readonly token: string };

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

/** The tenant, its stores, customers and sign-ins. */
export function foundTenant(em: EntityManager, founding: Founding): Founded {
  const { tenant, at, newId } = founding;
  const tenantId = tenant.id;
  const row = { tenantId, createdAt: at, updatedAt: at };
  em.create(TenantRow, { id: tenantId, name: tenant.name, defaultCurrency: 'USD', policies, createdAt: at });
  const storeIds = stores.map(({ slug, name }, index) => {
    const id = newId();
    em.create(StoreRow, { ...row, id, ref: index + 1, slug, name, commissionBp: 0, active: true });
    return id;
  });
  const customerIds = founding.customers.map((customer, index) => foundCustomer(em, founding, { ...customer, index }));
  const staffIds = tenant.people.map((person) => {
    const customerId = person.role === 'customer' ? (customerIds[0] ?? null) : null;
    return foundPerson(em, founding, { ...person, customerId });
  });
  for (const [name, value] of [['store', storeIds.length] as const, ['customer', customerIds.length] as const])
    em.create(NumberCounterRow, { tenantId, name, value });
  return { storeIds, customerIds, staffId: staffIds[0] ?? newId() };
}

function foundCustomer(
  em: EntityManager,
  { tenant, at, newId, luck }: Founding,
  { name, email, index }: DemoCustomer & { readonly index: number },
): string {
  const row = { tenantId: tenant.id, createdAt: at, updatedAt: at };
  const id = newId();
  const ref = index + 1;
  em.create(CustomerRow, { ...row, id, ref, code: `CUST${ref}`, name, email, creditLimitMinor: 0, locale: 'en' });
  em.create(AddressRow, { ...row, id: newId(), customerId: id, ...demoAddress(name, luck) });
  for (const kind of ['balance', 'held'] as const)
    em.create(AccountRow, {
      tenantId: tenant.id,
      customerId: id,
      kind,
      currency: 'USD',
      balanceMinor: 0,
      floorMinor: 0,
    });
  return id;
}

function foundPerson(
  em: EntityManager,
  { tenant, at, newId, passwordHash }: Founding,
  { role, email, name, token, customerId }: DemoPerson & { readonly customerId: string | null },
): string {
  const row = { tenantId: tenant.id, createdAt: at };
  const id = newId();
  const person = { kind: 'user' as const, email, name, role, customerId, passwordHash, updatedAt: at };
  em.create(PrincipalRow, { ...row, id, ...person });
  em.create(ApiTokenRow, {
    ...row,
    id: newId(),
    principalId: id,
    name: 'Printed examples',
    prefix: token,
    secretHash: createHash('sha256').update(token).digest('hex'),
    scopes: [...scopesOf[role]],
  });
  return id;
}
