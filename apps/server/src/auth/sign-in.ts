import { err, ok, type Result, scopesOf } from '@orderloom/core';
import type { SignIn } from '@orderloom/core/inputs';
import {
  accountByEmail,
  byCredential,
  passwordHashOf,
  personById,
  read,
  tenantName,
  updatePerson,
} from '@orderloom/db';
import type { Caller, Context } from '../context.ts';
import type { Refusal } from '../errors.ts';
import { hashNewPassword, verifyPassword } from '../password.ts';
import type { Acting } from '../trpc.ts';
import { callerOfSession } from './caller.ts';
import { admitTry, forgiveTry } from './limits.ts';
import { closeSession, closeSessionsOf, openSession, type SessionCookie, type Owner } from './sessions.ts';
import type { Me } from './views.ts';

/**
 * Signs somebody in: the same answer, after the same work, for an unknown e-mail and for a wrong password.
 */
export async function signIn(ctx: Context, { email, password }: SignIn): Promise<Result<Me, Refusal>> {
  const { db } = ctx.parts;
  const one = { email, address: ctx.address };
  const admitted = await admitTry(db, one);
  if (!admitted.ok) return admitted;

  const account = await byCredential(db, email, (em) => accountByEmail(em, email));
  const verified = await verifyPassword(account?.passwordHash ?? null, password);
  if (!verified.ok) return verified;
  if (!verified.value || !account?.welcome) return err({ code: 'SIGN_IN_FAILED' });

  await forgiveTry(db, one);
  const cookie = await renewSession(ctx, account);
  const { tenantId, principalId } = account;
  ctx.log.info({ tenant: tenantId, principal: principalId, address: ctx.address }, 'signed in');
  return ok(await meOf(ctx, cookie && (await callerOfSession({ db, at: ctx.at }, cookie))));
}

/**
 * A new session in place of the one that came with the request: an id from outside is never signed in
 * (fixation).
 */
async function renewSession(ctx: Context, owner: Owner): Promise<SessionCookie | null> {
  const { cookie, at, parts } = ctx;
  const { db } = parts;
  if (!cookie) return null;
  if (cookie.token !== null) await closeSession({ db, at }, cookie.token);
  const token = await openSession({ db, at }, owner);
  cookie.set(token);
  return { ...cookie, token };
}

export async function signOut({ parts, cookie, at, log }: Context): Promise<void> {
  if (cookie === null || cookie.token === null) return;
  await closeSession({ db: parts.db, at }, cookie.token);
  cookie.clear();
  log.info('signed out');
}

/** Who is signed in, where, and with which rights; the console builds its navigation from it. */
export async function meOf({ parts }: Context, caller: Caller | null): Promise<Me> {
  const nobody = { user: null, tenant: null, scopes: [] };
  if (caller?.principalId == null) return nobody;
  const { tenantId, principalId, role } = caller;
  const found = await byTenant(parts, { tenantId, principalId });
  if (!found) return nobody;
  const { id, name, email } = found.person;
  return { user: { id, name, email, role }, tenant: found.tenant, scopes: [...scopesOf[role]] };
}

async function byTenant({ db }: Context['parts'], { tenantId, principalId }: Owner) {
  return read(db, { tenantId }, async (em) => {
    const person = await personById(em, tenantId, principalId);
    const tenant = await tenantName(em, tenantId);
    return person && tenant && { person, tenant };
  });
}

export type ChangePassword = { readonly currentPassword: string; readonly newPassword: string };

/** A new password ends every session of its owner, this one included, which goes on under a new token. */
export async function changePassword(ctx: Acting, asked: ChangePassword): Promise<Result<null, Refusal>> {
  const { caller, parts, at } = ctx;
  const { tenantId } = caller;
  const id = caller.principalId ?? '';
  const { person, stored } = await ctx.read(async (em) => ({
    person: await personById(em, tenantId, id),
    stored: await passwordHashOf(em, tenantId, id),
  }));
  if (!person) return err({ code: 'USER_NOT_FOUND', id });

  const one = { email: person.email, address: ctx.address };
  const admitted = await admitTry(parts.db, one);
  if (!admitted.ok) return admitted;
  const verified = await verifyPassword(stored, asked.currentPassword);
  if (!verified.ok) return verified;
  if (!verified.value) return err({ code: 'SIGN_IN_FAILED' });
  await forgiveTry(parts.db, one);

  const hashed = await hashNewPassword(asked.newPassword, 'newPassword');
  if (!hashed.ok) return hashed;
  await ctx.commit(async (em) =>
    ok(await updatePerson(em, { tenantId, id, at }, { passwordHash: hashed.value })),
  );
  const owner = { tenantId, principalId: id };
  await closeSessionsOf({ db: parts.db, at }, owner);
  await renewSession(ctx, owner);
  ctx.log.info({ tenant: tenantId, principal: id }, 'password changed');
  return ok(null);
}
