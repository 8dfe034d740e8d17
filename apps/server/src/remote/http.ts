import { randomInt } from 'node:crypto';
import { err, ok, type Result } from '@orderloom/core';
import {
  BrokenCircuitError,
  bulkhead,
  circuitBreaker,
  ConsecutiveBreaker,
  DelegateBackoff,
  handleWhenResult,
  noop,
  retry,
  TaskCancelledError,
  wrap,
} from 'cockatiel';
import type { z } from 'zod';
import type { Errand as RemoteErrand } from '../remote.ts';

/** A service of somebody else, as the settings name it. */
export type Service = {
  readonly url: string;
  readonly token: string | null;
  /** How long one try may take, where it is not a second. */
  readonly tryMs?: number;
};

/** On whose behalf a service is asked, and until when it may take. */
export type Errand = Pick<RemoteErrand, 'tenantId' | 'requestId' | 'signal'>;

export type Asked<T> = {
  readonly path: string;
  readonly shape: z.ZodType<T>;
  /** Statuses that are an answer too, though without the body that `shape` describes. */
  readonly known: readonly number[];
  /** What is to be put there; nothing is put when it is left out. */
  readonly put?: {
    readonly body: unknown;
    readonly etag: string | null;
    readonly key: string | null;
    /** It is sent by POST, and not again by itself. */
    readonly post?: true;
  };
};

/** What a service said: a body of the right shape with 200, nothing more than the status otherwise. */
export type Said<T> = {
  readonly status: number;
  readonly etag: string | null;
  readonly value: T | null;
  /** An earlier try remained without an answer, and may have had its effect. */
  readonly doubted: boolean;
};

/** Why there is no answer. `doubted`: the request may have had its effect nevertheless. */
export type Trouble = {
  readonly code: 'UNREACHABLE' | 'GARBAGE';
  readonly detail: string;
  readonly doubted: boolean;
};

export type Client = {
  readonly ask: <T>(errand: Errand, asked: Asked<T>) => Promise<Result<Said<T>, Trouble>>;
};

const limits = {
  tryMs: 1_000,
  retries: 2,
  backoffMs: 100,
  answerBytes: 65_536,
  failuresInRow: 5,
  callsAtOnce: 32,
};

/** A rest after which a service that failed is tried again by one caller alone. */
export const restMs = 5_000;

/**
 * Speaks JSON to a service that may be slow, broken or lying: every call ends in time, in a value. What may
 * be sent twice without harm is tried thrice; a service that keeps failing is left alone for a while.
 */
export function createClient(service: Service, rest = restMs): Client {
  const failed = handleWhenResult((result) => isResult(result) && !result.ok);
  const breaker = circuitBreaker(failed, {
    halfOpenAfter: rest,
    breaker: new ConsecutiveBreaker(limits.failuresInRow),
  });
  // Full jitter: callers who failed together do not come back together.
  const backoff = new DelegateBackoff(({ attempt }: { readonly attempt: number }) =>
    randomInt(limits.backoffMs * 2 ** attempt),
  );
  const few = bulkhead(limits.callsAtOnce, Number.POSITIVE_INFINITY);
  const again = retry(failed, { maxAttempts: limits.retries, backoff });

  const ask = async <T>(errand: Errand, asked: Asked<T>): Promise<Result<Said<T>, Trouble>> => {
    let doubted = false;
    const attempt = async (): Promise<Result<Said<T>, Trouble>> => {
      const result = await tryOnce(service, errand, asked);
      if (result.ok) return ok({ ...result.value, doubted });
      doubted ||= result.error.doubted;
      return err({ ...result.error, doubted });
    };
    try {
      return await wrap(isRepeatable(asked) ? again : noop, few, breaker).execute(attempt, errand.signal);
    } catch (thrown) {
      const open = thrown instanceof BrokenCircuitError;
      if (!open && !(thrown instanceof TaskCancelledError)) throw thrown;
      const why = open ? 'left alone after failures' : 'no answer in time';
      return err({ code: 'UNREACHABLE', detail: `${said(asked)}: ${why}`, doubted });
    }
  };
  return { ask };
}

/** A second PUT does no harm where the service can tell that it is the second, or finds its version gone. */
const isRepeatable = ({ put }: Asked<unknown>): boolean =>
  put === undefined || (put.etag !== null && put.key !== null);

const isResult = (value: unknown): value is Result<unknown, unknown> =>
  typeof value === 'object' && value !== null && 'ok' in value;

const said = ({ path, put }: Asked<unknown>): string => `${put ? 'PUT' : 'GET'} ${path}`;

async function tryOnce<T>(
  service: Service,
  errand: Errand,
  asked: Asked<T>,
): Promise<Result<Said<T>, Trouble>> {
  const trouble = (code: Trouble['code'], why: string, sent = true) =>
    err({ code, detail: `${said(asked)}: ${why}`, doubted: sent && asked.put !== undefined });
  try {
    const response = await send(service, errand, asked);
    const { status } = response;
    const heard = { status, etag: response.headers.get('etag'), doubted: false };
    if (status === 200) {
      const read = asked.shape.safeParse(jsonOf(await textOf(response)));
      return read.success
        ? ok({ ...heard, value: read.data })
        : trouble('GARBAGE', 'an answer that is not what was agreed');
    }
    await response.body?.cancel();
    return asked.known.includes(status)
      ? ok({ ...heard, value: null })
      : trouble('UNREACHABLE', `HTTP ${status}`);
  } catch (thrown) {
    const { why, sent } = faultOf(thrown);
    return trouble('UNREACHABLE', why, sent);
  }
}

const send = (
  { url, token, tryMs = limits.tryMs }: Service,
  { tenantId, requestId, signal }: Errand,
  { path, put }: Asked<unknown>,
): Promise<Response> =>
  fetch(url + path, {
    method: put ? (put.post ? 'POST' : 'PUT') : 'GET',
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(tryMs)]),
    headers: {
      Accept: 'application/json',
      'X-Tenant-Id': tenantId,
      'X-Request-Id': requestId,
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      ...(put ? { 'Content-Type': 'application/json' } : {}),
      ...(put && put.etag !== null ? { 'If-Match': put.etag } : {}),
      ...(put && put.key !== null ? { 'Idempotency-Key': put.key } : {}),
    },
    ...(put ? { body: JSON.stringify(put.body) } : {}),
  });

/** The body, as long as it is no longer than any honest one; `undefined` otherwise. */
async function textOf(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop ends the transfer.
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > limits.answerBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Faults of a connection that never was: nothing can have been done. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** What `fetch` threw, without the texts of it, which may hold an address with its password. */
function faultOf(thrown: unknown): { readonly why: string; readonly sent: boolean } {
  if (thrown instanceof Error && ['TimeoutError', 'AbortError'].includes(thrown.name))
    return { why: 'no answer in time', sent: true };
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no connection';
  return { why: code, sent: !neverSent.has(code) };
}
