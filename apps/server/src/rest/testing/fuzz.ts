import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { type Around, type Known, oddValues, Schema, valuesOf } from './arbitrary.ts';

const Parameter = z.looseObject({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  schema: Schema,
});
const Operation = z.looseObject({
  operationId: z.string(),
  parameters: z.array(z.union([Parameter, z.object({ $ref: z.string() })])),
  requestBody: z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: Schema })) }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: z.record(z.string(), z.unknown()).optional() })),
});
/** The OpenAPI document, as far as calls and answers follow from it. */
export const Document = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});
export type Document = z.output<typeof Document>;
export type Operation = z.output<typeof Operation>;

/** A request as it goes over the wire: headers may come twice. */
export type Call = {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
  /** Whose token is sent, by its place among those of the test. */
  readonly as: number;
};

/** Calls of every operation of a document: as documented, and with all kinds of things wrong. */
export function callsOf(document: Document, known: Known, columns: readonly string[]): Arbitrary<Call> {
  const around = { named: document.components.schemas, known };
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      callOf({ path, method, operation }, around, columns),
    ),
  );
  return fc.oneof(...all, strayOf(document));
}

/** Calls under the first words of the documented paths that lead nowhere, or by other methods. */
function strayOf({ paths }: Document): Arbitrary<Call> {
  const starts = [
    ...new Set(Object.keys(paths).flatMap((path) => [path, path.split('/').slice(0, 2).join('/')])),
  ];
  const words = fc.oneof(fc.constantFrom('v2', 'orders', '1', '..%2f', '%00', 'ORDERS', ''), fc.string());
  return fc
    .record({
      start: fc.constantFrom(...starts),
      more: fc.array(words.map(encoded), { maxLength: 4 }),
      method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'PROPFIND'),
      headers: headersOf,
      body: fc.constantFrom(undefined, '{}', '{'),
    })
    .map(({ start, more, ...call }) => {
      const path = [start.replaceAll(/\{\w+\}/g, '1').replace(/\/$/, ''), ...more].join('/');
      return { ...call, operation: 'nothing', path, as: 0 };
    });
}

/** Who calls, the likeliest first: see `Call.as`. */
const callers = [0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3];

type Place = { readonly path: string; readonly method: string; readonly operation: Operation };

function callOf(
  { path, method, operation }: Place,
  around: Around,
  columns: readonly string[],
): Arbitrary<Call> {
  const parameters = operation.parameters.flatMap((one) => ('name' in one ? [one] : []));
  const places = parameters
    .filter((one) => one.in === 'path')
    .map(({ name, schema }) => [name, schema] as const);
  const query = parameters.filter((one) => one.in === 'query');
  const schema = operation.requestBody?.content['application/json']?.schema;
  return fc
    .record({
      params: fc.tuple(...places.map(([name, of]) => pathWords(of, around, `${thingsOf(path)}.${name}`))),
      search: searches(query, around),
      headers: headersOf,
      body: schema
        ? bodiesOf(schema, around, columns)
        : fc.oneof(never(9, undefined), fc.constant('{"a":1}')),
      as: fc.constantFrom(...callers),
      tail: fc.oneof(never(40, ''), fc.constantFrom('/', '//', '%00', '/%2e%2e/', ';a=b', '?')),
    })
    .map(({ params, search, headers, body, as, tail }) => {
      const words = [...params];
      const filledIn = path.replaceAll(/\{\w+\}/g, () => words.shift() ?? '');
      const called = { operation: operation.operationId, method: method.toUpperCase() };
      return { ...called, path: `${filledIn}${tail}${search}`, headers, body, as };
    });
}

const never = <T>(weight: number, value: T) => ({ weight, arbitrary: fc.constant(value) });

/** What the names in a path are of: `orders`. */
const thingsOf = (path: string): string => /([\w-]+)\/\{/.exec(path)?.[1] ?? '';

const oddPaths = [
  '%00',
  '%2F',
  '%252F',
  '%ff',
  '%',
  '.',
  '..',
  '%2e%2e',
  '-1',
  '0',
  '1.5',
  '99999999999999999999',
];
const pathWords = (schema: Schema, around: Around, name: string): Arbitrary<string> =>
  fc.oneof(
    { weight: 16, arbitrary: valuesOf(schema, around, name).map((word) => encoded(String(word))) },
    { weight: 1, arbitrary: fc.constantFrom(...oddPaths, 'a'.repeat(121), 'x'.repeat(6_000), 'null', '*') },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).map(encoded) },
  );

/** Half a character cannot be encoded, and is sent as what stands for it. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

type Parameters = readonly z.output<typeof Parameter>[];

function searches(query: Parameters, around: Around): Arbitrary<string> {
  const odd = fc.constantFrom(
    ...oddValues.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
  );
  const pairs = query.map(({ name, schema }) =>
    fc.tuple(fc.constant(name), fc.oneof({ weight: 3, arbitrary: valuesOf(schema, around, name) }, odd)),
  );
  const unknown = fc.tuple(fc.constantFrom('foo', 'limit[]', '__proto__', 'cursor ', ''), odd);
  const asked = fc.array(
    pairs.length > 0 ? fc.oneof({ weight: 9, arbitrary: fc.oneof(...pairs) }, unknown) : unknown,
    {
      maxLength: 3,
    },
  );
  const none = fc.constant<[string, unknown][]>([]);
  return fc
    .oneof({ weight: query.length > 0 ? 9 : 1, arbitrary: asked }, { weight: 12, arbitrary: none })
    .map((all) => {
      const search = all.flatMap(([name, value]) =>
        [value].flat().map((one) => `${encoded(name)}=${encoded(String(one))}`),
      );
      return search.length === 0 ? '' : `?${search.join('&')}`;
    });
}

const header = (name: string, ...values: string[]) =>
  fc.constantFrom(...values).map((value) => [name, value] as const);
const keys = ['k', '"k"', '', '""', 'ä', 'k'.repeat(255), 'k'.repeat(256), 'a b', '"a', 'a,b', '\t', '"\\"'];
const anyHeader = fc.oneof(
  header('If-Match', '1', '"1"', 'W/"1"', '*', '', '0', '-1', '"1", "2"', '1e3', 'abc', '99999999999', '"'),
  header('Idempotency-Key', ...keys),
  fc.uuid().map((key) => ['Idempotency-Key', key] as const),
  header(
    'Content-Type',
    'application/json',
    'text/plain',
    'application/json; charset=latin1',
    'json',
    '',
    ';',
  ),
  header(
    'Content-Type',
    'application/merge-patch+json',
    'multipart/form-data',
    'application/x-www-form-urlencoded',
  ),
  header('Accept', '*/*', 'application/json', 'text/html', 'application/vnd.api+json;version=1', ''),
  header('Accept', 'application/vnd.api+json;version=2', 'application/problem+json;q=0', ',,;', '*'),
  header('X-Tenant-Id', 'nowhere', '', '*', 'shop-1', '\u00e9', 'a, b', '../x'),
  header('X-Request-Id', 'a-good-request-id', 'no', '', '<script>', 'x'.repeat(65), '\u00ff\u00fe'),
  header('Authorization', 'Bearer', 'Bearer x', 'Basic YTpi', '', 'bearer  a b', 'Token olm_test_x'),
  header('X-Api-Key', '', 'x', 'olm_test_0'),
  header('Content-Encoding', 'gzip', 'br', 'identity', 'deflate, gzip', 'x'),
  header('Origin', 'https://evil.example', 'null'),
  header('If-None-Match', '*', '"1"', 'W/"0"', '"'),
  header('X-Http-Method-Override', 'DELETE'),
  header('Expect', '100-continue'),
);
const headersOf: Arbitrary<Call['headers']> = fc.oneof(
  { weight: 6, arbitrary: fc.constant([]) },
  {
    weight: 6,
    arbitrary: fc.uuid().map((key) => [['Idempotency-Key', key] as const, ['If-Match', '1'] as const]),
  },
  { weight: 4, arbitrary: fc.array(anyHeader, { maxLength: 3 }) },
);

const oddBodies = [
  '',
  '{',
  '[',
  '"',
  'null',
  'true',
  '[]',
  '{}',
  '[{}]',
  '1',
  '\ufeff{}',
  '{"a":1',
  '\0',
  '{"a":}',
];

function bodiesOf(schema: Schema, around: Around, columns: readonly string[]): Arbitrary<string | undefined> {
  const good = valuesOf(schema, around);
  const spoilt = fc
    .tuple(good, fc.nat(), fc.constantFrom(...oddValues))
    .map(([body, at, odd]) => spoil(body, at, odd));
  const more = fc
    .tuple(good, fc.constantFrom(...columns, '__proto__'), fc.constantFrom(1, '1', null, true, 'PAID'))
    .map(([body, column, value]) => ({ ...Object(body), [column]: value }));
  const text = fc
    .oneof({ weight: 12, arbitrary: good }, { weight: 4, arbitrary: spoilt }, { weight: 2, arbitrary: more })
    .map((body) => JSON.stringify(body) ?? '');
  return fc.oneof(
    { weight: 9, arbitrary: text },
    { weight: 1, arbitrary: fc.tuple(text, fc.nat(30)).map(([all, end]) => all.slice(0, end)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...oddBodies, '['.repeat(3_000), `{"a":"${'x'.repeat(1_100_000)}"}`),
    },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
}

/** The body with something else in the place of one of its parts, the n-th as one walks through it. */
function spoil(body: unknown, at: number, odd: unknown): unknown {
  if (typeof body !== 'object' || body === null) return odd;
  const entries = Object.entries(body);
  const chosen = entries[at % (entries.length + 1)];
  if (!chosen) return odd;
  const [key, value] = chosen;
  const inner = spoil(value, Math.floor(at / (entries.length + 1)), odd);
  return Array.isArray(body) ? body.with(Number(key), inner) : { ...body, [key]: inner };
}
