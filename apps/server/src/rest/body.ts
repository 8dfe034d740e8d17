import { err, ok, type Result } from '@orderloom/core';
import express, { type Request, type Response } from 'express';
import type { Refusal } from '../errors.ts';

const collect = express.raw({ type: () => true, limit: '1mb' });

/**
 * The body as it was sent; empty when there is none. Whoever hung up before it was read is not taken for
 * somebody who sent nothing: without its items, an order would be another one.
 */
export function rawBody(req: Request, res: Response, reader?: Reader): Promise<Result<Buffer, Refusal>> {
  return new Promise((resolve) => {
    collect(req, res, (thrown: unknown) => {
      const body: unknown = req.body;
      if (thrown) resolve(err(unread(codeOf(thrown), reader)));
      else if (Buffer.isBuffer(body)) resolve(ok(body));
      else resolve(announcesBody(req) ? err(unread('MALFORMED_JSON', reader)) : ok(Buffer.alloc(0)));
    });
  });
}

/** Who reads it: what is refused depends on whether a body is wanted at all, and of which type. */
type Reader = {
  readonly family: { readonly anyContentType: boolean };
  readonly row: { readonly body: unknown };
};
type Unread = 'PAYLOAD_TOO_LARGE' | 'UNSUPPORTED_MEDIA_TYPE' | 'MALFORMED_JSON';

/** Whoever wants no body says so; whoever takes any type finds that it is no JSON. */
function unread(code: Unread, reader?: Reader): Refusal {
  if (reader?.row.body === null)
    return { code: 'INVALID_INPUT', issues: [{ path: 'body', message: 'This call takes no body.' }] };
  const isAny = code === 'UNSUPPORTED_MEDIA_TYPE' && reader?.family.anyContentType === true;
  return { code: isAny ? 'MALFORMED_JSON' : code };
}

const announcesBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

function codeOf(thrown: unknown): Unread {
  const type = thrown instanceof Error && 'type' in thrown ? thrown.type : '';
  if (type === 'entity.too.large') return 'PAYLOAD_TOO_LARGE';
  return type === 'encoding.unsupported' ? 'UNSUPPORTED_MEDIA_TYPE' : 'MALFORMED_JSON';
}

/** The value that the body says in JSON, or `undefined` when the body is empty. */
export function jsonIn(
  body: Buffer,
  req: Request,
  { anyContentType }: { readonly anyContentType: boolean },
): Result<unknown, Refusal> {
  if (body.length === 0) return ok(undefined);
  if (!anyContentType && !isJson(req.get('content-type'))) return err({ code: 'UNSUPPORTED_MEDIA_TYPE' });
  try {
    return ok(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)));
  } catch {
    return err({ code: 'MALFORMED_JSON' });
  }
}

/** Whether the body is announced as JSON in UTF-8; an unannounced body is taken at its word. */
function isJson(contentType: string | undefined): boolean {
  if (contentType === undefined) return true;
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice(8);
  return (
    /^application\/(?:[\w.-]+\+)?json$/.test(type) && (charset ?? 'utf-8').replaceAll('"', '') === 'utf-8'
  );
}
