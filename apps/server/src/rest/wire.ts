import { parseMoney } from '@orderloom/core';
import { Ref } from '@orderloom/core/inputs';
import { z } from 'zod';
import { refuse } from '../errors.ts';

const noNul = (text: string) => !text.includes('\0');

/** What a client calls a thing: a number, a UUID, or its own word. PostgreSQL stores no NUL in a text. */
export const Name = Ref.refine(noNul, 'must not contain a NUL character');

/** A name in a path. */
export const PathName = z.string().min(1).max(120).refine(noNul, 'must not contain a NUL character');

/** A whole number in a query, where everything is a text. */
export const WholeNumber = (min: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(min));

/** An amount in minor units; more fraction digits than the currency has are refused, never rounded. */
export function minorOf(text: string, currency: string, path: string): number {
  const amount = parseMoney(text, currency);
  if (amount.ok) return amount.value;
  throw refuse({ code: 'INVALID_INPUT', issues: [{ path, message: `must be an amount of ${currency}` }] });
}
