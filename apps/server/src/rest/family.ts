import type { z } from 'zod';
import type { Refusal } from '../errors.ts';
import { type Row, sampleOf } from './row.ts';

/** What a family may say about the call that it refuses. */
export type Told = {
  readonly requestId: string;
  readonly path: string;
  readonly publicUrl: string;
  /** The operation that was asked for; `null` where there is none. */
  readonly operation: string | null;
};

/** One published API: rows of data, and one voice for "no". */
export type Family = {
  /** Also the origin of the orders that come in by it. */
  readonly name: 'balance' | 'service' | 'api';
  /** What the rows are about, as the documentation groups them. */
  readonly tags: Readonly<Record<string, string>>;
  /** Everything under them that has no row is answered in the family's voice. */
  readonly prefixes: readonly string[];
  readonly rows: readonly Row[];
  /** Every path under which a row is served: its own first, then its aliases. */
  readonly pathsOf: (row: Row) => string[];
  readonly refuse: (refusal: Refusal, told: Told) => { readonly status: number; readonly body: unknown };
  /** Refusals that never come here as the catalogue's examples tell them, as they come. */
  readonly samples?: readonly Refusal[];
  readonly refusalSchema: z.ZodType;
  readonly refusalType: 'application/json' | 'application/problem+json';
  /** The body is read as JSON whatever its Content-Type says: the printed calls name none. */
  readonly anyContentType: boolean;
  /** The `Accept` header may ask for a version (S2-112). */
  readonly versions: boolean;
  /** A tenant may want every change of an order to name its version. */
  readonly strict: boolean;
};

const repeats = ['INVALID_IDEMPOTENCY_KEY', 'IDEMPOTENCY_KEY_REUSED', 'IDEMPOTENCY_IN_PROGRESS'] as const;

const always = [
  'INVALID_INPUT',
  'UNKNOWN_PARAMETER',
  'UNAUTHENTICATED',
  'INVALID_TOKEN',
  'TENANT_MISMATCH',
  'FORBIDDEN',
  'RATE_LIMITED',
  'BUSY',
  'INTERNAL',
] as const;

/** Everything that a row may refuse: its own cases, and those that follow from how it is called. */
export function refusalsOf(family: Family, row: Row): Refusal['code'][] {
  const withBody = row.body === null ? [] : (['MALFORMED_JSON', 'PAYLOAD_TOO_LARGE'] as const);
  const codes: Refusal['code'][] = [
    ...row.refusals,
    ...always,
    ...withBody,
    ...(row.body === null || family.anyContentType ? [] : (['UNSUPPORTED_MEDIA_TYPE'] as const)),
    ...(row.trusted ? (['CROSS_SITE', 'MISSING_TENANT'] as const) : []),
    ...(row.versioned ? (['INVALID_IF_MATCH', 'VERSION_CONFLICT'] as const) : []),
    ...(row.versioned === 'required' || (row.versioned && family.strict)
      ? (['MISSING_IF_MATCH'] as const)
      : []),
    ...(row.method === 'get' ? [] : repeats),
    ...(family.versions ? (['NOT_ACCEPTABLE'] as const) : []),
  ];
  return [...new Set(codes)];
}

/** A refusal as it may come in a family. */
export const sampleIn = ({ samples = [] }: Pick<Family, 'samples'>, code: Refusal['code']): Refusal =>
  samples.find((one) => one.code === code) ?? sampleOf(code);

/**
 * The operations of a family: rows of one method and path belong together, and the one without `when`
 * comes first, because it documents them all; the others are asked in their order.
 */
export function operationsOf({ rows }: Pick<Family, 'rows'>): [Row, ...Row[]][] {
  const byPath = Map.groupBy(rows, ({ method, path }) => `${method} ${path}`);
  return [...byPath.values()].map((all) => {
    const main = all.find(({ when }) => when === undefined);
    if (!main) throw new RangeError(`${all[0]?.path} serves nothing when nothing special is asked`);
    return [main, ...all.filter((row) => row !== main)];
  });
}

/** Sorts paths so that whatever a placeholder may stand for comes last. */
export function placeholdersLast(a: string, b: string): number {
  const rank = (path: string) => path.replaceAll(/:\w+/g, '~');
  return rank(a) < rank(b) ? -1 : 1;
}
