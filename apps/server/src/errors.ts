import type { NoPath, OrderField, OrderRefusal, Result, Scope, StockError } from '@orderloom/core';
import { isUnavailable, takenFieldOf } from '@orderloom/db';
import { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';
import { refusals } from './refusals.ts';

/** Everything that a caller can cause and must be told: a value with the facts needed to act. */
export type Refusal =
  | OrderRefusal
  | NoPath
  | StockError
  | { readonly code: 'INVALID_INPUT'; readonly issues: readonly Issue[] }
  | { readonly code: 'MALFORMED_JSON' }
  | { readonly code: 'UNAUTHENTICATED' }
  | { readonly code: 'INVALID_TOKEN' }
  | { readonly code: 'SIGN_IN_FAILED' }
  | { readonly code: 'RATE_LIMITED'; readonly retryAfterSeconds: number }
  | { readonly code: 'BUSY'; readonly retryAfterSeconds: number }
  | {
      readonly code: 'SERVICE_UNREACHABLE';
      readonly service: 'catalogue' | 'carts';
      readonly retryAfterSeconds: number;
    }
  | { readonly code: 'FORBIDDEN'; readonly scope: Scope | null }
  | { readonly code: 'CROSS_SITE' }
  | { readonly code: 'TENANT_MISMATCH' }
  | { readonly code: 'MISSING_TENANT' }
  | {
      readonly code: 'VERSION_CONFLICT';
      readonly currentVersion: number | null;
      /** Of an order: what differs between the version that was named and the current one. */
      readonly changedFields?: readonly OrderField[];
    }
  | { readonly code: 'INVALID_IF_MATCH' }
  | { readonly code: 'MISSING_IF_MATCH' }
  | { readonly code: 'MISSING_IDEMPOTENCY_KEY' }
  | { readonly code: 'INVALID_IDEMPOTENCY_KEY' }
  | { readonly code: 'IDEMPOTENCY_KEY_REUSED' }
  | { readonly code: 'IDEMPOTENCY_IN_PROGRESS'; readonly retryAfterSeconds: number }
  | { readonly code: 'PAYMENT_DECLINED'; readonly id: string }
  | { readonly code: 'CART_EMPTY' }
  | { readonly code: 'INVALID_CURSOR' }
  | { readonly code: 'UNKNOWN_PARAMETER'; readonly name: string }
  | { readonly code: 'ROUTE_NOT_FOUND' }
  | { readonly code: 'METHOD_NOT_ALLOWED'; readonly allowed: readonly string[] }
  | { readonly code: 'UNSUPPORTED_MEDIA_TYPE' }
  | { readonly code: 'NOT_ACCEPTABLE' }
  | { readonly code: 'PAYLOAD_TOO_LARGE' }
  | { readonly code: NotFound; readonly id: string }
  | { readonly code: 'REFERENCE_UNKNOWN'; readonly field: string; readonly what: string }
  | { readonly code: 'ALREADY_EXISTS'; readonly field: string }
  | { readonly code: 'INTERNAL' };

/** A field that is wrong, by its dotted path in the request, and what to do about it. */
export type Issue = { readonly path: string; readonly message: string };

type NotFound =
  | 'ORDER_NOT_FOUND'
  | 'CUSTOMER_HAS_NO_ORDERS'
  | 'PRODUCT_NOT_FOUND'
  | 'CUSTOMER_NOT_FOUND'
  | 'STORE_NOT_FOUND'
  | 'ADDRESS_NOT_FOUND'
  | 'LOCATION_NOT_FOUND'
  | 'CART_NOT_FOUND'
  | 'CART_ITEM_NOT_FOUND'
  | 'USER_NOT_FOUND'
  | 'NOTIFICATION_NOT_FOUND'
  | 'TOKEN_NOT_FOUND'
  | 'SESSION_NOT_FOUND';

/** Carries a refusal through tRPC, which only throws. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** The value of a result; a refusal is thrown, the one throw that tRPC needs. */
export function orThrow<T>(result: Result<T, Refusal>): T {
  if (!result.ok) throw refuse(result.error);
  return result.value;
}

/** A refusal as tRPC's error. */
export const refuse = (refusal: Refusal): TRPCError =>
  new TRPCError({ code: refusals[refusal.code].trpc, message: refusal.code, cause: new Refused(refusal) });

/** Reads the refusal out of whatever was thrown; what nobody expected is `INTERNAL` and nothing more. */
export function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof Refused) return thrown.refusal;
  if (thrown instanceof ZodError) return { code: 'INVALID_INPUT', issues: issuesOf(thrown) };
  if (isUnavailable(thrown)) return { code: 'BUSY', retryAfterSeconds: 1 };
  const field = takenFieldOf(thrown);
  if (field !== undefined) return { code: 'ALREADY_EXISTS', field };
  if (!(thrown instanceof TRPCError)) return { code: 'INTERNAL' };
  // A grammar that fails on the way out is a fault of ours: its fields are nobody's business.
  const ours = thrown.code === 'INTERNAL_SERVER_ERROR' && thrown.cause instanceof ZodError;
  const told: Refusal = ours ? { code: 'INTERNAL' } : refusalOf(thrown.cause);
  return told.code === 'INTERNAL' ? (protocolFaults[thrown.code] ?? told) : told;
}

/** What tRPC itself finds wrong with a call, before any procedure is asked. */
const protocolFaults: Partial<Record<TRPCError['code'], Refusal>> = {
  BAD_REQUEST: { code: 'INVALID_INPUT', issues: [{ path: '', message: 'This call is not well formed.' }] },
  NOT_FOUND: { code: 'ROUTE_NOT_FOUND' },
  METHOD_NOT_SUPPORTED: { code: 'METHOD_NOT_ALLOWED', allowed: [] },
  PARSE_ERROR: { code: 'MALFORMED_JSON' },
  PAYLOAD_TOO_LARGE: { code: 'PAYLOAD_TOO_LARGE' },
  UNSUPPORTED_MEDIA_TYPE: { code: 'UNSUPPORTED_MEDIA_TYPE' },
};

const issuesOf = (error: ZodError): Issue[] =>
  error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          path: [...issue.path, key].join('.'),
          message: 'This field is not known.',
        }))
      : [{ path: issue.path.join('.'), message: issue.message }],
  );
