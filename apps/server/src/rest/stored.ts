import { isDeepStrictEqual } from 'node:util';
import { err, fieldSentences, ok, type Result } from '@orderloom/core';
import { z } from 'zod';
import type { Refusal } from '../errors.ts';
import type { Row } from './row.ts';

type Parts = { readonly written: unknown; readonly stated: object };

/** What a body writes, and what it only says again, where the row knows how to look that up. */
export function apart({ stored, readOnly = [], body }: Row, said: unknown): Parts {
  if (!stored || typeof said !== 'object' || said === null || Array.isArray(said))
    return { written: said, stated: {} };
  const writable = body instanceof z.ZodObject ? Object.keys(body.shape) : [];
  const again = (name: string) => readOnly.includes(name) && !writable.includes(name);
  const fields = Object.entries(said);
  return {
    written: Object.fromEntries(fields.filter(([name]) => !again(name))),
    stated: Object.fromEntries(fields.filter(([name]) => again(name))),
  };
}

/** Whether fields say what is stored. */
export function sameAs(stored: object, stated: object): Result<null, Refusal> {
  const now: object = JSON.parse(JSON.stringify(stored));
  const other = Object.entries(stated).filter(
    ([name, value]) => !isDeepStrictEqual(value, Reflect.get(now, name)),
  );
  const issues = other.map(([path]) => ({ path, message: fieldSentences.readOnly }));
  return issues.length > 0 ? err({ code: 'INVALID_INPUT', issues }) : ok(null);
}
