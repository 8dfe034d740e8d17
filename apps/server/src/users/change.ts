import { err, ok, type Result } from '@orderloom/core';
import type { CreateUser } from '@orderloom/core/inputs';
import {
  customerByName,
  type EntityManager,
  endSessionsOf,
  insertPerson,
  lockAdmins,
  people,
  type Person,
  type PersonChange,
  personById,
  updatePerson,
} from '@orderloom/db';
import type { Refusal } from '../errors.ts';
import { hashNewPassword } from '../password.ts';
import type { Acting } from '../trpc.ts';

export const listUsers = (ctx: Acting): Promise<Person[]> =>
  ctx.read((em) => people(em, ctx.caller.tenantId));

/** Lets somebody sign in; a customer's sign-in belongs to that customer. */
export async function createUser(ctx: Acting, asked: CreateUser): Promise<Result<Person, Refusal>> {
  const hashed = await hashNewPassword(asked.password, 'password');
  if (!hashed.ok) return hashed;
  return ok(await ctx.commit((em) => storeUser(em, { ...asked, passwordHash: hashed.value }, ctx)));
}

type Asked = Omit<CreateUser, 'password'> & { readonly passwordHash: string };

async function storeUser(em: EntityManager, asked: Asked, ctx: Acting): Promise<Result<Person, Refusal>> {
  const { email, name, role, customer, passwordHash } = asked;
  const { tenantId } = ctx.caller;
  const customerId = customer === undefined ? null : (await customerByName(em, tenantId, customer))?.id;
  if (customerId === undefined) return err({ code: 'CUSTOMER_NOT_FOUND', id: customer ?? '' });
  if (role === 'customer' && customerId === null) return invalid('customer', 'says whose sign-in this is');

  const one = { tenantId, id: ctx.newId(), email, name, role, customerId, passwordHash, at: ctx.at };
  if (!(await insertPerson(em, one))) return err({ code: 'ALREADY_EXISTS', field: 'email' });
  ctx.log.info({ tenant: tenantId, user: one.id, role, by: ctx.caller.principalId }, 'user created');
  return found(em, tenantId, one.id);
}

type Change = Pick<PersonChange, 'role' | 'disabledAt'> & { readonly id: string };

/**
 * Gives a role, shuts out or lets in again. What somebody might no longer do ends with all of their
 * sessions.
 */
export async function changeUser(
  em: EntityManager,
  { id, ...change }: Change,
  ctx: Acting,
): Promise<Result<Person, Refusal>> {
  const { tenantId, principalId } = ctx.caller;
  // Two administrators who shut each other out at once would leave nobody: the second is none any more.
  if (!(await lockAdmins(em, tenantId)).includes(principalId ?? ''))
    return err({ code: 'FORBIDDEN', scope: 'users:admin' });
  const person = await personById(em, tenantId, id);
  if (!person) return err({ code: 'USER_NOT_FOUND', id });
  // Whoever could shut himself out could leave a tenant without anybody who may let him in again.
  if (id === principalId) return invalid('id', 'is your own: ask another administrator');
  if (change.role === 'customer' && person.customerId === null)
    return invalid('role', 'needs a customer whose sign-in this is');

  await updatePerson(em, { tenantId, id, at: ctx.at }, change);
  await endSessionsOf(em, tenantId, id);
  ctx.log.info({ tenant: tenantId, user: id, change, by: principalId }, 'user changed');
  return found(em, tenantId, id);
}

async function found(em: EntityManager, tenantId: string, id: string): Promise<Result<Person, Refusal>> {
  const person = await personById(em, tenantId, id);
  return person ? ok(person) : err({ code: 'USER_NOT_FOUND', id });
}

const invalid = (path: string, message: string): Result<never, Refusal> =>
  err({ code: 'INVALID_INPUT', issues: [{ path, message }] });
