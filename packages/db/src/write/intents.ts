import type { EntityManager } from '@mikro-orm/postgresql';
import { rows, run } from '../sql.ts';

/** An effect outside: what it is, what it is done to, and what is planned for it. */
export type Intent = {
  readonly id: string;
  readonly kind: string;
  readonly target: string;
  readonly payload: Readonly<Record<string, unknown>>;
};
export type DueIntent = Intent & { readonly state: 'OPEN' | 'RUNNING'; readonly attempts: number };

// Leases are kept by the database's clock alone, which all servers share.
const inSeconds = (parameter: string) => `clock_timestamp() + make_interval(secs => ${parameter})`;

/**
 * Records an effect before it is tried, or what is planned for it now. Nobody else touches it for
 * `leaseSeconds`.
 */
export async function planIntent(
  em: EntityManager,
  tenantId: string,
  { id, kind, target, payload, leaseSeconds }: Intent & { readonly leaseSeconds: number },
): Promise<void> {
  await run(
    em,
    `insert into intents
       (tenant_id, id, kind, target, payload, state, attempts, next_at, created_at, updated_at)
     values ($1, $2, $3, $4, $5::jsonb, 'OPEN', 0, ${inSeconds('$6')}, clock_timestamp(), clock_timestamp())
     on conflict (tenant_id, id) do update set payload = excluded.payload, next_at = excluded.next_at,
       updated_at = excluded.updated_at`,
    [tenantId, id, kind, target, JSON.stringify(payload), leaseSeconds],
  );
}

/** An effect took place, and waits for what it was done for. */
export async function markRunning(
  em: EntityManager,
  tenantId: string,
  { ids, leaseSeconds }: { readonly ids: readonly string[]; readonly leaseSeconds: number },
): Promise<void> {
  await run(
    em,
    `update intents set state = 'RUNNING', next_at = ${inSeconds('$3')}, updated_at = clock_timestamp()
     where tenant_id = $1 and id = any ($2::uuid[]) and state = 'OPEN'`,
    [tenantId, [...ids], leaseSeconds],
  );
}

/** Settles effects that wait, unless a lease is over and somebody may be undoing them: whether all are. */
export async function settleIntents(
  em: EntityManager,
  tenantId: string,
  { ids, kind }: { readonly ids: readonly string[]; readonly kind: string },
): Promise<boolean> {
  const settled = await run<{ id: string }>(
    em,
    `update intents set state = 'DONE', next_at = null, updated_at = clock_timestamp()
     where tenant_id = $1 and id = any ($2::uuid[]) and kind = $3 and state = 'RUNNING'
       and next_at > clock_timestamp()
     returning id`,
    [tenantId, [...ids], kind],
  );
  return settled.length === ids.length;
}

/** Ends an effect: it took place, it is not wanted any more, or (`FAILED`) nobody can know. */
export async function endIntent(
  em: EntityManager,
  tenantId: string,
  { id, state }: { readonly id: string; readonly state: 'DONE' | 'FAILED' },
): Promise<void> {
  await run(
    em,
    `update intents set state = $3, next_at = null, updated_at = clock_timestamp()
     where tenant_id = $1 and id = $2`,
    [tenantId, id, state],
  );
}

/** Turns an effect that took place into its opposite, which is due at once. */
export async function reverseIntents(
  em: EntityManager,
  tenantId: string,
  {
    ids,
    kind,
    opposite,
  }: { readonly ids: readonly string[]; readonly kind: string; readonly opposite: string },
): Promise<void> {
  await run(
    em,
    `update intents set kind = $4, state = 'OPEN', payload = payload || '{"plan":null}', attempts = 0,
       next_at = clock_timestamp(), updated_at = clock_timestamp()
     where tenant_id = $1 and id = any ($2::uuid[]) and kind = $3 and state = 'RUNNING'`,
    [tenantId, [...ids], kind, opposite],
  );
}

/** Lets somebody else have a try at these, after a while. */
export async function postponeIntents(
  em: EntityManager,
  tenantId: string,
  { ids, seconds }: { readonly ids: readonly string[]; readonly seconds: number },
): Promise<void> {
  await run(
    em,
    `update intents set next_at = ${inSeconds('$3')}
     where tenant_id = $1 and id = any ($2::uuid[]) and state in ('OPEN', 'RUNNING')`,
    [tenantId, [...ids], seconds],
  );
}

type Claiming = {
  readonly kinds: readonly string[];
  readonly limit: number;
  readonly leaseSeconds: number;
};

/** Takes what is due, so that no other server does it too before the lease is over. */
export const claimIntents = (
  em: EntityManager,
  tenantId: string,
  { kinds, limit, leaseSeconds }: Claiming,
): Promise<DueIntent[]> =>
  run(
    em,
    `update intents t set attempts = t.attempts + 1, next_at = ${inSeconds('$4')},
       updated_at = clock_timestamp()
     from (
       select id from intents
       where tenant_id = $1 and state in ('OPEN', 'RUNNING') and next_at <= clock_timestamp()
         and kind = any ($2::text[])
       order by next_at limit $3 for update skip locked) due
     where t.tenant_id = $1 and t.id = due.id
     returning t.id, t.kind, t.target, t.payload, t.state, t.attempts`,
    [tenantId, [...kinds], limit, leaseSeconds],
  );

/** The time of the database. */
export async function databaseTime(em: EntityManager): Promise<string> {
  const [found] = await rows<{ now: string }>(em, 'select clock_timestamp()::text as now', []);
  return found?.now ?? '';
}

/**
 * Whether an effect of this kind on this target is still to be done, or was done since then. Whoever asks
 * holds the target until the end of the transaction.
 */
export async function isMeant(
  em: EntityManager,
  tenantId: string,
  { kind, target, since }: { readonly kind: string; readonly target: string; readonly since: string },
): Promise<boolean> {
  await run(em, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${tenantId} ${kind} ${target}`]);
  const found = await run(
    em,
    `select from intents where tenant_id = $1 and kind = $2 and target = $3
       and (state in ('OPEN', 'RUNNING') or updated_at >= $4::timestamptz)`,
    [tenantId, kind, target, since],
  );
  return found.length > 0;
}
