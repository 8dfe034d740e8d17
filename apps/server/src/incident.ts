import { type Instant, ok } from '@orderloom/core';
import {
  type Act,
  type EntityManager,
  endIncident,
  newId,
  noteFailure,
  transact,
  writeDeeds,
} from '@orderloom/db';
import type { Parts } from './context.ts';
import { logFailure } from './log.ts';

/** What can be out of order outside, and the event that says that it works again. */
const overBy = {
  'inventory.unreachable': 'inventory.reachable',
  'cart.unreachable': 'cart.reachable',
  'mail.undeliverable': 'mail.deliverable',
} as const;
export type IncidentKind = keyof typeof overBy;

/** Whether an event says that something is out of order which an administrator must see to. */
export const isAlert = (type: string): boolean => Object.hasOwn(overBy, type);

/** A failure outside: of what kind, with what, and what was seen of it. */
export type Failure = {
  readonly tenantId: string;
  readonly kind: IncidentKind;
  readonly subject: string;
  readonly detail: string;
  readonly at: Instant;
  readonly requestId?: string;
};

type House = Pick<Parts, 'db' | 'log'>;

/**
 * The first failure opens the incident and alerts: one event and one ERROR in the log, whatever the number of
 * callers and processes. The later ones are only counted. Never throws: whoever failed has news to tell.
 */
export async function openIncident({ db, log }: House, failure: Failure): Promise<void> {
  const { tenantId, kind, subject, detail, at } = failure;
  try {
    const opened = await transact<boolean, never>(db, { tenantId }, async (em) => {
      const first = await noteFailure(em, tenantId, { id: newId(), kind, subject, at });
      if (first) await tell(em, failure, { type: kind, data: { subject, detail } });
      return ok(first);
    });
    if (opened.ok && opened.value) log.error({ tenantId, subject, detail }, kind);
  } catch (thrown) {
    logFailure(log, thrown, kind);
  }
}

/** What works again, and when the call that worked began. */
export type Recovery = Pick<Failure, 'tenantId' | 'kind' | 'at' | 'requestId'>;

/** Whoever is well for a moment between two failures is not well yet. */
const quietMs = 5_000;

/** Ends the open incident, if there is one, so that the next failure alerts again. Never throws. */
export async function closeIncident({ db, log }: House, recovery: Recovery): Promise<void> {
  const { tenantId, kind, at } = recovery;
  const quietSince = new Date(Date.parse(at) - quietMs).toISOString();
  try {
    const closed = await transact<string | null, never>(db, { tenantId }, async (em) => {
      const ended = await endIncident(em, tenantId, { kind, quietSince, at });
      if (ended) await tell(em, recovery, { type: overBy[kind], data: ended });
      return ok(ended ? ended.subject : null);
    });
    if (closed.ok && closed.value !== null) log.info({ tenantId, subject: closed.value }, overBy[kind]);
  } catch (thrown) {
    logFailure(log, thrown, kind);
  }
}

type Told = { readonly type: string; readonly data: Readonly<Record<string, unknown>> };

async function tell(em: EntityManager, { tenantId, at, requestId }: Recovery, told: Told): Promise<void> {
  const by = { commandId: newId(), requestId: requestId ?? 'incident', actorId: null, tokenId: null };
  const act: Act = { ...by, reason: null, at };
  await writeDeeds(em, tenantId, [{ ...act, events: [{ id: newId(), ...told }], moves: [], entries: [] }]);
}
