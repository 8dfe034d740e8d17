import type { EntityManager } from '@mikro-orm/postgresql';
import type { Instant } from '@orderloom/core';
import { run } from '../sql.ts';

type Seen = {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly at: Instant;
};

/** Opens an incident, or counts one more failure of the open one; whether it was opened now. */
export async function noteFailure(
  em: EntityManager,
  tenantId: string,
  { id, kind, subject, at }: Seen,
): Promise<boolean> {
  const [found] = await run<{ id: string }>(
    em,
    `insert into incidents as i (tenant_id, id, kind, subject, failures, opened_at, last_seen_at)
     values ($1, $2, $3, $4, 1, $5, $5)
     on conflict (tenant_id, kind) where closed_at is null
     do update set failures = i.failures + 1, last_seen_at = greatest(i.last_seen_at, excluded.last_seen_at)
     returning id`,
    [tenantId, id, kind, subject, at],
  );
  return found?.id === id;
}

export type EndedIncident = { readonly subject: string; readonly failures: number };

/** Ends the open incident of a kind if it has not been seen since `quietSince`; what it was, or nothing. */
export async function endIncident(
  em: EntityManager,
  tenantId: string,
  { kind, quietSince, at }: { readonly kind: string; readonly quietSince: Instant; readonly at: Instant },
): Promise<EndedIncident | undefined> {
  const [ended] = await run<EndedIncident>(
    em,
    `update incidents set closed_at = greatest($4::timestamptz, last_seen_at)
     where tenant_id = $1 and kind = $2 and closed_at is null and last_seen_at < $3
     returning subject, failures`,
    [tenantId, kind, quietSince, at],
  );
  return ended;
}
