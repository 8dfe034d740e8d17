import { err, ok, type Result } from '@orderloom/core';
import { type Database, read, tenantName } from '@orderloom/db';
import type { Caller, Parts } from '../context.ts';
import type { Refusal } from '../errors.ts';
import { type Desk, type SessionCookie, sessionCaller } from './sessions.ts';
import { findToken, noteUse } from './tokens.ts';

type Known = Pick<Parts, 'db' | 'log'>;

/**
 * Whoever presents an API token: its owner, with the scopes that both the owner's role and the token have.
 */
export async function callerOfToken(parts: Known, token: string): Promise<Result<Caller, Refusal>> {
  const found = await findToken(parts.db, token);
  if (!found) return err({ code: 'INVALID_TOKEN' });
  noteUse(parts, found);
  const { tenantId, principalId, tokenId, name, role, scopes, customerId } = found;
  return ok({ tenantId, principalId, tokenId, name, role, granted: scopes, customerId });
}

/** Whoever is signed in to the console; a cookie that is good for nothing is taken back. */
export async function callerOfSession(desk: Desk, cookie: SessionCookie): Promise<Caller | null> {
  if (cookie.token === null) return null;
  const found = await sessionCaller(desk, cookie.token);
  if (!found) {
    cookie.clear();
    return null;
  }
  const { tenantId, principalId, name, role, customerId } = found;
  return { tenantId, principalId, tokenId: null, name, role, granted: null, customerId };
}

const there = new WeakMap<Database, Set<string>>();

/** The tenant's own service, for a trusted network; a tenant that is not there looks like a foreign one. */
export async function trustedCaller(
  { db }: Pick<Parts, 'db'>,
  tenantId: string,
): Promise<Result<Caller, Refusal>> {
  const tenants = there.get(db) ?? new Set();
  there.set(db, tenants);
  if (!tenants.has(tenantId)) {
    // A tenant that is there stays there, so it is asked for once.
    if (!(await isTenant(db, tenantId))) return err({ code: 'TENANT_MISMATCH' });
    tenants.add(tenantId);
  }
  const nobody = { principalId: null, tokenId: null, granted: null, customerId: null };
  return ok({ tenantId, name: 'Trusted network', role: 'service', ...nobody });
}

async function isTenant(db: Database, tenantId: string): Promise<boolean> {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(tenantId)) return false;
  return (await read(db, { tenantId }, (em) => tenantName(em, tenantId))) !== undefined;
}
