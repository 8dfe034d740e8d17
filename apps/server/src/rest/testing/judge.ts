import { request, Agent, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { TestApp } from '../../testing.ts';
import type { Family } from '../family.ts';
import { families } from '../mount.ts';
import type { Call, Document, Operation } from './fuzz.ts';
import { operationOf } from './seen.ts';

export type Got = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
};

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** Sends a call as it is, whatever a browser or a client would make of it. */
export function sent({ url }: Pick<TestApp, 'url'>, call: Call, token: string | undefined): Promise<Got> {
  const body = call.body === undefined ? undefined : Buffer.from(call.body);
  const { hostname, port, host } = new URL(url);
  const { path, method } = call;
  const headers = ['Host', host, ...headersOf(call, token), ...lengthOf(body)];
  return new Promise((resolve, reject) => {
    const asked = request({ agent, hostname, port, path, method, timeout: 60_000, headers });
    asked.once('response', (answer) => void read(answer).then(resolve, reject));
    asked.once('timeout', () => asked.destroy(new Error('no answer in a minute')));
    asked.once('error', reject);
    asked.end(body);
  });
}

/** Its own headers, and those that every client sends unless it is told otherwise. */
function headersOf({ headers, body }: Call, token: string | undefined): string[] {
  const has = (name: RegExp) => headers.some(([own]) => name.test(own));
  const credential = token === undefined || has(/^(?:authorization|x-api-key)$/i);
  const typed = body === undefined || has(/^content-type$/i);
  return [
    ...headers.flat(),
    ...(credential ? [] : ['Authorization', `Bearer ${token}`]),
    ...(typed ? [] : ['Content-Type', 'application/json']),
  ];
}
const lengthOf = (body: Buffer | undefined): string[] =>
  body === undefined ? [] : ['Content-Length', String(body.length)];

async function read(answer: IncomingMessage): Promise<Got> {
  const { statusCode: status = 0, headers } = answer;
  // A stream of events goes on; that it began is its answer.
  if (headers['content-type']?.startsWith('text/event-stream') === true) {
    answer.destroy();
    return { status, headers, text: '' };
  }
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(Buffer.from(part));
  return { status, headers, text: Buffer.concat(parts).toString() };
}

/** What nobody outside is told: SQL, files, stacks, names of constraints and libraries. */
const inner = new RegExp(
  [
    /\b(?:select|insert|update|delete)\b[^"]{0,80}\b(?:from|into|set|where)\b/,
    /_(?:pkey|fkey|check|once)\b|violates|\brelation\b|mikro|kysely|pg_/,
    /node_modules|file:\/\/|\.ts:\d|\bat \w+ \(|TypeError|RangeError|ZodError|TRPC/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);

/** Judges answers by the document: everything that is wrong with one, in words. */
export function judgeOf(document: Document): (call: Call, got: Got) => string[] {
  const operations = new Map(
    Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map((operation) => [operation.operationId, operation] as const),
    ),
  );
  const schemas = new Map<string, z.ZodType>();
  const schemaOf = (operation: Operation, status: number, type: string): z.ZodType | undefined => {
    const key = `${operation.operationId} ${status} ${type}`;
    const content = operation.responses[status]?.content?.[type];
    const schema: unknown = Reflect.get(Object(content), 'schema');
    if (schema === undefined) return undefined;
    const made = schemas.get(key) ?? fromDocument(schema, document);
    schemas.set(key, made);
    return made;
  };
  return (call, got) => {
    const { status, headers, text } = got;
    const type = (headers['content-type'] ?? '').split(';', 1)[0] ?? '';
    const reached = operations.get(operationOf(call.method, call.path) ?? '');
    const wrong: string[] = [];
    if (status >= 500) wrong.push(`is a failure`);
    if (!headers['x-request-id']) wrong.push('has no X-Request-Id');
    if (inner.test(text) && !inner.test(asked(call)))
      wrong.push(`tells what is inside: ${inner.exec(text)?.[0]}`);
    if (text !== '' && !/; charset=utf-8$/i.test(headers['content-type'] ?? ''))
      wrong.push('is of no known type');
    if (call.method === 'HEAD' || (type === 'text/event-stream' && status === 200)) return wrong;
    if (!reached || [404, 405].includes(status)) {
      const known = reached && schemaOf(reached, status, type)?.safeParse(jsonOf(text)).success;
      if (known !== true) wrong.push(...strayed(call, got, type));
    } else if (!reached.responses[status]) wrong.push('is of a status that is not documented');
    else if (text !== '' || reached.responses[status].content) {
      const schema = schemaOf(reached, status, type);
      if (!schema) wrong.push(`is ${type}, which is not documented`);
      else
        wrong.push(
          ...(schema.safeParse(jsonOf(text)).error?.issues ?? []).map(
            ({ path, message }) => `has another body than documented: ${path.join('.')} ${message}`,
          ),
        );
    }
    return wrong;
  };
}

const asked = ({ path, body = '' }: Call): string => `${decoded(path)} ${body}`;
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A path that leads nowhere is refused in the voice of the family whose prefix it has. */
function strayed({ path }: Call, { status, text }: Got, type: string): string[] {
  const family = families.find(({ prefixes }) => prefixes.some((prefix) => isUnder(path, prefix)));
  const wrong = [404, 405].includes(status) ? [] : ['answers for a path that is not there'];
  if (!family) return wrong;
  if (!isOf(family, text)) wrong.push(`is not in the voice of the ${family.name} family`);
  if (type !== family.refusalType && type !== 'application/json') wrong.push(`is of type ${type}`);
  return wrong;
}
const isUnder = (path: string, prefix: string): boolean => new RegExp(`^${prefix}(?:[/?]|$)`).test(path);
const isOf = ({ refusalSchema }: Family, text: string): boolean =>
  refusalSchema.safeParse(jsonOf(text)).success;

/** A schema of the document as something that can be asked. */
function fromDocument(schema: unknown, { components }: Document): z.ZodType {
  const all = JSON.stringify({ ...Object(schema), $defs: components.schemas });
  return z.fromJSONSchema(JSON.parse(all.replaceAll('#/components/schemas/', '#/$defs/')));
}
