import { err, ok, type Result } from '@orderloom/core';
import type { CreateAddress, EditAddress } from '@orderloom/core/inputs';
import {
  addressById,
  AddressRow,
  type BookAddress,
  changeRow,
  customerByName,
  type EntityManager,
  removeAddress,
} from '@orderloom/db';
import type { Refusal } from '../errors.ts';
import { hold } from '../hold.ts';
import type { Actor } from '../trpc.ts';
import { ownAddress } from './read.ts';

type Answer<T> = Promise<Result<T, Refusal>>;

/** A new address; a customer's own, or that of the customer whom the staff names. */
export async function createAddress(
  em: EntityManager,
  { customer, ...address }: CreateAddress,
  { caller, reach, newId, at }: Actor,
): Answer<BookAddress> {
  const { tenantId } = caller;
  const asked = customer ?? (reach === 'own' ? caller.customerId : null);
  const found = asked === null ? null : await customerByName(em, tenantId, asked);
  if (found === undefined || (reach === 'own' && found?.id !== caller.customerId))
    return err({ code: 'REFERENCE_UNKNOWN', field: 'customer', what: 'Customer' });
  const id = newId();
  const row = { tenantId, id, ...address, customerId: found?.id ?? null };
  await em.insert(AddressRow, { ...row, createdAt: new Date(at), updatedAt: new Date(at) });
  const whose = found && { id: found.id, code: found.code };
  return ok({ id, ...address, customer: whose, version: 1, createdAt: at, updatedAt: at });
}

const holdAddress = (
  em: EntityManager,
  { id, expectedVersion }: Pick<EditAddress, 'id' | 'expectedVersion'>,
  actor: Actor,
) => {
  const find = () => ownAddress(em, actor, id);
  const missing = { code: 'ADDRESS_NOT_FOUND', id } as const;
  return hold(em, actor, { table: 'addresses', find, missing, expectedVersion });
};

/** Corrects an address; orders keep the copy that they were given. */
export async function editAddress(em: EntityManager, input: EditAddress, actor: Actor): Answer<BookAddress> {
  const { tenantId } = actor.caller;
  const held = await holdAddress(em, input, actor);
  if (!held.ok) return held;
  const { id: _, expectedVersion: __, ...columns } = input;
  await changeRow(em, 'addresses', { tenantId, id: held.value.id, at: actor.at, columns });
  return ok((await addressById(em, tenantId, held.value.id)) ?? held.value);
}

/** Takes an address out of the book. */
export async function deleteAddress(
  em: EntityManager,
  input: Pick<EditAddress, 'id' | 'expectedVersion'>,
  actor: Actor,
): Answer<null> {
  const held = await holdAddress(em, input, actor);
  if (!held.ok) return held;
  await removeAddress(em, actor.caller.tenantId, held.value.id);
  return ok(null);
}
