import { defineEntity, p } from '@mikro-orm/core';
import { roles, type Scope } from '@orderloom/core';
import { ofTenant } from './row.ts';

const PrincipalSchema = defineEntity({
  name: 'PrincipalRow',
  tableName: 'principals',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    kind: p.enum(['user', 'service'] as const),
    email: p.text().nullable(),
    name: p.text(),
    role: p.enum(roles),
    customerId: p.uuid().nullable(),
    passwordHash: p.text().nullable(),
    disabledAt: p.datetime(3).nullable(),
    version: p.integer().version(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
  },
});
export class PrincipalRow extends PrincipalSchema.class {}
PrincipalSchema.setClass(PrincipalRow);

/** The id is already the hash of what the browser holds. */
const SessionSchema = defineEntity({
  name: 'SessionRow',
  tableName: 'sessions',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.text().primary(),
    principalId: p.uuid(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
  },
});
export class SessionRow extends SessionSchema.class {}
SessionSchema.setClass(SessionRow);

const ApiTokenSchema = defineEntity({
  name: 'ApiTokenRow',
  tableName: 'api_tokens',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    principalId: p.uuid(),
    name: p.text(),
    prefix: p.text(),
    secretHash: p.text(),
    scopes: p.array<Scope>().columnType('text[]'),
    expiresAt: p.datetime(3).nullable(),
    lastUsedAt: p.datetime(3).nullable(),
    revokedAt: p.datetime(3).nullable(),
    createdAt: p.datetime(3),
  },
});
export class ApiTokenRow extends ApiTokenSchema.class {}
ApiTokenSchema.setClass(ApiTokenRow);

/** Failed sign-ins of an account or an address; it is not known yet to which tenant they belong. */
const SignInAttemptSchema = defineEntity({
  name: 'SignInAttemptRow',
  tableName: 'sign_in_attempts',
  properties: {
    subject: p.text().primary(),
    failures: p.integer(),
    windowStartedAt: p.datetime(3),
  },
});
export class SignInAttemptRow extends SignInAttemptSchema.class {}
SignInAttemptSchema.setClass(SignInAttemptRow);
