import { z } from 'zod';
import type { Refusal } from '../errors.ts';
import { refusals } from '../refusals.ts';
import type { Rule } from '../trpc.ts';
import { ruleOf } from './bridge.ts';
import { type Deprecated, deprecationText } from './deprecation.ts';
import { type Family, operationsOf, refusalsOf } from './family.ts';
import { type Json, parametersOf, schemaOf } from './json-schema.ts';
import { type Answer, type Row, sampleOf } from './row.ts';

/** Schemas and examples that operations share, collected while these are described. */
type Shared = { readonly schemas: Record<string, Json>; readonly examples: Record<string, Json> };

const ref = (kind: string, name: string): Json => ({ $ref: `#/components/${kind}/${name}` });

/** The OpenAPI 3.1 document of the contracts, made from the rows that are served. */
export function openApiOf(families: readonly Family[]): Json {
  const shared: Shared = { schemas: {}, examples: {} };
  const paths: Record<string, Record<string, Json>> = {};
  for (const family of families)
    for (const [row] of operationsOf(family)) {
      const path = row.path.replaceAll(/:(\w+)/g, '{$1}');
      paths[path] = { ...paths[path], [row.method]: operationOf(family, row, shared) };
    }
  return {
    openapi: '3.1.1',
    info,
    servers: [{ url: '/', description: 'This server.' }],
    tags: families.flatMap(({ tags }) =>
      Object.entries(tags).map(([name, description]) => ({ name, description })),
    ),
    security: [{ bearerToken: [] }],
    paths,
    components: { ...fixed, schemas: sorted(shared.schemas), examples: sorted(shared.examples) },
  };
}

function operationOf(family: Family, row: Row, shared: Shared): Json {
  const rule = ruleOf(row.procedure);
  return {
    operationId: row.operationId,
    tags: [row.tag],
    summary: row.summary,
    ...(row.deprecated && { deprecated: true }),
    description: [row.deprecated && deprecationText(row.deprecated), row.description, rightsText(rule)]
      .filter(Boolean)
      .join('\n\n'),
    security: securityOf(row, rule),
    parameters: [
      ...parametersOf(row.params, 'path'),
      ...parametersOf(row.query, 'query'),
      ref('parameters', 'TenantId'),
      ref('parameters', 'RequestId'),
      ...(row.versioned ? [ref('parameters', row.versioned === true ? 'IfMatch' : 'IfMatchRequired')] : []),
      ref('parameters', againOf(row)),
    ],
    ...bodyOf(row, shared),
    responses: {
      ...Object.fromEntries(
        Object.entries(row.answers).map(([status, answer]) => [status, successOf(row, answer, shared)]),
      ),
      ...(row.method === 'get' && !row.streams ? notModified : {}),
      ...refusalResponses(family, row, shared),
    },
  };
}

/** How a caller says that it has been here before. */
const againOf = ({ method, streams }: Row): string => {
  if (streams) return 'LastEventId';
  return method === 'get' ? 'IfNoneMatch' : 'IdempotencyKey';
};

const rightsText = (rule: Rule): string => {
  if (typeof rule === 'string') return 'Any token will do.';
  const { all, own } = rule;
  return own === undefined
    ? `Needs the scope \`${all}\`.`
    : `Needs the scope \`${all}\`, or \`${own}\` for what is the caller’s own.`;
};

function securityOf(row: Row, rule: Rule): Json[] {
  const scopes = typeof rule === 'string' ? [] : [rule.own ?? rule.all];
  return [{ bearerToken: scopes }, { apiKey: scopes }, ...(row.trusted ? [{}] : [])];
}

function bodyOf(row: Row, shared: Shared): Json {
  if (row.body === null) return {};
  const example = row.bodyExample ?? {};
  return {
    requestBody: {
      required: !row.bodyOptional,
      content: { 'application/json': { schema: schemaOf(row.body, 'input', shared.schemas), example } },
    },
  };
}

/** Nothing is said of the body of an answer that has none. */
const contentOf = ({ schema, example }: Answer, shared: Shared): Json =>
  schema instanceof z.ZodUndefined
    ? {}
    : { content: { 'application/json': { schema: schemaOf(schema, 'output', shared.schemas), example } } };

/** A stream is a text; what its events say is in their example. */
const eventsOf = ({ example }: Answer): Json => {
  const data = JSON.stringify([example].flat()[0]);
  return { content: { 'text/event-stream': { schema: text, example: `id: 42\ndata: ${data}\n\n` } } };
};

function successOf({ method, deprecated, streams }: Row, answer: Answer, shared: Shared): Json {
  const own = Object.entries(answer.headers ?? {}).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ]);
  return {
    description: answer.description,
    headers: {
      'X-Request-Id': ref('headers', 'RequestId'),
      ...limitHeaders,
      ...(deprecated && deprecationOf(deprecated)),
      ...(streams ? {} : method === 'get' ? tagHeader : replayHeader),
      ...Object.fromEntries(own),
    },
    ...(streams ? eventsOf(answer) : contentOf(answer, shared)),
  };
}

const tagHeader = { ETag: ref('headers', 'ETag') };
const replayHeader = { 'Idempotent-Replayed': ref('headers', 'IdempotentReplayed') };

const told = {
  requestId: '7f1d8c52-0b0e-4d4f-9a55-3c1f0f5b8a01',
  publicUrl: 'http://127.0.0.1:8000',
};

/** One answer per status, with an example for each case that leads to it. */
function refusalResponses(family: Family, row: Row, shared: Shared): Record<string, Json> {
  const path = row.path.replaceAll(/:\w+/g, 'ORD-20260115-0001');
  const cases = refusalsOf(family, row).map((code) => ({
    code,
    ...family.refuse(sampleOf(code), { ...told, path, operation: row.operationId }),
  }));
  const schema = schemaOf(family.refusalSchema, 'output', shared.schemas);
  const responses = [...Map.groupBy(cases, ({ status }) => status)].map(([status, all]) => {
    for (const { code, body } of all) {
      const name = exampleName(family, code);
      shared.examples[name] ??= { summary: refusals[code].title, value: body };
    }
    const examples = all.map(({ code }) => [refusals[code].wire, ref('examples', exampleName(family, code))]);
    const content = { schema, examples: Object.fromEntries(examples) };
    const description = `${all.map(({ code }) => refusals[code].title).join('; ')}.`;
    const headers = { 'X-Request-Id': ref('headers', 'RequestId'), ...extraHeaders(status) };
    // Whoever asks for plain JSON alone gets it.
    const types = { 'application/json': { schema }, [family.refusalType]: content };
    return [String(status), { description, headers, content: types }];
  });
  return Object.fromEntries(responses);
}

const exampleName = (family: Family, code: Refusal['code']): string =>
  `${family.name}_${refusals[code].wire}`;

const extraHeaders = (status: number): Json => {
  if (status === 401) return { 'WWW-Authenticate': ref('headers', 'WWWAuthenticate') };
  const wait = { 'Retry-After': ref('headers', 'RetryAfter') };
  return status === 429 ? { ...wait, ...limitHeaders } : status === 503 ? wait : {};
};

const notModified: Json = {
  304: {
    description: 'You have it already: nothing has changed.',
    headers: { ETag: ref('headers', 'ETag'), 'X-Request-Id': ref('headers', 'RequestId') },
  },
};

const deprecationOf = ({ sunset }: Deprecated): Json => ({
  Deprecation: { description: 'Since when it is deprecated (RFC 9745).', schema: text },
  ...(sunset !== null && { Sunset: { description: 'When it will be gone (RFC 8594).', schema: text } }),
});

/** What is left of the limits, in the words of the IETF draft and in those that were there before it. */
const limitHeaders: Json = {
  'RateLimit-Policy': ref('headers', 'RateLimitPolicy'),
  RateLimit: ref('headers', 'RateLimit'),
  'X-RateLimit-Limit': ref('headers', 'XRateLimitLimit'),
  'X-RateLimit-Remaining': ref('headers', 'XRateLimitRemaining'),
  'X-RateLimit-Reset': ref('headers', 'XRateLimitReset'),
};

const sorted = (named: Record<string, Json>): Record<string, Json> =>
  Object.fromEntries(Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1)));

const text = { type: 'string' };
const whole = { type: 'integer' };

const info: Json = {
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

// Optional parameters carry no example: Swagger UI would send it with every call.
const fixed: Json = {
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
