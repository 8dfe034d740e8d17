import type { EntityManager } from '@mikro-orm/postgresql';
import type { Instant, Role, Scope } from '@orderloom/core';
import type { Database } from '../database.ts';
import { instant, rows, run } from '../sql.ts';
import { lookUp } from '../transact.ts';

/** Somebody who presented a good credential, in the tenant that the credential belongs to. */
export type Presented = {
  readonly tenantId: string;
  readonly principalId: string;
  readonly role: Role;
  readonly name: string;
  readonly customerId: string | null;
};
export type PresentedToken = Presented & {
  readonly tokenId: string;
  readonly scopes: readonly Scope[];
  /** Nobody has written down a use during the last minute. */
  readonly unmarked: boolean;
};
export type PresentedSession = Presented & {
  readonly sessionId: string;
  /** How long it still lives by the clock of the database, which is the one that counts. */
  readonly remainingMs: number;
};

const presented =
  'tenant_id as "tenantId", principal_id as "principalId", role, name, customer_id as "customerId"';

/** Whose API token has this SHA-256; only while it is good and its owner is welcome. One round trip. */
export const callerByToken = (db: Database, hash: string): Promise<PresentedToken | undefined> =>
  first(
    db,
    `select ${presented}, token_id as "tokenId", scopes,
       coalesce(last_used_at < now() - interval '1 minute', true) as unmarked
     from caller_by_token($1)
     where revoked_at is null and disabled_at is null and coalesce(expires_at > now(), true)`,
    hash,
  );

/** Idle for 12 hours at the most, and 7 days whatever happens (ASVS 7.3). */
const lifetime = { idle: `interval '12 hours'`, whole: `interval '7 days'` };
const endOf = `least(expires_at, created_at + ${lifetime.whole})`;
const remainingMs = `floor(extract(epoch from ${endOf} - now()) * 1000)`;

/** Whose session this is, by its hash; only while it lives and its owner is welcome. One round trip. */
export const callerBySession = (db: Database, id: string): Promise<PresentedSession | undefined> =>
  first(
    db,
    `select ${presented}, session_id as "sessionId", ${remainingMs} as "remainingMs"
     from caller_by_session($1)
     where disabled_at is null and ${endOf} > now()`,
    id,
  );

const first = async <T>(db: Database, text: string, credential: string): Promise<T | undefined> =>
  (await lookUp(db, (em) => rows<T>(em, text, [credential])))[0];

/** Notes that a token was used, once a minute at the most. */
export const markToken = (em: EntityManager, tenantId: string, tokenId: string): Promise<unknown> =>
  run(
    em,
    `update api_tokens set last_used_at = now()
     where tenant_id = $1 and id = $2 and coalesce(last_used_at < now() - interval '1 minute', true)`,
    [tenantId, tokenId],
  );

export type NewSession = { readonly tenantId: string; readonly id: string; readonly principalId: string };

export const insertSession = (
  em: EntityManager,
  { tenantId, id, principalId }: NewSession,
): Promise<unknown> =>
  run(
    em,
    `insert into sessions (tenant_id, id, principal_id, created_at, expires_at)
     values ($1, $2, $3, now(), now() + ${lifetime.idle})`,
    [tenantId, id, principalId],
  );

/** Within `byCredential` of the session itself, as `endSession`: its tenant is not asked for. */
export const extendSession = (em: EntityManager, id: string): Promise<unknown> =>
  run(
    em,
    `update sessions set expires_at = least(now() + ${lifetime.idle}, created_at + ${lifetime.whole})
     where id = $1`,
    [id],
  );

export type SessionLine = {
  readonly id: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly remainingMs: number;
};

/** The living sessions of a principal, newest first. */
export const sessionsOf = (
  em: EntityManager,
  tenantId: string,
  principalId: string,
): Promise<SessionLine[]> =>
  rows<SessionLine>(
    em,
    `select id, ${instant('created_at')} as "createdAt", ${instant(endOf)} as "expiresAt",
       ${remainingMs} as "remainingMs"
     from sessions where tenant_id = $1 and principal_id = $2 and ${endOf} > now()
     order by created_at desc, id`,
    [tenantId, principalId],
  );

export const endSession = (em: EntityManager, id: string): Promise<unknown> =>
  run(em, 'delete from sessions where id = $1', [id]);

export type OwnSession = { readonly principalId: string; readonly id: string };

/** Ends one session of a principal; whether it was there. */
export async function endSessionOf(
  em: EntityManager,
  tenantId: string,
  { principalId, id }: OwnSession,
): Promise<boolean> {
  const ended = await run(
    em,
    'delete from sessions where tenant_id = $1 and principal_id = $2 and id = $3 returning id',
    [tenantId, principalId, id],
  );
  return ended.length === 1;
}

export const endSessionsOf = (em: EntityManager, tenantId: string, principalId: string): Promise<unknown> =>
  run(em, 'delete from sessions where tenant_id = $1 and principal_id = $2', [tenantId, principalId]);

export const endExpiredSessions = (em: EntityManager, tenantId: string): Promise<unknown> =>
  run(em, `delete from sessions where tenant_id = $1 and ${endOf} <= now()`, [tenantId]);

export type Account = {
  readonly tenantId: string;
  readonly principalId: string;
  readonly passwordHash: string | null;
  readonly welcome: boolean;
};

/** The account of an e-mail, within `byCredential` of that e-mail: the tenant is known only afterwards. */
export async function accountByEmail(em: EntityManager, email: string): Promise<Account | undefined> {
  const [found] = await rows<Account>(
    em,
    `select tenant_id as "tenantId", id as "principalId", password_hash as "passwordHash",
       disabled_at is null as welcome
     from principals where email = $1 and kind = 'user'`,
    [email],
  );
  return found;
}

/** How often an account or an address may try to sign in within 15 minutes. */
export type AttemptLimit = { readonly subject: string; readonly triesMax: number };
export type Attempt = { readonly admitted: boolean; readonly waitSeconds: number };

const period = `interval '15 minutes'`;
const isOver = `a.window_started_at <= now() - ${period}`;

/**
 * Counts a try before its outcome is known, so that tries at the same time cannot slip past the limit
 * together.
 */
export async function countAttempt(em: EntityManager, { subject, triesMax }: AttemptLimit): Promise<Attempt> {
  const [attempt] = await run<Attempt>(
    em,
    `insert into sign_in_attempts as a (subject, failures, window_started_at) values ($1, 1, now())
     on conflict (subject) do update set
       failures = case when ${isOver} then 1 else least(a.failures + 1, $2::int + 1) end,
       window_started_at = case when ${isOver} then now() else a.window_started_at end
     returning failures <= $2::int as admitted,
       greatest(ceil(extract(epoch from window_started_at + ${period} - now())), 1)::int as "waitSeconds"`,
    [subject, triesMax],
  );
  return attempt ?? { admitted: false, waitSeconds: 1 };
}

/** Takes back one try: it succeeded. */
export const forgiveAttempt = (em: EntityManager, subject: string): Promise<unknown> =>
  run(em, 'update sign_in_attempts set failures = greatest(failures - 1, 0) where subject = $1', [subject]);

export const forgetAttempts = (em: EntityManager, subject: string): Promise<unknown> =>
  run(em, 'delete from sign_in_attempts where subject = $1', [subject]);

export const forgetOldAttempts = (em: EntityManager): Promise<unknown> =>
  run(em, `delete from sign_in_attempts where window_started_at <= now() - ${period}`, []);
