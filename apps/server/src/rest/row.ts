import type { OrderAction } from '@orderloom/core/inputs';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { z } from 'zod';
import type { Refusal } from '../errors.ts';
import type { Deprecated } from './deprecation.ts';
import { refusals } from '../refusals.ts';
import type { AppRouter } from '../router.ts';

type Inputs = inferRouterInputs<AppRouter>;
type Outputs = inferRouterOutputs<AppRouter>;
type At<T, Name> = Name extends `${infer Feature}.${infer Procedure}`
  ? Feature extends keyof T
    ? Procedure extends keyof T[Feature]
      ? T[Feature][Procedure]
      : never
    : never
  : never;

/** A procedure of the router, such as `orders.place`. */
export type ProcedureName = {
  [Feature in keyof Inputs]: `${Feature}.${Extract<keyof Inputs[Feature], string>}`;
}[keyof Inputs];

/** What a row may look at: everything that came with the request, validated by the row's own schemas. */
export type Asked<Params = unknown, Query = unknown, Body = unknown> = {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The version in `If-Match`, where one was sent. */
  readonly version: number | undefined;
  /** The key in `Idempotency-Key`, where one was sent. */
  readonly key: string | undefined;
  /** The tenant's currency, for rows that are `priced`. */
  readonly currency: string;
  readonly publicUrl: string;
  /** The last event that the caller got of a stream, where it says so. */
  readonly lastEventId?: number | undefined;
};

export type Reply = {
  readonly status: number;
  /** A stream is sent as a JSON array; `undefined` sends nothing. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** A success as it is documented: what is answered must be this. */
export type Answer = {
  readonly description: string;
  readonly schema: z.ZodType;
  readonly example: unknown;
  /** Headers of this answer, with what they say. */
  readonly headers?: Readonly<Record<string, string>>;
};

/** A procedure that reads what a row writes, and what its output is over the wire. */
export type Stored = {
  readonly procedure: ProcedureName;
  readonly write: (output: unknown) => object;
};

type Facts = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly path: `/${string}`;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** It is on its way out, which every answer says. */
  readonly deprecated?: Deprecated;
  /** The one command that it gives, which needs rights of its own. */
  readonly command?: OrderAction['type'];
  /** In a trusted network this row answers without a credential. */
  readonly trusted?: boolean;
  /** `If-Match` is understood, or even required. */
  readonly versioned?: boolean | 'required';
  /** Amounts in the request are decimal texts, so the tenant's currency is needed to read them. */
  readonly priced?: boolean;
  /** The body may be left out, and its Content-Type with it. */
  readonly bodyOptional?: boolean;
  readonly bodyExample?: unknown;
  /** Fields that answers have and requests may not: named as read-only instead of unknown. */
  readonly readOnly?: readonly string[];
  /** How to read what is stored: a body may then carry read-only fields with the value that they have. */
  readonly stored?: Stored;
  /** Answers with server-sent events, for as long as the caller listens; the schema lists their data. */
  readonly streams?: true;
  readonly answers: Readonly<Record<number, Answer>>;
  /** What this row refuses beside that which every row of its family may refuse. */
  readonly refusals: readonly Refusal['code'][];
};

const Nothing = z.strictObject({});

/** A row of a contract: one REST operation as data over a procedure, checked against its types. */
export type RowOf<P extends ProcedureName, Params, Query, Body> = Facts & {
  readonly procedure: P;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Says that this row, and not its namesake of the same method and path, serves what is asked. */
  readonly when?: (asked: Asked<z.output<Params>, z.output<Query>, z.output<Body>>) => boolean;
  readonly request: (asked: Asked<z.output<Params>, z.output<Query>, z.output<Body>>) => At<Inputs, P>;
  readonly reply: (
    output: At<Outputs, P>,
    asked: Asked<z.output<Params>, z.output<Query>, z.output<Body>>,
  ) => Reply;
};

/** A row whose types have been checked and are no longer needed. */
export type Row = Facts & {
  readonly procedure: ProcedureName;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body: z.ZodType | null;
  readonly when?: (asked: Asked) => boolean;
  readonly request: (asked: Asked) => unknown;
  readonly reply: (output: unknown, asked: Asked) => Reply;
};

export function row<
  P extends ProcedureName,
  Params extends z.ZodObject = typeof Nothing,
  Query extends z.ZodObject = typeof Nothing,
  Body extends z.ZodType = typeof Nothing,
>(spec: RowOf<P, Params, Query, Body>): Row {
  const { params = Nothing, query = Nothing, body = null } = spec;
  return { ...spec, params, query, body } as unknown as Row;
}

/** What is stored, as it is answered. */
export const storedBy = <P extends ProcedureName>(
  procedure: P,
  write: (output: At<Outputs, P>) => object,
): Stored => ({ procedure, write: write as Stored['write'] });

/** A refusal with the facts of the catalogue's example. */
export const sampleOf = (code: Refusal['code']): Refusal =>
  ({ code, ...refusals[code].example }) as unknown as Refusal;
