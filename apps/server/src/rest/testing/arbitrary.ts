import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';

/** A schema of the document, with pointers to the others. */
export const Schema = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  pattern: z.string().optional(),
  format: z.string().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
});
export type Schema = z.output<typeof Schema>;

/** Words that the shop of the test knows, by the name of the field or parameter. */
export type Known = (field: string) => readonly unknown[];
export type Around = { readonly named: Readonly<Record<string, unknown>>; readonly known: Known };

/** Values that a schema accepts: as drawn from it, or what the shop knows by that name. */
export function valuesOf(schema: unknown, around: Around, field = ''): Arbitrary<unknown> {
  const node = Schema.parse(schema);
  if (node.$ref !== undefined) return valuesOf(pointedTo(node.$ref, around), around, field);
  const known = around.known(field);
  const drawn = drawnFrom(node, around, field);
  return known.length > 0 ? fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...known) }, drawn) : drawn;
}

const pointedTo = (ref: string, { named }: Around): unknown => named[ref.split('/').at(-1) ?? ''];

function drawnFrom(node: Schema, around: Around, field: string): Arbitrary<unknown> {
  if (node.const !== undefined) return fc.constant(node.const);
  if (node.enum) return fc.constantFrom(...node.enum);
  const kinds = node.anyOf ?? node.oneOf;
  if (kinds) return fc.oneof(...kinds.map((kind) => valuesOf(kind, around, field)));
  if (Array.isArray(node.type))
    return fc.oneof(...node.type.map((type) => drawnFrom({ ...node, type }, around, field)));
  switch (node.type) {
    case 'object':
      return objectsOf(node, around);
    case 'array':
      return fc.array(valuesOf(node.items ?? {}, around, field), {
        minLength: node.minItems ?? 0,
        maxLength: Math.min(node.maxItems ?? 3, (node.minItems ?? 0) + 3),
      });
    case 'string':
      return textsOf(node);
    case 'integer':
      return fc.integer({ min: node.minimum ?? -9, max: Math.min(node.maximum ?? 2 ** 31, 2 ** 53 - 1) });
    case 'number':
      return fc.integer({ min: (node.minimum ?? 0) * 100, max: 1_000_000 }).map((cents) => cents / 100);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 1 });
  }
}

function objectsOf({ properties = {}, required = [] }: Schema, around: Around): Arbitrary<object> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, valuesOf(schema, around, name)]),
  );
  return fc.record(fields, { requiredKeys: required });
}

function textsOf({ pattern, format, minLength = 0, maxLength = 40 }: Schema): Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'email') return fc.emailAddress();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (pattern !== undefined && isPlain(pattern)) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 40) });
}

/** What can be drawn from: no looking ahead or behind. */
const isPlain = (pattern: string): boolean => !/\(\?[=!<]/.test(pattern);

const texts = [
  ['', ' ', '\0', 'a\0b', '\ud800', '\u202e\u0001', '💥'.repeat(60), 'ﬁ\u0301', '\r\nX: y'],
  [
    '9'.repeat(400),
    '1e5',
    '0x10',
    'NaN',
    'a'.repeat(5_000),
    `' or 1=1 --`,
    '%',
    '_',
    '\\',
    '../..',
    '{}',
    '<b>',
    'null',
  ],
].flat();
const numbers = [
  -1,
  0,
  0.1,
  1.5,
  -0,
  1e21,
  1e308,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  Number.MAX_SAFE_INTEGER,
  1_000_001,
];
const deep = Array.from({ length: 200 }).reduce<unknown>((inner) => ({ items: [inner] }), 1);
const shapes: readonly unknown[] = [
  [],
  {},
  [[]],
  [null],
  deep,
  { $gt: 1 },
  { toString: 1 },
  { length: 3 },
  { constructor: { prototype: {} } },
  JSON.parse('{"__proto__":{"role":"admin"}}'),
];

/** Values that no field was made for. */
export const oddValues: readonly unknown[] = [...texts, ...numbers, ...shapes, null, true];
