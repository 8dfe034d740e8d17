import { err, ok, type Result } from '@orderloom/core';
import type { Request } from 'express';
import type { Refusal } from '../errors.ts';

/** The token that a call presents, or `null` when it presents none. */
export function presentedBy(req: Request): Result<string | null, Refusal> {
  const authorization = req.get('authorization');
  const key = req.get('x-api-key');
  if (authorization !== undefined && key !== undefined)
    return err({
      code: 'INVALID_INPUT',
      issues: [{ path: 'Authorization', message: 'Send Authorization or X-Api-Key, not both.' }],
    });
  if (key !== undefined) return key.trim() === '' ? err({ code: 'INVALID_TOKEN' }) : ok(key.trim());
  if (authorization === undefined) return ok(null);
  const token = /^(?:bearer|token)\s+(\S+)\s*$/i.exec(authorization)?.[1];
  return token === undefined ? err({ code: 'INVALID_TOKEN' }) : ok(token);
}

/** The version in `If-Match`: `1`, `"1"` and `W/"1"` mean the same, `*` means any. */
export function versionIn(ifMatch: string | undefined): Result<number | undefined, Refusal> {
  if (ifMatch === undefined || ifMatch.trim() === '*') return ok(undefined);
  const [, bare, quoted] = /^\s*(?:(\d{1,9})|(?:W\/)?"(\d{1,9})")\s*$/.exec(ifMatch) ?? [];
  const version = Number(bare ?? quoted ?? 0);
  return version >= 1 ? ok(version) : err({ code: 'INVALID_IF_MATCH' });
}

/** Refuses a call that accepts nothing but a version that does not exist (S2-112). */
export function acceptable(accept: string | undefined): Result<null, Refusal> {
  const ranges = (accept ?? '*/*').split(',').map((range) => range.toLowerCase().replaceAll(/[\s"]/g, ''));
  const versioned = ranges.filter((range) => /;version=/.test(range));
  const known = versioned.some((range) => /;version=1(?:\.\d+)?(?:;|$)/.test(range));
  const anyway = ranges.some((range) =>
    /^(?:\*\/\*|application\/(?:\*|json|problem\+json))(?:;q=|$)/.test(range),
  );
  return versioned.length === 0 || known || anyway ? ok(null) : err({ code: 'NOT_ACCEPTABLE' });
}

/** What HTTP itself wants to be said with a refusal, in every family. */
export function headersOf(refusal: Refusal): Record<string, string> {
  const realm = 'Bearer realm="orderloom"';
  switch (refusal.code) {
    case 'UNAUTHENTICATED':
      return { 'WWW-Authenticate': realm };
    case 'INVALID_TOKEN':
      return { 'WWW-Authenticate': `${realm}, error="invalid_token"` };
    case 'FORBIDDEN':
      return refusal.scope === null
        ? {}
        : { 'WWW-Authenticate': `${realm}, error="insufficient_scope", scope="${refusal.scope}"` };
    case 'METHOD_NOT_ALLOWED':
      return { Allow: refusal.allowed.join(', ') };
    case 'IDEMPOTENCY_IN_PROGRESS':
    case 'RATE_LIMITED':
    case 'BUSY':
    case 'SERVICE_UNREACHABLE':
      return { 'Retry-After': String(refusal.retryAfterSeconds) };
    default:
      return {};
  }
}
