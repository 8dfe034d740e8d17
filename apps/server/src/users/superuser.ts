import { err, type Instant, ok, type Result } from '@orderloom/core';
import {
  type Database,
  type EntityManager,
  insertPerson,
  insertTenant,
  newId,
  transact,
} from '@orderloom/db';
import type { Refusal } from '../errors.ts';
import { hashNewPassword } from '../password.ts';

export type Superuser = {
  readonly email: string;
  readonly password: string;
  readonly tenantId: string;
  readonly name?: string | undefined;
  readonly currency?: string | undefined;
  readonly at: Instant;
};

const policies = {
  taxRates: {},
  pricesIncludeTax: false,
  shippingMethods: {},
  requirePaidBefore: 'none',
} as const;

/** Makes an administrator, and the tenant when it is not there yet; gives the new user's id. */
export async function createSuperuser(db: Database, asked: Superuser): Promise<Result<string, Refusal>> {
  const hashed = await hashNewPassword(asked.password, 'password');
  if (!hashed.ok) return hashed;
  const { tenantId } = asked;
  return transact<string, Refusal>(db, { tenantId }, (em) =>
    store(em, { ...asked, passwordHash: hashed.value }),
  );
}

type Stored = Superuser & { readonly passwordHash: string };

async function store(em: EntityManager, asked: Stored): Promise<Result<string, Refusal>> {
  const { tenantId, email, passwordHash, at, currency = 'USD', name = email } = asked;
  const tenant = { id: tenantId, name: tenantId, currency, policies, at };
  await insertTenant(em, tenant, { storeId: newId(), locationId: newId() });
  const id = newId();
  const person = { tenantId, id, email, name, role: 'admin', customerId: null, passwordHash, at } as const;
  return (await insertPerson(em, person)) ? ok(id) : err({ code: 'ALREADY_EXISTS', field: 'email' });
}
