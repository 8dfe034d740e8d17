import { err, ok, type Result } from '@orderloom/core';
import type { CreateStore, EditStore } from '@orderloom/core/inputs';
import { changeRow, type EntityManager, storeByName, type StoreLine, StoreRow } from '@orderloom/db';
import type { Refusal } from '../errors.ts';
import { hold } from '../hold.ts';
import { nextRef } from '../next-ref.ts';
import type { Actor } from '../trpc.ts';

type Answer = Promise<Result<StoreLine, Refusal>>;
const slugTaken = err({ code: 'ALREADY_EXISTS', field: 'slug' } as const);

/** A new store; its number is the next of the tenant. */
export async function createStore(
  em: EntityManager,
  { name, slug, active }: CreateStore,
  { caller, newId, at }: Actor,
): Answer {
  const { tenantId } = caller;
  const isThere = async (word: string) => (await storeByName(em, tenantId, word)) !== undefined;
  if (slug !== undefined && (await isThere(slug))) return slugTaken;
  const isTaken = async (number: number) => slug === undefined && isThere(`store-${number}`);
  const ref = await nextRef(em, tenantId, { kind: 'store', isTaken });
  const row = { id: newId(), ref, slug: slug ?? `store-${ref}`, name, active };
  const when = { createdAt: new Date(at), updatedAt: new Date(at) };
  await em.insert(StoreRow, { ...row, ...when, tenantId, commissionBp: 0 });
  return ok({ ...row, version: 1, createdAt: at, updatedAt: at });
}

/** Renames a store, opens or closes it. */
export async function editStore(
  em: EntityManager,
  { id, expectedVersion, ...columns }: EditStore,
  actor: Actor,
): Answer {
  const { tenantId } = actor.caller;
  const missing = { code: 'STORE_NOT_FOUND', id } as const;
  const find = () => storeByName(em, tenantId, id);
  const held = await hold(em, actor, { table: 'stores', find, missing, expectedVersion });
  if (!held.ok) return held;
  const { slug } = columns;
  if (slug !== undefined && slug !== held.value.slug && (await storeByName(em, tenantId, slug)))
    return slugTaken;
  await changeRow(em, 'stores', { tenantId, id: held.value.id, at: actor.at, columns });
  const now = await storeByName(em, tenantId, held.value.id);
  return now ? ok(now) : err(missing);
}
