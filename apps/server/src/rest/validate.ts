import { err, fieldSentences, ok, type Result } from '@orderloom/core';
import { z } from 'zod';
import type { Issue, Refusal } from '../errors.ts';

type Issues = z.core.$ZodIssue[];

/** Checks a value that came over the wire; what is wrong is said field by field. */
export function validate<T>(
  schema: z.ZodType<T>,
  value: unknown,
  readOnly: readonly string[] = [],
): Result<T, Refusal> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return ok(parsed.data);
  return err({ code: 'INVALID_INPUT', issues: issuesOf(parsed.error.issues, readOnly) });
}

const issuesOf = (issues: Issues, readOnly: readonly string[]): Issue[] =>
  issues.flatMap((issue): Issue[] => {
    const path = issue.path.join('.');
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        path: [...issue.path, key].join('.'),
        message: readOnly.includes(key) ? fieldSentences.readOnly : fieldSentences.unknown,
      }));
    // A value that is left out is told apart from one that is wrong.
    if (issue.input === undefined && path !== '') return [{ path, message: fieldSentences.required }];
    return [{ path, message: issue.message }];
  });

/** Query parameters as the schema wants them: a list where it says so, otherwise one value. */
export function validateQuery(schema: z.ZodObject, search: URLSearchParams): Result<unknown, Refusal> {
  const names = [...new Set(search.keys())];
  const unknown = names.find((name) => !Object.hasOwn(schema.shape, name));
  if (unknown !== undefined) return err({ code: 'UNKNOWN_PARAMETER', name: unknown });
  const values = names.map((name): [string, unknown] => {
    const all = search.getAll(name);
    return [name, isList(schema.shape[name]) || all.length > 1 ? all : all[0]];
  });
  return validate(schema, Object.fromEntries(values));
}

/** Whether a parameter may be given several times. */
export function isList(schema: unknown): boolean {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return isList(schema.unwrap());
  return schema instanceof z.ZodArray;
}
