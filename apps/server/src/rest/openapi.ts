import { commandScopes } from '@orderloom/core';
import { z } from 'zod';
import type { Refusal } from '../errors.ts';
import { refusals } from '../refusals.ts';
import type { Rule } from '../trpc.ts';
import { ruleOf } from './bridge.ts';
import { type Deprecated, deprecationText } from './deprecation.ts';
import { type Family, operationsOf, refusalsOf, sampleIn } from './family.ts';
import { type Json, parametersOf, schemaOf } from './json-schema.ts';
import { components, info } from './openapi-parts.ts';
import type { Answer, Row } from './row.ts';

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
    components: { ...components, schemas: sorted(shared.schemas), examples: sorted(shared.examples) },
  };
}

function operationOf(family: Family, row: Row, shared: Shared): Json {
  const rule = row.command === undefined ? ruleOf(row.procedure) : commandScopes[row.command];
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

/** The call that examples of refusals are answers to. */
export const exampleCall = {
  requestId: '7f1d8c52-0b0e-4d4f-9a55-3c1f0f5b8a01',
  path: '/api/v1/orders/',
  publicUrl: 'http://127.0.0.1:8000',
};

/** One answer per status, with an example for each case that leads to it. */
function refusalResponses(family: Family, row: Row, shared: Shared): Record<string, Json> {
  const cases = refusalsOf(family, row).map((code) => caseOf(family, row, code));
  const schema = schemaOf(family.refusalSchema, 'output', shared.schemas);
  const responses = [...Map.groupBy(cases, ({ status }) => status)].map(([status, all]) => {
    for (const { name, summary, body } of all) shared.examples[name] ??= { summary, value: body };
    const examples = all.map(({ code, name }) => [refusals[code].wire, ref('examples', name)]);
    const content = { schema, examples: Object.fromEntries(examples) };
    const description = `${[...new Set(all.map(({ summary }) => summary))].join('; ')}.`;
    const headers = { 'X-Request-Id': ref('headers', 'RequestId'), ...extraHeaders(status) };
    // Whoever asks for plain JSON alone gets it.
    const types = { 'application/json': { schema }, [family.refusalType]: content };
    return [String(status), { description, headers, content: types }];
  });
  return Object.fromEntries(responses);
}

/** A refusal as an operation says it: an example of its own where its family says it otherwise elsewhere. */
function caseOf(family: Family, { operationId }: Row, code: Refusal['code']) {
  const say = (operation: string | null, of = code) =>
    family.refuse(sampleIn(family, of), { ...exampleCall, operation });
  const { status, body } = say(operationId);
  const usual = say(null);
  const isUsual = status === usual.status && JSON.stringify(body) === JSON.stringify(usual.body);
  const { wire, title } = refusals[code];
  const name = [family.name, wire, isUsual ? [] : operationId].flat().join('_');
  const sentence = sentenceIn(body);
  // What is said of whatever is malformed says nothing of this case.
  const summary = sentence === sentenceIn(say(null, 'INVALID_INPUT').body) ? title : sentence;
  return { code, status, body, name, summary };
}

/** What a refusal says to people, as a part of a sentence: the title where it has one, else the sentence. */
const sentenceIn = (body: unknown): string => Said.parse(body).replace(/\.$/, '');
const Said = z.union([
  z.object({ title: z.string() }).transform(({ title }) => title),
  z.object({ error: z.string() }).transform(({ error }) => error),
  z.object({ status: z.string() }).transform(({ status }) => status),
]);

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
