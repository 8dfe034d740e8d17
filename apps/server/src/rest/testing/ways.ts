import { newId } from '@orderloom/db';
import { z } from 'zod';
import { call, type TestApp } from '../../testing.ts';
import { filled, type Form, formsOf } from '../../testing/access/forms.ts';
import type { Told, Way } from '../../testing/access/matrix.ts';
import { ruleOf } from '../bridge.ts';
import { type Family, operationsOf } from '../family.ts';
import type { Asked, Row } from '../row.ts';
import { validate, validateQuery } from '../validate.ts';
import { nameless } from './vectors.ts';

/** What is sent: the parameters of the path, the query, and the body. */
const Sent = z.object({
  params: z.record(z.string(), z.string()),
  query: z.record(z.string(), z.string()),
  body: z.unknown().optional(),
});
type Sent = z.output<typeof Sent>;

/** Every way to call every row of a family; a row that nothing leads to is called without knowing how. */
export const waysTo = (app: TestApp, family: Family): Way[] =>
  operationsOf(family).flatMap((kinds) => {
    const forms = sendable(kinds[0]);
    return kinds.flatMap((row) => {
      const all = forms.filter((form) => chosen(kinds, form) === row);
      const named = all.filter((form) => !JSON.stringify(form).includes('«#'));
      const leading = named.length > 0 ? named : all;
      return (leading.length > 0 ? leading : [undefined]).map((form) => wayTo(app, row, form));
    });
  });

function wayTo(app: TestApp, row: Row, form: Form): Way {
  const sentAs = Sent.safeParse(form).data;
  const asked = [Object.keys(sentAs?.query ?? {}), sentAs?.body === undefined ? [] : 'body'].flat();
  return {
    name: [row.method.toUpperCase(), row.path, ...asked].join(' '),
    procedure: row.procedure,
    rule: ruleOf(row.procedure),
    writes: row.method !== 'get',
    isBrief: true,
    form,
    inputOf: (sent) => row.request(askedOf(row, Sent.parse(sent))),
    ask: async ({ token }, sent) => answerTo(app, row, { ...Sent.parse(sent), token }),
  };
}

/** What may be sent to an operation: every body, and every parameter of the query alone. */
function sendable(row: Row): Form[] {
  const names = Object.keys(row.params.shape);
  const params = [Object.fromEntries(names.map((name) => [name, `«${name}»`]))];
  if (names.length === 1) params.push(Object.fromEntries(names.map((name) => [name, `«#${name}»`])));
  const bodies =
    row.body === null
      ? [undefined]
      : [...formsOf(row.body, row.bodyExample), ...(row.bodyOptional ? [{}] : [])];
  const all = Object.keys(row.query.shape);
  const needed = Object.fromEntries(
    all.filter((name) => isNeeded(row, name)).map((name) => [name, `«${name}»`]),
  );
  const queries = [needed, ...all.map((name) => queryOf(row, name, needed))];
  return params.flatMap((param) =>
    bodies.flatMap((body) => queries.map((query) => ({ params: param, query, body }))),
  );
}

const words = [
  'pending',
  'paid',
  'balance',
  'standard',
  '2026-01-01T00:00:00Z',
  '-created_at',
  'true',
  '1',
  'refund',
];
/** Parameters that take any text, and no names. */
const isText = /^(?:cursor|search|ordering|shipping_method)$/;

/** Whether a row is not understood without this parameter. */
export function isNeeded({ query }: Row, name: string): boolean {
  const bare = validateQuery(query, new URLSearchParams());
  const issues = !bare.ok && bare.error.code === 'INVALID_INPUT' ? bare.error.issues : [];
  return issues.some(({ path }) => path === name);
}

/** A value that a parameter takes: a name where it takes any, else the first of the words. */
function queryOf({ query }: Row, name: string, needed: Record<string, string>): Record<string, string> {
  const takes = (value: string) => validateQuery(query, new URLSearchParams({ ...needed, [name]: value })).ok;
  if (takes(nobody) && !isText.test(name)) return { ...needed, [name]: `«${name}»` };
  const word = words.find(takes);
  if (word === undefined) throw new Error(`rest/testing/ways.ts has no sample of the parameter ${name}`);
  return { ...needed, [name]: word };
}

const nobody = '0199aa00-0000-7000-8000-00000000dead';

function chosen(kinds: readonly [Row, ...Row[]], form: Form): Row | undefined {
  const sent = Sent.parse(filled(form, (hole) => (hole.startsWith('#') ? '7' : nobody)));
  const asked = askedOf(kinds[0], sent);
  return kinds.find(({ when }) => when?.(asked)) ?? kinds[0];
}

/** What the bridge would make of it. */
function askedOf(row: Row, { params, query, body }: Sent): Asked {
  const checked = [
    validate(row.params, params),
    validateQuery(row.query, new URLSearchParams(query)),
    row.body === null ? { ok: true as const, value: undefined } : validate(row.body, body),
  ].map((result) => {
    if (!result.ok) throw new Error(`${row.operationId} does not take it: ${JSON.stringify(result.error)}`);
    return result.value;
  });
  const rest = { version: 1, key: 'a key', currency: 'USD', publicUrl: '' };
  return { params: checked[0], query: checked[1], body: checked[2], ...rest };
}

type Call = Sent & { readonly token: string | undefined };

/** A stream of events is left as soon as it has begun. */
async function begun(url: string, token: string | undefined): Promise<Told> {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const answer = await fetch(url, { headers });
  const text = answer.ok ? '' : await answer.text();
  if (answer.ok) await answer.body?.cancel();
  return { status: answer.status, text, words: nameless(url, text) };
}

async function answerTo(app: TestApp, row: Row, { params, query, body, token }: Call): Promise<Told> {
  const path = row.path.replaceAll(/:(\w+)/g, (_, name) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  if (row.streams) return begun(app.url + path, token);
  const { status, text } = await call(app, search === '' ? path : `${path}?${search}`, {
    method: row.method.toUpperCase(),
    headers: {
      ...(row.method === 'get' ? {} : { 'Idempotency-Key': newId() }),
      ...(row.versioned === 'required' ? { 'If-Match': '1' } : {}),
    },
    ...(token === undefined ? {} : { token }),
    ...(body === undefined ? {} : { body }),
  });
  return { status, text, words: nameless(app.url, text) };
}
