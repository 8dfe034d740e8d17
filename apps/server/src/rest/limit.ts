import type { Request, Response } from 'express';
import type { Caller, Parts } from '../context.ts';
import { refuse } from '../errors.ts';
import { windowSeconds } from '../limits.ts';
import { requestOf } from '../request.ts';
import type { Row } from './row.ts';

/** Something that is limited: its name is told, its key is not. */
type Policy = { readonly name: string; readonly key: string; readonly limit: number };
type Spent = Policy & { readonly left: number; readonly seconds: number };

type Calling = { readonly req: Request; readonly res: Response; readonly caller: Caller | null };

/**
 * Counts a call for whoever makes it and for the tenant, says in the headers what is left, and refuses what
 * is too much. A call without a good credential counts for the address it comes from.
 */
export async function admit(parts: Parts, row: Row, { req, res, caller }: Calling): Promise<void> {
  const { at, address } = requestOf(req);
  const spent = await Promise.all(
    policiesOf(parts, row, { caller, address }).map(async (policy): Promise<Spent & { over: boolean }> => {
      const { calls, msLeft } = await parts.limits.count(policy.key);
      const left = Math.max(policy.limit - calls, 0);
      return { ...policy, left, seconds: Math.ceil(msLeft / 1_000), over: calls > policy.limit };
    }),
  );
  res.set(headersOf(spent, Date.parse(at)));
  const waits = spent.filter(({ over }) => over).map(({ seconds }) => Math.max(seconds, 1));
  if (waits.length > 0) throw refuse({ code: 'RATE_LIMITED', retryAfterSeconds: Math.max(...waits) });
}

type Known = { readonly caller: Caller | null; readonly address: string };

function policiesOf({ config }: Parts, { method }: Row, { caller, address }: Known): Policy[] {
  const name = method === 'get' ? 'read' : 'write';
  const who = caller?.tokenId ?? networkOf(address);
  const own = { name, key: `${name} ${who}`, limit: config.rateLimits[name] };
  if (!caller) return [own];
  return [own, { name: 'tenant', key: `tenant ${caller.tenantId}`, limit: config.rateLimits.tenant }];
}

/** Whoever has one address of version 6 has the 2^64 beside it, so these count together. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!plain.includes(':')) return plain;
  const [head = [], tail = []] = plain.split('::').map((half) => half.split(':').filter(Boolean));
  const between = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return `${[...head, ...between, ...tail].slice(0, 4).join(':')}::/64`;
}

/** The fields of the IETF draft, and those that were there before it, of the policy with the least left. */
function headersOf(spent: readonly Spent[], nowMs: number): Record<string, string> {
  const [tightest = { limit: 0, left: 0, seconds: 0 }] = spent.toSorted((a, b) => a.left - b.left);
  const listed = (text: (one: Spent) => string) =>
    spent.map((one) => `"${one.name}";${text(one)}`).join(', ');
  return {
    'RateLimit-Policy': listed(({ limit }) => `q=${limit};w=${windowSeconds}`),
    RateLimit: listed(({ left, seconds }) => `r=${left};t=${seconds}`),
    'X-RateLimit-Limit': String(tightest.limit),
    'X-RateLimit-Remaining': String(tightest.left),
    'X-RateLimit-Reset': String(Math.ceil(nowMs / 1_000) + tightest.seconds),
  };
}
