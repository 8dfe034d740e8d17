import { read, tenantName } from '@orderloom/db';
import type { Request, RequestHandler, Response } from 'express';
import type { Caller, Parts } from '../context.ts';
import { orThrow, type Refusal, refusalOf, refuse } from '../errors.ts';
import { logFailure, logRefusal } from '../log.ts';
import { contextOf, requestOf } from '../request.ts';
import { appRouter } from '../router.ts';
import type { Rule } from '../trpc.ts';
import { readJson } from './body.ts';
import { type Family, refusalsOf } from './family.ts';
import { acceptable, headersOf, versionIn } from './headers.ts';
import { identify } from './identify.ts';
import type { Asked, ProcedureName, Reply, Row } from './row.ts';
import { validate, validateQuery } from './validate.ts';

type Call = { readonly family: Family; readonly row: Row | null; readonly parts: Parts };
type Procedures = Record<string, Record<string, (input: unknown) => Promise<unknown>>>;

/** Serves one row: who calls, what is asked, the procedure, the answer; every "no" in the family's voice. */
export const serve =
  (parts: Parts, family: Family, row: Row): RequestHandler =>
  async (req, res) => {
    const call = { parts, family, row };
    try {
      const { text, ...reply } = await replyTo(parts, { family, row, req, res });
      send(res, call, { ...reply, text, type: 'application/json' });
    } catch (thrown) {
      sayNo(req, res, { ...call, thrown });
    }
  };

type Incoming = { readonly family: Family; readonly row: Row; readonly req: Request; readonly res: Response };

async function replyTo(parts: Parts, { family, row, req, res }: Incoming): Promise<Reply & { text: string }> {
  const caller = orThrow(await identify(parts, req, row));
  if (family.versions) orThrow(acceptable(req.get('accept')));
  const asked: Asked = {
    params: orThrow(validate(row.params, { ...req.params })),
    query: orThrow(validateQuery(row.query, new URL(req.originalUrl, 'http://localhost').searchParams)),
    body: row.body === null ? undefined : await bodyOf(row, family, { req, res }),
    version: row.versioned ? orThrow(versionIn(req.get('if-match'))) : undefined,
    currency: row.priced ? await currencyOf(parts, caller) : '',
    publicUrl: parts.config.publicUrl,
  };
  const [feature = '', name = ''] = row.procedure.split('.');
  const procedures = appRouter.createCaller(
    contextOf(parts, req, { caller, cookie: null }),
  ) as unknown as Procedures;
  const procedure = procedures[feature]?.[name];
  if (!procedure) throw new RangeError(`no procedure ${row.procedure}`);
  const reply = row.reply(await procedure(row.request(asked)), asked);
  const text = JSON.stringify(reply.body);
  if (parts.config.mode !== 'production') assertDocumented(row, reply.status, text);
  return { ...reply, text };
}

async function bodyOf(
  row: Row,
  family: Family,
  { req, res }: Pick<Incoming, 'req' | 'res'>,
): Promise<unknown> {
  const sent = orThrow(await readJson(req, res, family));
  if (sent === undefined && !row.bodyOptional) throw refuse({ code: 'MALFORMED_JSON' });
  return row.body === null
    ? undefined
    : orThrow(validate(row.body, sent === undefined ? {} : sent, row.readOnly));
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

/** What is not documented is a mistake of ours, found before anybody relies on it. */
function assertDocumented(row: Row, status: number, text: string): void {
  const answer = row.answers[status];
  if (!answer) throw new RangeError(`${row.operationId} answers an undocumented ${status}`);
  const parsed = answer.schema.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new RangeError(`${row.operationId} answers an undocumented body: ${parsed.error.message}`);
}

/** Answers what was thrown: a refusal in the family's words, anything else as `INTERNAL` and nothing more. */
export function sayNo(req: Request, res: Response, call: Call & { readonly thrown: unknown }): void {
  const { family, row, parts, thrown } = call;
  const { log, requestId } = requestOf(req);
  const where = row?.operationId ?? family.name;
  const told = refusalOf(thrown);
  const documented = row === null || refusalsOf(family, row).includes(told.code);
  const strict = parts.config.mode !== 'production';
  const refusal: Refusal = documented || !strict ? told : { code: 'INTERNAL' };
  if (!documented) log.error({ where, refusal: told }, 'this refusal is not documented');
  if (refusal.code === 'INTERNAL') logFailure(log, thrown, where);
  else logRefusal(log, refusal, where);
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const path = req.originalUrl.split('?', 1)[0] ?? '/';
  const { status, body } = family.refuse(refusal, { requestId, path, publicUrl: parts.config.publicUrl });
  const type = wantsPlainJson(req) ? 'application/json' : family.refusalType;
  send(res, call, { status, text: JSON.stringify(body), type, headers: headersOf(refusal) });
}

/** Problem details are sent as plain JSON to whoever asks for that and for nothing else. */
function wantsPlainJson(req: Request): boolean {
  const accept = req.get('accept') ?? '';
  return /application\/json\b/i.test(accept) && !/problem\+json|\*\/\*/i.test(accept);
}

type Sent = Omit<Reply, 'body'> & { readonly text: string; readonly type: string };

function send(res: Response, { family }: Call, { status, headers = {}, text, type }: Sent): void {
  const body = Buffer.from(text);
  const versions = family.versions ? { 'Api-Version': '1.0', Vary: 'Accept' } : {};
  res.status(status).set({ 'Cache-Control': 'no-store', ...versions, ...headers });
  res.set({ 'Content-Type': `${type}; charset=utf-8`, 'Content-Length': String(body.length) });
  res.end(body);
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
