import { ok, type Result } from '@orderloom/core';
import { type Database, read, requiresIfMatch, tenantName } from '@orderloom/db';
import type { Request, RequestHandler, Response } from 'express';
import type { Caller, Parts } from '../context.ts';
import { orThrow, refusalOf, type Refusal, refuse } from '../errors.ts';
import { type Once, Replayed } from '../once.ts';
import { refusals } from '../refusals.ts';
import { contextOf } from '../request.ts';
import { appRouter } from '../router.ts';
import { reachOf, type Rule } from '../trpc.ts';
import { sayNo, send, type Wire } from './answer.ts';
import { jsonIn, rawBody } from './body.ts';
import { unlessKnown } from './conditional.ts';
import { deprecationHeaders } from './deprecation.ts';
import type { Family } from './family.ts';
import { apart, sameAs } from './stored.ts';
import { endOf, eventIn, eventTexts, never } from './events.ts';
import { acceptable, versionIn } from './headers.ts';
import { identify } from './identify.ts';
import { admit } from './limit.ts';
import { answerBefore, claimOf, keyIn } from './repeat.ts';
import type { Asked, ProcedureName, Reply, Row } from './row.ts';
import { together } from '../together.ts';
import { validate, validateQuery } from './validate.ts';

type Procedures = Record<string, Record<string, (input: unknown) => Promise<unknown>>>;
/** Rows of one method and path: the first serves whatever the others do not claim with `when`. */
export type Kinds = readonly [Row, ...Row[]];
type Serving = { readonly parts: Parts; readonly family: Family; readonly kinds: Kinds };
type Incoming = Serving & {
  readonly req: Request;
  readonly caller: Caller;
  readonly sent: Buffer;
  /** Over when whoever listens to a stream has gone. */
  readonly left: AbortSignal;
};

/** Serves one operation: who calls, what is asked, the procedure, the answer; "no" in the family's voice. */
export const serve =
  (serving: Serving): RequestHandler =>
  async (req, res) => {
    const { parts, family, kinds } = serving;
    const [row] = kinds;
    if (row.deprecated) res.set(deprecationHeaders(row.deprecated));
    try {
      await send(res, serving, unlessKnown(req, await wireOf(serving, req, res)));
    } catch (thrown) {
      const earlier = replayOf(thrown);
      if (earlier === null) sayNo(req, res, { parts, family, row, thrown });
      else await send(res, serving, earlier);
    }
  };

/** The stored answer that a repeated request gets again. */
function replayOf(thrown: unknown): Wire | null {
  const cause = thrown instanceof Error && thrown.cause instanceof Replayed ? thrown.cause : thrown;
  if (!(cause instanceof Replayed)) return null;
  const { status, headers, body } = cause.answer;
  return { status, headers: { ...headers, 'Idempotent-Replayed': 'true' }, body };
}

async function wireOf(serving: Serving, req: Request, res: Response): Promise<Wire> {
  const { parts, family, kinds } = serving;
  const [row] = kinds;
  const identified = await identify(parts, req, row);
  await admit(parts, row, { req, res, caller: identified.ok ? identified.value : null });
  const caller = orThrow(identified);
  if (family.versions) orThrow(acceptable(req.get('accept')));
  const writes = row.method !== 'get';
  const sent = writes ? orThrow(await rawBody(req, res, { family, row })) : Buffer.alloc(0);
  const incoming = { ...serving, req, caller, sent, left: row.streams ? endOf(res) : never };
  const key = writes ? orThrow(keyIn(req.get('idempotency-key'))) : undefined;
  const claim = key === undefined ? null : claimOf(req, row, { key, body: sent, caller });
  try {
    const asked = await askedOf(incoming, key);
    const chosen = kinds.find(({ when }) => when?.(asked)) ?? row;
    const replyTo = (output: unknown) => textOf(serving, chosen, chosen.reply(output, asked));
    let kept: Wire | null = null;
    const answer: Once['answer'] = (output) => {
      const { body, ...wire } = replyTo(output);
      if (typeof body !== 'string') throw new RangeError(`${row.operationId} cannot be stored`);
      kept = { ...wire, body };
      return { ...wire, body };
    };
    const output = await ask(incoming, chosen.procedure, {
      input: chosen.request(asked),
      once: claim && { ...claim, answer },
    });
    if (claim !== null && kept === null) throw new RangeError(`${row.operationId} keeps no answer`);
    return kept ?? replyTo(output);
  } catch (thrown) {
    // A key is judged by what was sent, also when that is not well formed.
    if (claim !== null && isFault(thrown)) await answerBefore(parts, caller.tenantId, claim);
    throw thrown;
  }
}

/** Whether the request itself was refused, and not its caller, and not because of us. */
function isFault(thrown: unknown): boolean {
  return replayOf(thrown) === null && [400, 415].includes(refusals[refusalOf(thrown).code].http);
}

type Question = { readonly input: unknown; readonly once: Once | null };

/** Calls a procedure as the caller; it cannot tell REST from the console. */
async function ask(
  { parts, req, caller, family, left }: Incoming,
  name: ProcedureName,
  { input, once }: Question,
): Promise<unknown> {
  const [feature = '', procedure = ''] = name.split('.');
  const who = { caller, once, origin: family.name, cookie: null };
  const procedures = appRouter.createCaller(contextOf(parts, req, who), {
    signal: left,
  }) as unknown as Procedures;
  const called = procedures[feature]?.[procedure];
  if (!called) throw new RangeError(`no procedure ${name}`);
  return called(input);
}

async function askedOf(incoming: Incoming, key: string | undefined): Promise<Asked> {
  const { parts, req, caller, kinds } = incoming;
  const [row] = kinds;
  const params = orThrow(validate(row.params, { ...req.params }));
  return {
    params,
    query: orThrow(validateQuery(row.query, new URL(req.originalUrl, 'http://localhost').searchParams)),
    body: row.body === null ? undefined : await bodyOf(incoming, params),
    version: row.versioned ? await versionOf(incoming) : undefined,
    key,
    currency: row.priced ? await currencyOf(parts, caller) : '',
    publicUrl: parts.config.publicUrl,
    lastEventId: row.streams ? orThrow(eventIn(req.get('last-event-id'))) : undefined,
  };
}

const demands = new WeakMap<Database, (tenantId: string) => Promise<boolean>>();

/** Whether a tenant demands `If-Match`; requests that come at once ask once. */
function demandOf(db: Database) {
  const known = demands.get(db);
  if (known) return known;
  const asked = together((tenantId: string) => read(db, { tenantId }, (em) => requiresIfMatch(em, tenantId)));
  demands.set(db, asked);
  return asked;
}

async function versionOf({
  parts,
  req,
  caller,
  family,
  kinds: [row],
}: Incoming): Promise<number | undefined> {
  const header = req.get('if-match');
  const version = orThrow(versionIn(header));
  if (version !== undefined || !row.versioned) return version;
  const { tenantId } = caller;
  const required = row.versioned === 'required' || (family.strict && (await demandOf(parts.db)(tenantId)));
  if (required) throw refuse({ code: header === undefined ? 'MISSING_IF_MATCH' : 'INVALID_IF_MATCH' });
  return undefined;
}

async function bodyOf(incoming: Incoming, params: unknown): Promise<unknown> {
  const { req, sent, family, kinds } = incoming;
  const [row] = kinds;
  const said = orThrow(jsonIn(sent, req, family));
  if (said === undefined && !row.bodyOptional) throw refuse({ code: 'MALFORMED_JSON' });
  if (row.body === null) return undefined;
  const { written, stated } = apart(row, said === undefined ? {} : said);
  const body = orThrow(validate(row.body, written, row.readOnly));
  if (Object.keys(stated).length > 0) orThrow(await asStored(incoming, params, stated));
  return body;
}

/** Read-only fields may say what is stored, so that what was read can be changed and sent back. */
async function asStored(incoming: Incoming, params: unknown, stated: object): Promise<Result<null, Refusal>> {
  const [row] = incoming.kinds;
  const { stored } = row;
  if (!stored) return ok(null);
  reachOf(incoming.caller, ruleOf(row.procedure));
  const now = await ask(incoming, stored.procedure, { input: params, once: null }).catch(unlessMissing);
  // Whoever names another version is told that, by the procedure that would write it.
  const version = row.versioned ? orThrow(versionIn(incoming.req.get('if-match'))) : undefined;
  const isOther = version !== undefined && version !== Reflect.get(Object(now), 'version');
  return now === undefined || isOther ? ok(null) : sameAs(stored.write(now), stated);
}

/** What is not there is told by the procedure that would write it. */
function unlessMissing(thrown: unknown): undefined {
  if (refusals[refusalOf(thrown).code].http !== 404) throw thrown;
}

const currencies = new Map<string, string>();

/** A tenant never changes its currency, so it is looked up once. */
async function currencyOf({ db }: Parts, { tenantId }: Caller): Promise<string> {
  const known = currencies.get(tenantId);
  if (known !== undefined) return known;
  const tenant = await read(db, { tenantId }, (em) => tenantName(em, tenantId));
  if (!tenant) throw new RangeError(`no tenant ${tenantId}`);
  currencies.set(tenantId, tenant.currency);
  return tenant.currency;
}

/** A reply as text; outside production it must be what is documented. */
function textOf({ parts }: Serving, row: Row, { status, body, headers = {} }: Reply): Wire {
  const check = parts.config.mode === 'production' ? () => {} : assertDocumented;
  if (row.streams && isStream(body)) {
    const told = eventTexts(body, (data) => check(row, status, JSON.stringify([data])));
    return { status, headers, type: 'text/event-stream', body: told };
  }
  if (isStream(body))
    return { status, headers, body: texts(body, (text) => check(row, status, `[${text}]`)) };
  const text = body === undefined ? '' : JSON.stringify(body);
  check(row, status, text);
  return { status, headers, body: text };
}

const isStream = (body: unknown): body is AsyncIterable<unknown> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

async function* texts(items: AsyncIterable<unknown>, check: (text: string) => void): AsyncIterable<string> {
  for await (const item of items) {
    const text = JSON.stringify(item);
    check(text);
    yield text;
  }
}

/** What is not documented is a mistake of ours, found before anybody relies on it. */
function assertDocumented(row: Row, status: number, text: string): void {
  const answer = row.answers[status];
  if (!answer) throw new RangeError(`${row.operationId} answers an undocumented ${status}`);
  const parsed = answer.schema.safeParse(text === '' ? undefined : JSON.parse(text));
  if (!parsed.success)
    throw new RangeError(`${row.operationId} answers an undocumented body: ${parsed.error.message}`);
}

/** Who may call a procedure, as its router says. */
export function ruleOf(name: ProcedureName): Rule {
  // At run time the procedures lie side by side under their full names.
  const procedures = appRouter._def.procedures as unknown as Record<
    string,
    { _def: { meta: { rule: Rule } } }
  >;
  const procedure = procedures[name];
  if (!procedure) throw new RangeError(`no procedure ${name}`);
  return procedure._def.meta.rule;
}
