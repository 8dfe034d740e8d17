import { ok } from '@orderloom/core';
import { type Database, type EntityManager, transact } from '@orderloom/db';
import type { Logger } from 'pino';
import type { Refusal } from '../errors.ts';
import { type IncidentKind, openIncident } from '../incident.ts';
import type { Errand } from '../remote.ts';
import { type Client, createClient, restMs, type Trouble } from './http.ts';

/** Where one service of somebody else is dealt with. */
export type Desk = {
  readonly db: Database;
  readonly log: Logger;
  readonly client: Client;
  /** Where the service is, without credentials. */
  readonly place: string;
  readonly incident: IncidentKind;
  readonly service: Unreachable['service'];
};
type Unreachable = Extract<Refusal, { readonly code: 'SERVICE_UNREACHABLE' }>;

type Where = Pick<Desk, 'db' | 'log' | 'incident' | 'service'> & {
  readonly url: string;
  readonly token: string | null;
};

export const openDesk = ({ url, token, ...desk }: Where): Desk => {
  const { origin, pathname } = new URL(url);
  return { ...desk, client: createClient({ url, token }), place: origin + pathname };
};

/** A transaction of its own: never while a service is being waited for. */
export async function committed<T>(
  { db }: Pick<Desk, 'db'>,
  tenantId: string,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  const done = await transact<T, never>(db, { tenantId }, async (em) => ok(await work(em)));
  if (!done.ok) throw new Error(done.error.code);
  return done.value;
}

/** What the caller is told of a service that cannot be reached; the administrators are told once. */
export async function unreachable(
  desk: Desk,
  { tenantId, requestId, at }: Pick<Errand, 'tenantId' | 'requestId' | 'at'>,
  { detail }: Pick<Trouble, 'detail'>,
): Promise<Unreachable> {
  const failure = { tenantId, requestId, at, kind: desk.incident, subject: desk.place, detail };
  await openIncident(desk, failure);
  return { code: 'SERVICE_UNREACHABLE', service: desk.service, retryAfterSeconds: restMs / 1_000 };
}
