import { z } from 'zod';

export type Json = { readonly [key: string]: unknown };

/** A schema of ours as JSON Schema; named schemas go to `named`, where others can point to them. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output', named: Record<string, Json>): Json {
  // Wrapped, so that the schema itself is pointed to when it has a name.
  const { $defs = {}, properties = {} } = z.toJSONSchema(z.strictObject({ it: schema }), {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  for (const [name, definition] of Object.entries($defs)) named[name] ??= pointed(definition);
  return pointed(properties['it']);
}

/** The same with pointers to where OpenAPI keeps its schemas. */
function pointed(schema: unknown): Json {
  const text = JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/');
  const { id: _, ...rest }: Record<string, unknown> = JSON.parse(text);
  return rest;
}

/** The parameters that an object schema describes, one by one. */
export function parametersOf(schema: z.ZodObject, place: 'path' | 'query'): Json[] {
  const described = schemaOf(schema, 'output', {});
  const { properties = {} } = z
    .looseObject({ properties: z.record(z.string(), Parameter).optional() })
    .parse(described);
  return Object.entries(properties).map(([name, { description, examples, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path',
    description,
    schema: rest,
    ...(examples ? { example: examples[0] } : {}),
  }));
}

const Parameter = z.looseObject({
  description: z.string().optional(),
  examples: z.array(z.unknown()).optional(),
});
