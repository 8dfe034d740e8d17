import { z } from 'zod';

/** The schema of an input as JSON Schema has it, as far as samples need it. */
const Node = z.looseObject({
  type: z
    .union([z.string(), z.array(z.string()).transform((all) => all.find((one) => one !== 'null'))])
    .optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  examples: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  minLength: z.number().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
});
type Node = z.output<typeof Node>;

/** A sample of an input with holes where names belong: `«items.0.product»`. */
export type Form = unknown;

const hole = (path: string) => `«${path}»`;

/** The paths of the names that a form leaves open. */
export const holesOf = (form: Form): string[] => [
  ...new Set([...JSON.stringify(form ?? null).matchAll(/"«([^»]*)»"/g)].map(([, path = '']) => path)),
];

/** The form with a name in each of its holes. */
export const filled = (form: Form, nameOf: (hole: string) => string): unknown =>
  form === undefined
    ? undefined
    : JSON.parse(JSON.stringify(form).replaceAll(/"«([^»]*)»"/g, (_, path) => JSON.stringify(nameOf(path))));

/**
 * Samples of what a schema accepts: what is required, and every name that may be given besides. One for each
 * kind of command; throws where it does not know what to say.
 */
export function formsOf(schema: z.ZodType, example: unknown = {}): Form[] {
  const { $defs = {}, ...described } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return samples(inPlace(described, $defs), { path: '', example });
}

/** A schema with those that it points to in their places. */
function inPlace(schema: unknown, named: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(schema)) return schema.map((one) => inPlace(one, named));
  if (typeof schema !== 'object' || schema === null) return schema;
  if ('$ref' in schema) return inPlace(named[String(schema.$ref).split('/').at(-1) ?? ''], named);
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, inPlace(value, named)]));
}

/** Where in the input, and what an example says there. */
type Spot = { readonly path: string; readonly example: unknown };
const under = ({ path, example }: Spot, name: string): Spot => ({
  path: path === '' ? name : `${path}.${name}`,
  example: Reflect.get(Object(example), name),
});

function samples(schema: unknown, spot: Spot): Form[] {
  const { path } = spot;
  const node = Node.parse(schema);
  if (node.const !== undefined) return [node.const];
  if (node.enum) return node.enum.slice(0, 1);
  if (isName(node, path)) return [hole(path)];
  const kinds = [...(node.oneOf ?? []), ...(node.anyOf ?? [])].filter(
    (one) => Node.parse(one).type !== 'null',
  );
  if (kinds.length > 0) return kinds.flatMap((one) => samples(one, spot));
  switch (node.type) {
    case 'object':
      return objects(node, spot);
    case 'array':
      return samples(node.items, under(spot, '0')).map((item) => [item]);
    case 'integer':
    case 'number':
      return [Math.max(node.minimum ?? 1, 1)];
    case 'boolean':
      return [false];
    case 'string':
      return [textOf(node, spot)];
    default:
      throw new Error(`no sample of ${path} is known: ${JSON.stringify(schema)}`);
  }
}

/** What a thing is called: a UUID, or a number or word of its own; also whatever is sent as `id`. */
function isName({ type, format, anyOf = [] }: Node, path: string): boolean {
  const kinds = anyOf.map((one) => Node.parse(one)).filter((one) => one.type !== 'null');
  if (kinds.length === 1 && kinds[0]) return isName(kinds[0], path);
  const types = kinds.map((one) => one.type);
  const isNamed = type === 'string' && /(?:^|\.)id$/.test(path);
  return format === 'uuid' || isNamed || (types.includes('string') && types.includes('integer'));
}

/** Two names of which only one is ever said. */
const either = ['order', 'group'] as const;

function objects(node: Node, spot: Spot): Form[] {
  const { properties = {} } = node;
  if (!either.every((name) => Object.hasOwn(properties, name))) return object(node, spot);
  return either.flatMap((left) => {
    const { [left]: _, ...rest } = properties;
    return object({ ...node, properties: rest }, spot);
  });
}

function object({ properties = {}, required = [] }: Node, spot: Spot): Form[] {
  const wanted = Object.entries(properties).filter(
    ([name, schema]) => required.includes(name) || holdsName(schema, name),
  );
  return wanted.reduce<Record<string, unknown>[]>(
    (made, [name, schema]) => {
      const values = samples(schema, under(spot, name));
      return made.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
    },
    [{}],
  );
}

/** What may be left out is sent when it names something, or holds what does. */
function holdsName(schema: unknown, path: string): boolean {
  const node = Node.parse(schema);
  if (isName(node, path)) return true;
  return node.type === 'array' && Object.keys(Node.parse(node.items).properties ?? {}).length > 0;
}

function textOf({ format, pattern, minLength = 0, examples: [shown] = [] }: Node, spot: Spot): string {
  const { path, example = shown } = spot;
  if (typeof example === 'string') return example;
  if (format === 'email') return 'jane.doe@example.com';
  if (pattern !== undefined || format !== undefined) throw new Error(`no sample of ${path} is known`);
  return 'a word of ours'.padEnd(minLength, '.');
}

/** Where in an input a name has come to stand: `items.0.product`. */
export function placeOf(input: unknown, name: string, path: readonly string[] = []): string | undefined {
  if (input === name) return path.join('.');
  if (typeof input !== 'object' || input === null) return undefined;
  for (const [key, value] of Object.entries(input)) {
    const place = placeOf(value, name, [...path, key]);
    if (place !== undefined) return place;
  }
  return undefined;
}
