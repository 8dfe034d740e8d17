import { exponentOf, parseMoney } from '@orderloom/core';
import { useId, useState } from 'react';
import type { z } from 'zod';
import { failureOf } from './trpc.ts';
import { failureText } from './refusal.ts';

type Fault = { readonly path: string; readonly message: string };
type Mutation<Input> = {
  readonly mutate: (input: Input) => void;
  readonly reset: () => void;
  readonly error: unknown;
  readonly isPending: boolean;
};

/** A form that is being filled in and sent. */
export type Form<Input> = {
  readonly id: string;
  readonly send: (input: Input) => void;
  readonly busy: boolean;
  readonly faults: readonly Fault[];
  /** What was refused for a reason that is no field's. */
  readonly refusal: string | null;
  /** What the field at `path` needs: its id for the summary's links, and its error. */
  readonly field: (path: string) => { readonly id: string; readonly error: string | undefined };
};

type Grammar<Input> = { readonly schema: z.ZodType<unknown, Input>; readonly currency?: string };

/** Checks a command by its own grammar before it is sent; what the server refuses stands beside the field. */
export function useForm<Input>({ schema, currency }: Grammar<Input>, mutation: Mutation<Input>): Form<Input> {
  const id = useId();
  const [found, setFound] = useState<readonly Fault[]>([]);
  const failure = mutation.error === null ? null : failureOf(mutation.error);
  const issues = failure?.refusal?.code === 'INVALID_INPUT' ? failure.refusal.issues : null;
  const faults = issues ?? found;
  const send = (input: Input) => {
    if (mutation.isPending) return;
    const checked = schema.safeParse(input);
    setFound(checked.success ? [] : checked.error.issues.map(faultOf));
    if (checked.success) mutation.mutate(input);
    else mutation.reset();
  };
  return {
    id,
    send,
    faults,
    busy: mutation.isPending,
    refusal: failure && !issues ? failureText(failure, currency) : null,
    field: (path) => ({
      id: `${id}${path}`,
      error: faults.find((fault) => fault.path === path)?.message,
    }),
  };
}

const faultOf = (issue: z.core.$ZodIssue): Fault => ({
  path: issue.path.join('.'),
  message: faultText(issue),
});

/** What to do about a field, in words that do not need to know how it is checked. */
function faultText(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      if (issue.origin === 'array') return 'Add at least one.';
      return issue.origin === 'string' ? 'Fill this in.' : `Enter ${issue.minimum} or more.`;
    case 'too_big':
      return issue.origin === 'string'
        ? `Use at most ${issue.maximum} characters.`
        : `Enter ${issue.maximum} or less.`;
    case 'invalid_type':
      return issue.expected === 'string' ? 'Fill this in.' : 'Enter a number, such as 25.';
    case 'invalid_format':
      return issue.format === 'email'
        ? 'Enter an email address, such as name@example.com.'
        : `Use ${issue.message}.`;
    default:
      return `This ${issue.message}.`;
  }
}

/** Reads an amount as people write it (`1,234.50`, `1.234,50`, `25`); `NaN` when it is none. */
export function amountOf(text: string, currency: string): number {
  const tight = text.replaceAll(/[\s\u00a0\u202f'’]/g, '');
  const [, whole = '', point = '', fraction = ''] = /^(-?[\d.,]*?)(?:([.,])(\d+))?$/.exec(tight) ?? [];
  // `1,234`: three digits after the last mark are thousands, unless the currency has three decimals or more.
  const groups = fraction.length === 3 && exponentOf(currency) < 3 && !/^-?0$/.test(whole);
  const units = (groups ? whole + point + fraction : whole).replaceAll(/[.,](?=\d{3}(?:[.,]|$))/g, '');
  if (!groups && point !== '' && whole.includes(point)) return Number.NaN;
  const parsed = parseMoney(groups || point === '' ? units : `${units}.${fraction}`, currency);
  return parsed.ok ? parsed.value : Number.NaN;
}

/** An optional text as the grammar wants it: absent, not empty. */
export const given = (text: string): string | undefined => text.trim() || undefined;
