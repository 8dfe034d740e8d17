import type { TRPC_ERROR_CODE_KEY } from '@trpc/server';
import type { Refusal } from '../errors.ts';

/** What a refusal says besides its code. */
export type FactsOf<C extends Refusal['code']> = Refusal extends infer R
  ? R extends { readonly code: infer K }
    ? C extends K
      ? Omit<R, 'code'>
      : never
    : never
  : never;

/** A page of the error catalogue: how a refusal travels, and all that a caller needs to get past it. */
export type Entry<C extends Refusal['code'] = Refusal['code']> = {
  readonly http: number;
  readonly trpc: TRPC_ERROR_CODE_KEY;
  /** The code on the wire; once published it is never renamed. */
  readonly wire: string;
  readonly title: string;
  readonly meaning: string;
  readonly causes: readonly string[];
  readonly fix: string;
  /** Whether the same request may succeed later without a change. */
  readonly retryable: boolean;
  readonly example: FactsOf<C>;
};

export type Catalogue = { readonly [C in Refusal['code']]: Entry<C> };

export const badRequest = { http: 400, trpc: 'BAD_REQUEST', retryable: false } as const;
export const notFound = { http: 404, trpc: 'NOT_FOUND', retryable: false } as const;
export const conflict = { http: 409, trpc: 'CONFLICT', retryable: false } as const;
export const unauthorized = { http: 401, trpc: 'UNAUTHORIZED', retryable: false } as const;
export const forbidden = { http: 403, trpc: 'FORBIDDEN', retryable: false } as const;
