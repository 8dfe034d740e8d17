import type { EntityManager } from '@mikro-orm/postgresql';
import { isOff } from '../defence.ts';
import { rows, run } from '../sql.ts';

/** A request that must have one effect: who sent it where, with which key, and what it said. */
export type Claim = {
  readonly principalId: string;
  readonly route: string;
  readonly key: string;
  readonly requestHash: string;
};

/** An answer as it went over the wire. */
export type StoredAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** What became of a key before: its answer, or `null` while somebody is still at work on it. */
export type Earlier = { readonly requestHash: string; readonly answer: StoredAnswer | null };

/** A key that was claimed, or is somebody else's; `begun`: what its request committed and did not answer. */
export type Claimed = { readonly earlier: Earlier | null; readonly begun: string | null };

const scopeOf = ({ principalId, route, key }: Omit<Claim, 'requestHash'>): string =>
  JSON.stringify([principalId, route, key]);
const columnsOf = (claims: readonly Claim[]): string[][] => [
  claims.map(({ principalId }) => principalId),
  claims.map(({ route }) => route),
  claims.map(({ key }) => key),
];
const asked = `unnest($2::uuid[], $3::text[], $4::text[]) as u (principal_id, route, key)`;
const same = `r.tenant_id = $1 and r.principal_id = u.principal_id and r.route = u.route and r.key = u.key`;

// In the order of the key, so that two batches never wait for each other. A key whose hour is over, or whose
// worker has vanished, is as good as new; but what its request has begun stays its own, and stands where the
// answer will. Time is the database's alone.
const claiming = `
  insert into idempotency_records as r
    (tenant_id, principal_id, route, key, request_hash, state, lease_until, created_at, expires_at)
  select $1, u.principal_id, u.route, u.key, u.request_hash, 'RUNNING',
    clock_timestamp() + interval '30 seconds', clock_timestamp(), clock_timestamp() + interval '1 hour'
  from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) as u (principal_id, route, key, request_hash)
  order by 2, 3, 4
  on conflict (tenant_id, principal_id, route, key) do update set request_hash = excluded.request_hash,
    state = 'RUNNING', lease_until = excluded.lease_until, status = null, headers = null,
    body = case when r.state = 'RUNNING' and r.expires_at > clock_timestamp() then r.body end,
    created_at = excluded.created_at, expires_at = excluded.expires_at
  where r.expires_at <= clock_timestamp() or (r.state = 'RUNNING' and r.lease_until <= clock_timestamp()
    and (r.body is null or r.request_hash = excluded.request_hash))
  returning principal_id as "principalId", route, key, new.body as begun`;

/**
 * Claims keys until the end of the transaction; waits for whoever holds one of them. `null` where the key is
 * now the caller's, otherwise what became of it before. No key is named twice.
 */
export async function claimKeys(
  em: EntityManager,
  tenantId: string,
  claims: readonly Claim[],
): Promise<(Earlier | null)[]> {
  return (await claimAll(em, tenantId, claims)).map(({ earlier }) => earlier);
}

/** The same for one key, whose request may have begun what it has not answered. */
export async function claimKey(em: EntityManager, tenantId: string, claim: Claim): Promise<Claimed> {
  const [claimed] = await claimAll(em, tenantId, [claim]);
  return claimed ?? { earlier: null, begun: null };
}

async function claimAll(em: EntityManager, tenantId: string, claims: readonly Claim[]): Promise<Claimed[]> {
  if (claims.length === 0) return [];
  const won = new Map<string, string | null>();
  if (!isOff(em, 'idempotency')) {
    const hashes = claims.map(({ requestHash }) => requestHash);
    const values = [tenantId, ...columnsOf(claims), hashes];
    const claimed = await run<Claim & { readonly begun: string | null }>(em, claiming, values);
    for (const { begun, ...claim } of claimed) won.set(scopeOf(claim), begun);
  }
  const lost = claims.filter((claim) => !won.has(scopeOf(claim)));
  const earlier = await earlierAnswers(em, tenantId, lost);
  return claims.map(scopeOf).map((scope) => ({
    earlier: earlier.get(scope) ?? null,
    begun: won.get(scope) ?? null,
  }));
}

type Found = Claim & { readonly answer: StoredAnswer | null };

async function earlierAnswers(
  em: EntityManager,
  tenantId: string,
  claims: readonly Claim[],
): Promise<Map<string, Earlier>> {
  if (claims.length === 0) return new Map();
  const found = await rows<Found>(
    em,
    `select r.principal_id as "principalId", r.route, r.key, r.request_hash as "requestHash",
       case when r.state = 'DONE'
         then json_build_object('status', r.status, 'headers', r.headers, 'body', r.body) end as answer
     from idempotency_records r join ${asked} on ${same}
     where r.expires_at > clock_timestamp()
       and (r.state = 'DONE' or r.lease_until > clock_timestamp() or r.body is not null)`,
    [tenantId, ...columnsOf(claims)],
  );
  return new Map(found.map((one) => [scopeOf(one), { requestHash: one.requestHash, answer: one.answer }]));
}

/** What became of one key before, without claiming it. */
export async function earlierAnswer(
  em: EntityManager,
  tenantId: string,
  claim: Claim,
): Promise<Earlier | null> {
  return (await earlierAnswers(em, tenantId, [claim])).get(scopeOf(claim)) ?? null;
}

export type Kept = { readonly claim: Claim; readonly answer: StoredAnswer };

/** Stores the answers of claimed keys, in the transaction that earned them. */
export async function keepAnswers(em: EntityManager, tenantId: string, kept: readonly Kept[]): Promise<void> {
  if (kept.length === 0) return;
  const claims = kept.map(({ claim }) => claim);
  await run(
    em,
    `insert into idempotency_records (tenant_id, principal_id, route, key, request_hash, state, status,
       headers, body, created_at, expires_at)
     select $1, u.*, clock_timestamp(), clock_timestamp() + interval '1 hour'
     from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::jsonb[],
       $9::text[]) u
     on conflict (tenant_id, principal_id, route, key) do update
       set state = 'DONE', status = excluded.status, headers = excluded.headers, body = excluded.body`,
    [
      tenantId,
      ...columnsOf(claims),
      claims.map(({ requestHash }) => requestHash),
      claims.map(() => 'DONE'),
      kept.map(({ answer }) => answer.status),
      kept.map(({ answer }) => JSON.stringify(answer.headers)),
      kept.map(({ answer }) => answer.body),
    ],
  );
}

/** Notes with a claimed key what its request commits now, and will answer in a later transaction. */
export async function keepBegun(
  em: EntityManager,
  tenantId: string,
  { claim, begun }: { readonly claim: Claim; readonly begun: string },
): Promise<void> {
  await run(
    em,
    `update idempotency_records r set body = $5 from ${asked} where ${same} and r.state = 'RUNNING'`,
    [tenantId, ...columnsOf([claim]), begun],
  );
}

/** Lets go of claimed keys whose requests were refused: a later try decides anew. */
export async function releaseKeys(
  em: EntityManager,
  tenantId: string,
  claims: readonly Claim[],
): Promise<void> {
  if (claims.length === 0) return;
  await run(em, `delete from idempotency_records r using ${asked} where ${same} and r.state = 'RUNNING'`, [
    tenantId,
    ...columnsOf(claims),
  ]);
}

/** Removes keys whose hour is over; how many there were. */
export async function forgetKeys(em: EntityManager, tenantId: string): Promise<number> {
  const gone = await run<{ key: string }>(
    em,
    `delete from idempotency_records where tenant_id = $1 and expires_at <= clock_timestamp() returning key`,
    [tenantId],
  );
  return gone.length;
}
