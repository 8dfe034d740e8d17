import type { Json } from './json-schema.ts';

/** What the document says of itself. */
export const info: Json = {
  title: 'Orderloom',
  version: '1.0.0',
  summary: 'Orders, stock and payments that never disagree.',
  description: [
    'Send `Authorization: Bearer <token>` with every call; the token says the tenant.',
    'A slash at the end of a path makes no difference, and `/api/…` is the newest `/api/v1/…`.',
    'The version may also be asked for with `Accept: application/vnd.api+json;version=1`.',
    'Calls are counted by the minute, for the token and for the tenant: `RateLimit` tells what is left.',
    'Every error has a page of its own under [/docs/errors](/docs/errors).',
  ].join('\n\n'),
  license: { name: 'MIT', identifier: 'MIT' },
};

const text = { type: 'string' };
const whole = { type: 'integer' };

/** What all operations point to. Optional parameters carry no example: Swagger UI would send it each time. */
export const components: Json = {
  securitySchemes: {
    bearerToken: {
      type: 'http',
      scheme: 'bearer',
      description: 'An API token: `olm_live_…` or `olm_test_…`.',
    },
    apiKey: {
      type: 'apiKey',
      in: 'header',
      name: 'X-Api-Key',
      description: 'The same token in its own header.',
    },
  },
  parameters: {
    TenantId: {
      name: 'X-Tenant-Id',
      in: 'header',
      description: 'The tenant; when it is sent it must be the token’s own.',
      schema: text,
    },
    RequestId: {
      name: 'X-Request-Id',
      in: 'header',
      description: 'Your own id for this call, 8 to 64 letters, digits, `_`, `.` or `-`.',
      schema: { ...text, pattern: '^[\\w.-]{8,64}$' },
    },
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header',
      description:
        'Your own name for this request: within an hour, sending it again answers the same and does nothing.',
      schema: { ...text, minLength: 1, maxLength: 255 },
    },
    LastEventId: {
      name: 'Last-Event-ID',
      in: 'header',
      description: 'The id of the last event that you got: all that came after it is told first.',
      schema: text,
    },
    IfNoneMatch: {
      name: 'If-None-Match',
      in: 'header',
      description: 'The ETag of what you have: when it is still so, the answer is 304 without a body.',
      schema: text,
    },
    IfMatchRequired: {
      name: 'If-Match',
      in: 'header',
      required: true,
      description: 'The version you read, as `1`: the call is refused when the order has changed since.',
      schema: text,
      example: '1',
    },
    IfMatch: {
      name: 'If-Match',
      in: 'header',
      description:
        'The version you read, as `"1"`: refused when the order has changed since. A shop may demand it.',
      schema: text,
    },
  },
  headers: {
    IdempotentReplayed: { description: '`true` when the answer is that of an earlier call.', schema: text },
    ETag: { description: 'What this answer is known by: an order’s version, or a weak tag.', schema: text },
    RequestId: { description: 'The id of this call, also in the log and in errors.', schema: text },
    WWWAuthenticate: { description: 'How to authenticate (RFC 6750).', schema: text },
    RetryAfter: { description: 'Seconds to wait.', schema: { type: 'integer' } },
    RateLimitPolicy: {
      description: 'The limits that count this call: `q` calls in `w` seconds.',
      schema: text,
      example: '"read";q=6000;w=60, "tenant";q=60000;w=60',
    },
    RateLimit: {
      description: 'What is left of them: `r` calls, for `t` more seconds.',
      schema: text,
      example: '"read";r=5999;t=60, "tenant";r=59999;t=60',
    },
    XRateLimitLimit: { description: 'Calls in a minute, of the limit with the least left.', schema: whole },
    XRateLimitRemaining: { description: 'Calls that are left of it.', schema: whole },
    XRateLimitReset: { description: 'When it starts afresh, in seconds since 1970.', schema: whole },
  },
};
