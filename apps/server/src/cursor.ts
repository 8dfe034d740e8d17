import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { err, ok, type Result } from '@orderloom/core';
import type { Refusal } from './errors.ts';

/** The last row of a page: the list goes on right behind it. */
export type Position = { readonly at: string; readonly id: string };

/** A list whose pages belong together: the same tenant, list and filters, in any order of keys. */
export type ListKey = { readonly list: string; readonly filters: Readonly<Record<string, unknown>> };

/** Whose pages they are, and what they are signed with. */
export type Signing = {
  readonly caller: { readonly tenantId: string };
  readonly parts: { readonly config: { readonly secretKey: string } };
};

/**
 * Writes an opaque cursor. It is signed and bound to tenant, list and filters, so that a cursor
 * that was altered or taken from another list is refused instead of quietly starting somewhere else.
 */
export function writeCursor(ctx: Signing, key: ListKey, position: Position): string {
  const body = Buffer.from(JSON.stringify([position.at, position.id])).toString('base64url');
  return `${body}.${signature(ctx, key, body)}`;
}

/** Reads a cursor; `undefined` is the first page, anything foreign or altered is refused. */
export function readCursor(
  ctx: Signing,
  key: ListKey,
  cursor: string | undefined,
): Result<Position | null, Refusal> {
  if (cursor === undefined) return ok(null);
  const [body = '', ...signed] = cursor.split('.');
  const expected = Buffer.from(signature(ctx, key, body));
  const given = Buffer.from(signed.join('.'));
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    return err({ code: 'INVALID_CURSOR' });
  // What carries our signature is what we wrote: two texts.
  const [at = '', id = ''] = JSON.parse(Buffer.from(body, 'base64url').toString()).map(String);
  return ok({ at, id });
}

function signature(ctx: Signing, { list, filters }: ListKey, body: string): string {
  const named = Object.entries(filters).filter(([, value]) => value !== undefined);
  const bound = JSON.stringify([ctx.caller.tenantId, list, named.sort(([a], [b]) => a.localeCompare(b))]);
  const hash = createHash('sha256').update(bound).digest('base64url');
  const mac = createHmac('sha256', ctx.parts.config.secretKey).update(`${hash}.${body}`).digest();
  return mac.subarray(0, 16).toString('base64url');
}
