import { createHash, randomBytes } from 'node:crypto';
import { type Instant, ok } from '@orderloom/core';
import {
  byCredential,
  callerBySession,
  type Database,
  endExpiredSessions,
  endSession,
  endSessionsOf,
  extendSession,
  insertSession,
  type Presented,
  type PresentedSession,
  read,
  sessionsOf,
  tenantIds,
  transact,
} from '@orderloom/db';
import { type Adapter, type DatabaseSession, Lucia, TimeSpan } from 'lucia';

/** A principal in its tenant. */
export type Owner = Pick<Presented, 'tenantId' | 'principalId'>;

declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof luciaAt>;
    DatabaseUserAttributes: Presented;
    UserId: Owner;
  }
}

/** The sign-in cookie of one request: what came with it, and what goes back. */
export type SessionCookie = {
  readonly token: string | null;
  readonly set: (token: string) => void;
  readonly clear: () => void;
};

/** What a browser keeps: the token. What we keep is its hash, so that a copy of the table signs nobody in. */
const newToken = (): string => randomBytes(32).toString('base64url');
export const sessionIdOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Where sessions are kept, and when the request came: the clock is read once per request. */
export type Desk = { readonly db: Database; readonly at: Instant };

const luciaAt = (desk: Desk) =>
  new Lucia(adapterOn(desk), {
    // Lucia renews what has less than half of this left: with 12 hours to live, after five minutes of use.
    sessionExpiresIn: new TimeSpan(2 * (12 * 60 - 5), 'm'),
    getUserAttributes: (user) => user,
  });

/** Lucia's seven methods. How long a session lives is decided in the database, by its clock. */
const adapterOn = ({ db, at }: Desk): Adapter => ({
  async getSessionAndUser(id) {
    const found = await callerBySession(db, id);
    if (!found) return [null, null];
    const { tenantId, principalId } = found;
    return [asSession(at, { id, ...found }), { id: { tenantId, principalId }, attributes: found }];
  },
  async getUserSessions(owner) {
    const found = await read(db, owner, (em) => sessionsOf(em, owner.tenantId, owner.principalId));
    return found.map(({ id, remainingMs }) => asSession(at, { id, ...owner, remainingMs }));
  },
  async setSession({ id, userId }) {
    await byCredential(db, id, (em) => insertSession(em, { id, ...userId }));
  },
  async updateSessionExpiration(id) {
    await byCredential(db, id, (em) => extendSession(em, id));
  },
  async deleteSession(id) {
    await byCredential(db, id, (em) => endSession(em, id));
  },
  async deleteUserSessions({ tenantId, principalId }) {
    await transact(db, { tenantId }, async (em) => ok(await endSessionsOf(em, tenantId, principalId)));
  },
  async deleteExpiredSessions() {
    for (const tenantId of await tenantIds(db))
      await transact(db, { tenantId, role: 'worker' }, async (em) =>
        ok(await endExpiredSessions(em, tenantId)),
      );
  },
});

type Living = Owner & Pick<PresentedSession, 'remainingMs'> & { readonly id: string };

/** Lucia compares with the clock of this process, so the end is told by that clock. */
const asSession = (at: Instant, { id, tenantId, principalId, remainingMs }: Living): DatabaseSession => ({
  id,
  userId: { tenantId, principalId },
  expiresAt: new Date(Date.parse(at) + remainingMs),
  attributes: {},
});

/** Whoever holds this token, while the session lives. */
export async function sessionCaller(desk: Desk, token: string): Promise<Presented | null> {
  const { user } = await luciaAt(desk).validateSession(sessionIdOf(token));
  return user;
}

/** A new session; the token is for the browser alone. Never an id that somebody else has chosen. */
export async function openSession(desk: Desk, owner: Owner): Promise<string> {
  const token = newToken();
  await luciaAt(desk).createSession(owner, {}, { sessionId: sessionIdOf(token) });
  return token;
}

export const closeSession = (desk: Desk, token: string): Promise<void> =>
  luciaAt(desk).invalidateSession(sessionIdOf(token));

export const closeSessionsOf = (desk: Desk, owner: Owner): Promise<void> =>
  luciaAt(desk).invalidateUserSessions(owner);

/** Removes the sessions that have ended, in every tenant. */
export const sweepSessions = (desk: Desk): Promise<void> => luciaAt(desk).deleteExpiredSessions();
