import { badRequest, type Catalogue, conflict } from './entry.ts';

/** What is refused because of how a request names the version or the repetition that it means. */
export const repeatRefusals = {
  MISSING_IDEMPOTENCY_KEY: {
    ...badRequest,
    wire: 'missing_idempotency_key',
    title: 'Idempotency-Key header required',
    meaning: 'This call needs a key, so that sending it again cannot have a second effect.',
    causes: ['The Idempotency-Key header is missing.'],
    fix: 'Send `Idempotency-Key` with a new value for each new request, and the same one for each retry.',
    example: {},
  },
  INVALID_IDEMPOTENCY_KEY: {
    ...badRequest,
    wire: 'invalid_idempotency_key',
    title: 'Invalid Idempotency-Key',
    meaning: 'A key has 1 to 255 visible ASCII characters, with or without quotes around it.',
    causes: ['An empty key.', 'Blanks or letters beyond ASCII in the key.'],
    fix: 'Send for example a UUID.',
    example: {},
  },
  IDEMPOTENCY_KEY_REUSED: {
    ...conflict,
    wire: 'idempotency_key_reused',
    title: 'Idempotency key used with different request body',
    meaning: 'The key was used within the last hour for a request that said something else.',
    causes: ['A key that is made from too little, such as the minute.', 'A retry that changed the request.'],
    fix: 'Send a new key with a new request; repeat a request exactly as it was.',
    example: {},
  },
  IDEMPOTENCY_IN_PROGRESS: {
    ...conflict,
    wire: 'idempotency_in_progress',
    title: 'The first request with this key is still at work',
    meaning: 'The same request was sent before and has no answer yet.',
    causes: ['A retry that came before the answer.'],
    fix: 'Wait as long as `Retry-After` says, and send the same request with the same key.',
    retryable: true,
    example: { retryAfterSeconds: 1 },
  },
  MISSING_IF_MATCH: {
    ...badRequest,
    wire: 'missing_if_match',
    title: 'If-Match header required',
    meaning: 'This call changes only the version that the caller has seen.',
    causes: ['The If-Match header is missing.'],
    fix: 'Read the order and send its version, as `If-Match: 1`.',
    example: {},
  },
} as const satisfies Partial<Catalogue>;
