import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import { isLoopback } from '../config.ts';
import { type Refusal, Refused } from '../errors.ts';

export type Knock = {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Where the console is served from. */
  readonly publicUrl: string;
};

/**
 * Why a request at the console's door is not the console's own, or `null`. A page of another site can make a
 * browser send our cookie, but it cannot make `Sec-Fetch-Site` say `same-origin`, name our origin, send JSON
 * or add a header.
 */
export function foreign({ method, headers, publicUrl }: Knock): Refusal | null {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return { code: 'CROSS_SITE' };
  if (method === 'GET' || method === 'HEAD') return null;
  if (site === undefined && !isOurs(headers.origin, publicUrl)) return { code: 'CROSS_SITE' };
  if (!isJson(headers['content-type'])) return { code: 'UNSUPPORTED_MEDIA_TYPE' };
  return headers['x-trpc-source'] === undefined ? { code: 'CROSS_SITE' } : null;
}

/** On one's own machine the console is as much at home on `localhost` as on `127.0.0.1`. */
function isOurs(origin: string | undefined, publicUrl: string): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false;
  const [theirs, ours] = [new URL(origin), new URL(publicUrl)];
  if (theirs.origin === ours.origin) return true;
  const local = isLoopback(theirs.hostname) && isLoopback(ours.hostname);
  return local && theirs.protocol === ours.protocol && theirs.port === ours.port;
}

const isJson = (contentType: string | undefined): boolean =>
  contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';

/** Turns strangers away before tRPC has read a byte: it would take a form or a stream for a mutation. */
export const guardConsole =
  (publicUrl: string): RequestHandler =>
  (req, _res, next) => {
    const refusal = foreign({ method: req.method, headers: req.headers, publicUrl });
    next(refusal ? new Refused(refusal) : undefined);
  };
