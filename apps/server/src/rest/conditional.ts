import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { Wire } from './answer.ts';

/**
 * What a reader gets who may have it already: 304 and no body when nothing has changed. An order bears its
 * version; every other answer that is not a stream is known by what it says, with a weak tag, because it is
 * sent compressed to whoever understands that.
 */
export function unlessKnown(req: Request, wire: Wire): Wire {
  const { status, headers, body } = wire;
  if (!['GET', 'HEAD'].includes(req.method) || status !== 200 || typeof body !== 'string') return wire;
  const tag = headers['ETag'] ?? weakTagOf(body);
  const tagged = { ...headers, ETag: tag };
  const known = knows(req.get('if-none-match'), tag);
  return known ? { status: 304, headers: tagged, body: '' } : { ...wire, headers: tagged };
}

const weakTagOf = (body: string): string =>
  `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;

/** Weak comparison, as RFC 9110 wants it here: what was weakened on its way is still the same. */
function knows(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = (one: string) => one.trim().replace(/^W\//, '');
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').map(opaque).includes(opaque(tag));
}

/** A strong tag names the very bytes, so they must not be compressed on their way. */
export const isStrong = (tag: unknown): boolean => typeof tag === 'string' && tag.startsWith('"');
