import { ok, type Result } from '@orderloom/core';
import {
  deadLetters,
  type EntityManager,
  lastFeedSeq,
  queues,
  reviveDeadLetters,
  unpublished,
} from '@orderloom/db';
import type { z } from 'zod';
import type { Refusal } from '../errors.ts';
import type { Acting, Actor } from '../trpc.ts';
import type { RelayView } from './views.ts';

/** How far the events of the caller's tenant have got. */
export const relayState = ({ read, caller: { tenantId } }: Acting): Promise<z.infer<typeof RelayView>> =>
  read(async (em) => ({
    published: await lastFeedSeq(em, tenantId),
    unpublished: await unpublished(em, tenantId),
    queues: await queues(em, tenantId),
    deadLetters: await deadLetters(em, tenantId),
  }));

/** Sends dead letters of a consumer again, all of them or those of one event; how many they are. */
export async function retry(
  em: EntityManager,
  { consumer, event }: { readonly consumer: string; readonly event?: string | undefined },
  { caller: { tenantId } }: Actor,
): Promise<Result<number, Refusal>> {
  return ok(await reviveDeadLetters(em, tenantId, { consumer, eventId: event ?? null }));
}
