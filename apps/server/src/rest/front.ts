import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Parts } from '../context.ts';
import { countRequest } from '../metrics.ts';
import { requestIdOf } from '../request.ts';
import { wantsPlainJson } from './answer.ts';
import type { Family } from './family.ts';
import { aGate } from './gate.ts';
import { headersOf } from './headers.ts';
import { families } from './mount.ts';

/** What every answer says. */
type Headers = Readonly<Record<string, string>>;
type Front = { readonly parts: Pick<Parts, 'config'>; readonly headers: Headers };

const busy = { code: 'BUSY', retryAfterSeconds: 1 } as const;

/**
 * Asked before anything is done for a call of the published APIs: whoever is one too many costs next to
 * nothing. A server that is busy with saying no lets nobody in.
 */
export function throughGate(front: Front, handle: RequestListener): RequestListener {
  const gate = aGate();
  return (req, res) => {
    const family = familyOf(req.url ?? '/');
    if (!family || gate(res)) handle(req, res);
    else sayBusy(front, family, { req, res });
  };
}

const familyOf = (url: string): Family | undefined =>
  families.find(({ prefixes }) =>
    prefixes.some((prefix) => url.startsWith(prefix) && /^(?:[/?]|$)/.test(url.slice(prefix.length))),
  );

type Call = { readonly req: IncomingMessage; readonly res: ServerResponse };

function sayBusy({ parts, headers }: Front, family: Family, { req, res }: Call): void {
  const requestId = requestIdOf(req.headers['x-request-id']);
  const path = req.url?.split('?', 1)[0] ?? '/';
  const { publicUrl } = parts.config;
  const { status, body } = family.refuse(busy, { requestId, path, publicUrl, operation: null });
  const text = JSON.stringify(body);
  const type = wantsPlainJson(req.headers.accept) ? 'application/json' : family.refusalType;
  res.writeHead(status, {
    ...headers,
    ...headersOf(busy),
    'X-Request-Id': requestId,
    'Cache-Control': 'no-store',
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Length': Buffer.byteLength(text),
  });
  res.end(req.method === 'HEAD' ? undefined : text);
  countRequest({ method: req.method ?? 'GET', route: 'busy', status, ms: 0 });
}
