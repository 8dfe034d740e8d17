type Json = Readonly<Record<string, unknown>>;
/** What callers send, which may not be asked to be more, or what they get, which may not be less. */
type Way = 'in' | 'out';
type Pair = { readonly before: Json; readonly after: Json };

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const object = (value: unknown): Json => (isObject(value) ? value : {});
const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
const methods = ['get', 'post', 'put', 'patch', 'delete'];
const words = new Set(['description', 'summary', 'example', 'examples', 'title', 'tags', 'info', 'servers']);

/** A document without the words that are for people: what programs rely on. */
export function essenceOf(value: unknown, named = false): unknown {
  if (Array.isArray(value)) return value.map((item) => essenceOf(item));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => named || !words.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, essenceOf(inner, key === 'properties')]));
}

/** What a program written for one OpenAPI document would stumble over in another one. */
export function breaksOf(before: Json, after: Json): string[] {
  const found: string[] = [];
  for (const [path, known] of Object.entries(object(before['paths'])))
    for (const method of methods.filter((name) => name in object(known))) {
      const now = object(object(object(after['paths'])[path])[method]);
      const say = (what: string) => found.push(`${method.toUpperCase()} ${path}: ${what}`);
      operation({ before, after }, { before: object(object(known)[method]), after: now }, say);
    }
  return found;
}

type Say = (what: string) => void;

function operation(root: Pair, { before, after }: Pair, say: Say): void {
  if (Object.keys(after).length === 0) return say('is gone');
  if (before['operationId'] !== after['operationId']) say('has another operationId');
  if (!isAsOpen(before, after)) say('asks for another credential');
  parameters(root, { before, after }, say);
  const body = { before: object(before['requestBody']), after: object(after['requestBody']) };
  if (body.after['required'] === true && body.before['required'] !== true) say('asks for a body');
  contents(root, body, { say: (what) => say(`body: ${what}`), way: 'in' });
  for (const [status, known] of Object.entries(object(before['responses']))) {
    const answer = {
      before: resolve(root.before, known),
      after: resolve(root.after, object(after['responses'])[status]),
    };
    if (Object.keys(answer.after).length === 0) say(`${status} is gone`);
    for (const header of Object.keys(object(answer.before['headers'])))
      if (!(header in object(answer.after['headers']))) say(`${status}: the header ${header} is gone`);
    contents(root, answer, { say: (what) => say(`${status}: ${what}`), way: 'out' });
  }
}

/** Whatever let a caller in lets it in still. */
const isAsOpen = (before: Json, after: Json): boolean =>
  list(before['security']).every((way) =>
    list(after['security']).some((now) => {
      const [known, asked] = [object(way), object(now)];
      return Object.keys(asked).every(
        (name) => list(asked[name]).every((scope) => list(known[name]).includes(scope)) && name in known,
      );
    }),
  );

const schemas = (before: Json, after: Json): Pair => ({
  before: object(before['schema']),
  after: object(after['schema']),
});

/** Where several values may be given, one is written as before. */
const oneOfSeveral = ({ before, after }: Pair): Pair =>
  before['type'] === 'string' && after['type'] === 'array'
    ? { before, after: object(after['items']) }
    : { before, after };

function parameters(root: Pair, { before, after }: Pair, say: Say): void {
  const all = (side: Json, document: Json) =>
    new Map(
      list(side['parameters']).map((one) => {
        const parameter = resolve(document, one);
        return [`${String(parameter['in'])} ${String(parameter['name'])}`, parameter];
      }),
    );
  const known = all(before, root.before);
  const now = all(after, root.after);
  for (const [name, parameter] of known) {
    const next = now.get(name);
    if (!next) say(`the parameter ${name} is gone`);
    else schema(root, oneOfSeveral(schemas(parameter, next)), { say, at: name, way: 'in', seen: new Set() });
  }
  for (const [name, parameter] of now)
    if (parameter['required'] === true && known.get(name)?.['required'] !== true)
      say(`asks for the parameter ${name}`);
}

function contents(root: Pair, { before, after }: Pair, { say, way }: Pick<Walk, 'say' | 'way'>): void {
  for (const [type, known] of Object.entries(object(before['content']))) {
    const now = object(after['content'])[type];
    if (now === undefined) say(`${type} is gone`);
    else schema(root, schemas(object(known), object(now)), { say, at: '', way, seen: new Set() });
  }
}

function resolve(document: Json, value: unknown): Json {
  const reference = object(value)['$ref'];
  if (typeof reference !== 'string') return object(value);
  const steps = reference.slice(2).split('/');
  return resolve(
    document,
    steps.reduce<unknown>((at, step) => object(at)[step], document),
  );
}

type Walk = { readonly say: Say; readonly at: string; readonly way: Way; readonly seen: Set<string> };

function schema(root: Pair, { before, after }: Pair, walk: Walk): void {
  const { seen, way, say, at } = walk;
  const pair = { before: resolve(root.before, before), after: resolve(root.after, after) };
  const shared = before['$ref'] === undefined ? null : JSON.stringify([before['$ref'], after['$ref']]);
  // Once in an operation is enough, and a schema may be part of itself.
  if (shared !== null && seen.has(shared)) return;
  if (shared !== null) seen.add(shared);
  if (pair.before['anyOf'] !== undefined || pair.after['anyOf'] !== undefined)
    return choices(root, pair, walk);
  const types = { before: list(pair.before['type']), after: list(pair.after['type']) };
  const [from, to] = way === 'in' ? [types.before, types.after] : [types.after, types.before];
  const narrower = to.length > 0 && (from.length === 0 || from.some((type) => !to.includes(type)));
  if (narrower) return say(`${at} was ${types.before.join(' or ')}, and is ${types.after.join(' or ')}`);
  if (way === 'in') limits(pair, walk);
  fields(root, pair, walk);
  const items = { before: pair.before['items'], after: pair.after['items'] };
  if (items.before === undefined && items.after === undefined) return;
  schema(root, { before: object(items.before), after: object(items.after) }, { ...walk, at: `${at}[]` });
}

/** What could be sent must fit one of the choices still; what comes must be one that could come before. */
function choices(root: Pair, { before, after }: Pair, { say, at, way }: Walk): void {
  const of = (side: Json) => list(side['anyOf'] ?? side).map(object);
  const fits = (one: Json, other: Json) => {
    let complaints = 0;
    schema(root, { before: one, after: other }, { say: () => (complaints += 1), at, way, seen: new Set() });
    return complaints === 0;
  };
  const misfits =
    way === 'in'
      ? of(before).filter((one) => !of(after).some((other) => fits(one, other)))
      : of(after).filter((other) => !of(before).some((one) => fits(one, other)));
  if (misfits.length > 0) say(`${at}: a choice does not fit any more`);
}

function limits({ before, after }: Pair, { say, at }: Walk): void {
  const values = list(after['enum'] ?? after['const']);
  const known = list(before['enum'] ?? before['const']);
  if (values.length > 0 && (known.length === 0 || known.some((value) => !values.includes(value))))
    say(`${at} takes fewer values`);
  for (const [limit, sign] of [
    ['maxLength', 1],
    ['maximum', 1],
    ['maxItems', 1],
    ['minLength', -1],
    ['minimum', -1],
    ['minItems', -1],
  ] as const) {
    const [was, is] = [before[limit], after[limit]].map((value) =>
      typeof value === 'number' ? value * sign : Number.POSITIVE_INFINITY,
    );
    if ((is ?? 0) < (was ?? 0)) say(`${at}: ${limit} is tighter`);
  }
  if (after['pattern'] !== undefined && after['pattern'] !== before['pattern'])
    say(`${at} has another pattern`);
}

function fields(root: Pair, { before, after }: Pair, walk: Walk): void {
  const { say, at, way } = walk;
  const now = object(after['properties']);
  for (const [field, known] of Object.entries(object(before['properties'])))
    if (!(field in now)) say(`${at}.${field} is gone`);
    else
      schema(root, { before: object(known), after: object(now[field]) }, { ...walk, at: `${at}.${field}` });
  const [less, more] = way === 'in' ? [before, after] : [after, before];
  for (const field of list(more['required']))
    if (!list(less['required']).includes(field))
      say(way === 'in' ? `${at}.${String(field)} must be sent` : `${at}.${String(field)} may be missing`);
}
