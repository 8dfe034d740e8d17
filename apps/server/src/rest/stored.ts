import { isDeepStrictEqual } from 'node:util';
import { err, fieldSentences, ok, type Result } from '@orderloom/core';
import { z } from 'zod';
import type { Refusal } from '../errors.ts';
import type { Row } from './row.ts';

type Parts = { readonly written: unknown; readonly stated: object };
type Fields = Readonly<Record<string, unknown>>;

/** What a body writes, and what it only says again, where the row knows how to look that up. */
export function apart({ stored, readOnly = [], body }: Row, said: unknown): Parts {
  return stored && isFields(said) ? taken(said, shapeOf(body), readOnly) : { written: said, stated: {} };
}

/** Takes one object apart, and those of its lists; of a list's things the id says which is meant. */
function taken(said: Fields, shape: Fields, readOnly: readonly string[]): Parts {
  const written: Record<string, unknown> = {};
  const stated: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(said)) {
    if (readOnly.includes(name) && !Object.hasOwn(shape, name)) stated[name] = value;
    else if (Array.isArray(value) && Object.hasOwn(thingsOf(shape[name]), 'id')) {
      const things = value.map((one: unknown) =>
        isFields(one) ? taken(one, thingsOf(shape[name]), readOnly) : { written: one, stated: {} },
      );
      written[name] = things.map((one) => one.written);
      if (things.some((one) => Object.keys(one.stated).length > 0))
        stated[name] = things.map((one, at) => ({ ...one.stated, id: idOf(value[at]) }));
    } else written[name] = value;
  }
  return { written, stated };
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const idOf = (value: unknown): unknown => (isFields(value) ? value['id'] : undefined);
const shapeOf = (schema: unknown): Fields => (schema instanceof z.ZodObject ? schema.shape : {});

/** The fields of the things of a list. */
function thingsOf(schema: unknown): Fields {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return thingsOf(schema.unwrap());
  return schema instanceof z.ZodArray ? shapeOf(schema.element) : {};
}

/** Whether fields say what is stored. */
export function sameAs(stored: object, stated: object): Result<null, Refusal> {
  const other = differing(JSON.parse(JSON.stringify(stored)), stated, '');
  const issues = other.map((path) => ({ path, message: fieldSentences.readOnly }));
  return issues.length > 0 ? err({ code: 'INVALID_INPUT', issues }) : ok(null);
}

/** The paths of what is stated and is not so. */
const differing = (now: unknown, stated: object, under: string): string[] =>
  Object.entries(stated).flatMap(([name, value]: [string, unknown]) => {
    const known = isFields(now) ? now[name] : undefined;
    if (!Array.isArray(value) || !Array.isArray(known))
      return isDeepStrictEqual(value, known) ? [] : [`${under}${name}`];
    return value.flatMap((one: unknown, at) => {
      const { id, ...rest } = isFields(one) ? one : {};
      return differing(
        known.find((thing) => idOf(thing) === id),
        rest,
        `${under}${name}.${at}.`,
      );
    });
  });
