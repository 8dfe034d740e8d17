import { parseMoney } from '@orderloom/core';
import { Ref } from '@orderloom/core/inputs';
import { z } from 'zod';
import { refuse } from '../errors.ts';

const noNul = (text: string) => !text.includes('\0');

/** What a client calls a thing: a number, a UUID, or its own word. PostgreSQL stores no NUL in a text. */
export const Name = Ref.refine(noNul, 'must not contain a NUL character');

/** The body of a call that needs none. */
export const NoFields = z.strictObject({}).meta({ id: 'NoFields', description: 'Nothing is needed.' });

/** A name in a path. */
export const PathName = z.string().min(1).max(120).refine(noNul, 'must not contain a NUL character');

const digitsMax = 999_999_999;

/** A whole number in a query, where everything is a text. */
export function WholeNumber(min: number, max = digitsMax) {
  const range = max === digitsMax ? `of at least ${min}` : `from ${min} to ${max}`;
  const said = `must be one whole number ${range}`;
  const number = z.int().min(min, said);
  return z
    .string(said)
    .regex(/^\d{1,9}$/, said)
    .transform(Number)
    .pipe(max === digitsMax ? number : number.max(max, said));
}

/** An amount in a request, as a text. */
export const DecimalText = z
  .string()
  .regex(/^\d{1,15}(?:\.\d{1,4})?$/, 'must be a decimal text such as "29.99"')
  .meta({ examples: ['29.99'] });

/** What answers are made of: ids, money and times. */
export const Uuid = z.string().meta({ format: 'uuid' });
export const Money = z.string().meta({ description: 'A decimal text in `currency`.', examples: ['29.99'] });
export const Time = z.string().meta({ format: 'date-time', examples: ['2026-01-15T10:00:00.000Z'] });

/** An amount in minor units; more fraction digits than the currency has are refused, never rounded. */
export function minorOf(text: string, currency: string, path: string): number {
  const amount = parseMoney(text, currency);
  if (amount.ok) return amount.value;
  throw refuse({ code: 'INVALID_INPUT', issues: [{ path, message: `must be an amount of ${currency}` }] });
}
