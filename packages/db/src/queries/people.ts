import type { EntityManager } from '@mikro-orm/postgresql';
import type { Instant, Role, Scope } from '@orderloom/core';
import { holding, type ListSpec } from '../lists/list.ts';
import { instant, rows, run } from '../sql.ts';
import type { TenantPolicies } from '../tenant.ts';
import { namesOf } from './directory.ts';
import { changeRow } from '../write/rows.ts';

/** Somebody who can sign in. */
export type Person = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly customerId: string | null;
  readonly disabled: boolean;
  readonly createdAt: Instant;
};

const person = `id, email, name, role, customer_id as "customerId", disabled_at is not null as disabled,
  ${instant('created_at')} as "createdAt"`;

export const people = (em: EntityManager, tenantId: string): Promise<Person[]> =>
  rows<Person>(
    em,
    `select ${person} from principals where tenant_id = $1 and kind = 'user' order by name, id limit 500`,
    [tenantId],
  );

export async function personById(
  em: EntityManager,
  tenantId: string,
  id: string,
): Promise<Person | undefined> {
  const [found] = await rows<Person>(
    em,
    `select ${person} from principals where tenant_id = $1 and kind = 'user' and id = $2`,
    [tenantId, id],
  );
  return found;
}

export type NewPerson = Pick<Person, 'id' | 'email' | 'name' | 'role' | 'customerId'> & {
  readonly tenantId: string;
  readonly passwordHash: string;
  readonly at: Instant;
};

/** Stores a person; false when the e-mail is taken, here or in another tenant. */
export async function insertPerson(em: EntityManager, one: NewPerson): Promise<boolean> {
  const stored = await run(
    em,
    `insert into principals (tenant_id, id, kind, email, name, role, customer_id, password_hash, version,
       created_at, updated_at)
     values ($1, $2, 'user', $3, $4, $5, $6, $7, 1, $8, $8)
     on conflict (email) do nothing returning id`,
    [one.tenantId, one.id, one.email, one.name, one.role, one.customerId, one.passwordHash, one.at],
  );
  return stored.length === 1;
}

/** What can be changed about a person; what is left out stays. */
export type PersonChange = {
  readonly role?: Role;
  readonly passwordHash?: string;
  readonly disabledAt?: Instant | null;
};
/** What is changed, and when. */
export type Change = { readonly tenantId: string; readonly id: string; readonly at: Instant };

export async function updatePerson(
  em: EntityManager,
  { tenantId, id, at }: Change,
  change: PersonChange,
): Promise<void> {
  const columns = { role: change.role, password_hash: change.passwordHash, disabled_at: change.disabledAt };
  await changeRow(em, 'principals', { tenantId, id, at, columns });
}

export async function passwordHashOf(
  em: EntityManager,
  tenantId: string,
  id: string,
): Promise<string | null> {
  const [found] = await rows<{ hash: string | null }>(
    em,
    'select password_hash as hash from principals where tenant_id = $1 and id = $2',
    [tenantId, id],
  );
  return found?.hash ?? null;
}

export type TenantName = { readonly id: string; readonly name: string; readonly currency: string };

export async function tenantName(em: EntityManager, id: string): Promise<TenantName | undefined> {
  const [found] = await rows<TenantName>(
    em,
    'select id, name, default_currency as currency from tenants where id = $1',
    [id],
  );
  return found;
}

export type NewTenant = TenantName & { readonly policies: TenantPolicies; readonly at: Instant };
export type NewPlace = { readonly storeId: string; readonly locationId: string };

/** Stores a tenant with a store and a place for its goods; does nothing when the tenant is there. */
export async function insertTenant(
  em: EntityManager,
  { id, name, currency, policies, at }: NewTenant,
  { storeId, locationId }: NewPlace,
): Promise<void> {
  const stored = await run(
    em,
    `insert into tenants (id, name, default_currency, policies, version, created_at)
     values ($1, $2, $3, $4::jsonb, 1, $5) on conflict (id) do nothing returning id`,
    [id, name, currency, JSON.stringify(policies), at],
  );
  if (stored.length === 0) return;
  await run(
    em,
    `insert into stores
       (tenant_id, id, ref, slug, name, commission_bp, active, version, created_at, updated_at)
     values ($1, $2, 1, 'main', $3, 0, true, 1, $4, $4)`,
    [id, storeId, name, at],
  );
  await run(em, `insert into number_counters (tenant_id, name, value) values ($1, 'store', 1)`, [id]);
  await run(
    em,
    `insert into stock_locations (tenant_id, id, name, priority, active, version, created_at, updated_at)
     values ($1, $2, 'Main', 1, true, 1, $3, $3)`,
    [id, locationId, at],
  );
}

/** What stands in the way of production: tokens for tests, and the people of the demo shop. */
export async function demoTraces(
  em: EntityManager,
  tenantId: string,
  emails: readonly string[],
): Promise<string[]> {
  const found = await rows<{ trace: string }>(
    em,
    `select 'token ' || prefix as trace from api_tokens
       where tenant_id = $1 and prefix like 'olm\\_test%' and revoked_at is null
     union all select 'user ' || email from principals
       where tenant_id = $1 and email = any ($2::text[]) and disabled_at is null
     limit 10`,
    [tenantId, [...emails]],
  );
  return found.map(({ trace }) => trace);
}

export async function hasAdmin(em: EntityManager, tenantId: string): Promise<boolean> {
  const admins = await rows(
    em,
    `select id from principals where tenant_id = $1 and role = 'admin' and disabled_at is null limit 1`,
    [tenantId],
  );
  return admins.length > 0;
}

/** Who administers a tenant, locked: so they are counted and changed by one caller at a time. */
export async function lockAdmins(em: EntityManager, tenantId: string): Promise<string[]> {
  const admins = await run<{ id: string }>(
    em,
    `select id from principals where tenant_id = $1 and role = 'admin' and disabled_at is null
     order by id for no key update`,
    [tenantId],
  );
  return admins.map(({ id }) => id);
}

export type TokenLine = {
  readonly id: string;
  readonly principalId: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: Scope[];
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly lastUsedAt: Instant | null;
  readonly revokedAt: Instant | null;
};

const token = `t.id, t.principal_id as "principalId", t.name, t.prefix, t.scopes,
  ${instant('t.created_at')} as "createdAt", ${instant('t.expires_at')} as "expiresAt",
  ${instant('t.last_used_at')} as "lastUsedAt", ${instant('t.revoked_at')} as "revokedAt"`;

/** The API tokens of a tenant; nothing of a secret is readable. */
export const tokensList: ListSpec = {
  name: 'tokens',
  table: 'api_tokens',
  as: 't',
  id: 't.id',
  columns: token,
  filters: {},
  orderings: { created_at: ['t.created_at', 'timestamptz'], name: ['t.name', 'text'] },
  search: holding('t.name', 't.prefix'),
};

/** The tokens of a principal, newest first. */
export const tokensOf = (em: EntityManager, tenantId: string, principalId: string): Promise<TokenLine[]> =>
  rows<TokenLine>(
    em,
    `select ${token} from api_tokens t where tenant_id = $1 and principal_id = $2
     order by created_at desc, id desc limit 500`,
    [tenantId, principalId],
  );

/** The token that a UUID names. */
export async function tokenById(
  em: EntityManager,
  tenantId: string,
  id: string,
): Promise<TokenLine | undefined> {
  const [found] = await rows<TokenLine>(
    em,
    `select ${token} from api_tokens t where tenant_id = $1 and id = any ($2::uuid[])`,
    [tenantId, namesOf([id]).ids],
  );
  return found;
}

export type NewToken = Pick<TokenLine, 'id' | 'principalId' | 'name' | 'prefix' | 'scopes'> & {
  readonly tenantId: string;
  readonly secretHash: string;
  readonly at: Instant;
  readonly expiresAt: Instant | null;
};

export const insertToken = (em: EntityManager, one: NewToken): Promise<unknown> =>
  run(
    em,
    `insert into api_tokens
       (tenant_id, id, principal_id, name, prefix, secret_hash, scopes, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      one.tenantId,
      one.id,
      one.principalId,
      one.name,
      one.prefix,
      one.secretHash,
      one.scopes,
      one.at,
      one.expiresAt,
    ],
  );

export const revokeToken = (em: EntityManager, { tenantId, id, at }: Change): Promise<unknown> =>
  run(em, 'update api_tokens set revoked_at = coalesce(revoked_at, $3) where tenant_id = $1 and id = $2', [
    tenantId,
    id,
    at,
  ]);
