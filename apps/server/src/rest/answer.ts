import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { Parts } from '../context.ts';
import { type Refusal, refusalOf } from '../errors.ts';
import { logFailure, logRefusal } from '../log.ts';
import { requestOf } from '../request.ts';
import { type Family, refusalsOf } from './family.ts';
import { headersOf } from './headers.ts';
import type { Row } from './row.ts';

/** The row that is served, or `null` where a family answers without one. */
export type Call = { readonly family: Family; readonly row: Row | null; readonly parts: Parts };

/** What goes over the wire: a text, or one item after the other as a JSON array. */
export type Wire = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | AsyncIterable<string>;
  /** JSON unless it says otherwise. */
  readonly type?: string;
};

/** Sends an answer in the way of its family. */
export async function send(res: Response, { family }: Pick<Call, 'family'>, wire: Wire) {
  const { status, headers, body, type = 'application/json' } = wire;
  const versions = family.versions ? { 'Api-Version': '1.0', Vary: 'Accept' } : {};
  const links = res.getHeader('Link');
  res.status(status).set({ 'Cache-Control': 'no-store', ...versions, ...headers });
  if (headers['Link'] !== undefined && typeof links === 'string') res.append('Link', links);
  if (body === '') {
    res.end();
    return;
  }
  res.set('Content-Type', `${type}; charset=utf-8`);
  // Only as fast as the caller reads; the reading ends when nobody reads any more.
  if (typeof body !== 'string') {
    if (res.req.method === 'HEAD') {
      res.end();
      return;
    }
    const texts = type === 'application/json' ? asArray(body) : body;
    await pipeline(Readable.from(texts), res).catch(unlessLeft);
    return;
  }
  const bytes = Buffer.from(body);
  res.set('Content-Length', String(bytes.length));
  res.end(bytes);
}

/** A caller that hangs up before the end is nobody's fault. */
function unlessLeft(thrown: unknown): void {
  const left = thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_STREAM_PREMATURE_CLOSE';
  if (!left) throw thrown;
}

async function* asArray(items: AsyncIterable<string>): AsyncIterable<string> {
  let open = '[';
  for await (const item of items) {
    yield open + item;
    open = ',';
  }
  yield open === '[' ? '[]' : ']';
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
  const { publicUrl } = parts.config;
  const said = { requestId, path, publicUrl, operation: row?.operationId ?? null };
  const { status, body } = family.refuse(refusal, said);
  const type = wantsPlainJson(req.get('accept')) ? 'application/json' : family.refusalType;
  void send(res, call, { status, body: JSON.stringify(body), type, headers: headersOf(refusal) });
}

/** Problem details are sent as plain JSON to whoever asks for that and for nothing else. */
export const wantsPlainJson = (accept = ''): boolean =>
  /application\/json\b/i.test(accept) && !/problem\+json|\*\/\*/i.test(accept);
