import { err, type Result } from '@orderloom/core';
import type { Request } from 'express';
import { callerOfToken, trustedCaller } from '../auth/caller.ts';
import { isLoopback } from '../config.ts';
import type { Caller, Parts } from '../context.ts';
import type { Refusal } from '../errors.ts';
import { presentedBy } from './headers.ts';

/** Who calls: by token, or in a trusted network, on the rows that allow it, the tenant's own service. */
export async function identify(
  parts: Parts,
  req: Request,
  { trusted = false }: { readonly trusted?: boolean | undefined },
): Promise<Result<Caller, Refusal>> {
  const presented = presentedBy(req);
  if (!presented.ok) return presented;
  if (presented.value === null)
    return trusted && parts.config.trustNetwork ? neighbour(parts, req) : err({ code: 'UNAUTHENTICATED' });
  const caller = await callerOfToken(parts, presented.value);
  if (!caller.ok) return caller;
  const asked = req.get('x-tenant-id');
  return asked === undefined || asked === caller.value.tenantId ? caller : err({ code: 'TENANT_MISMATCH' });
}

async function neighbour(parts: Parts, req: Request): Promise<Result<Caller, Refusal>> {
  if (isForeign(parts, req)) return err({ code: 'CROSS_SITE' });
  const tenantId = req.get('x-tenant-id') ?? parts.config.defaultTenantId;
  if (tenantId === null || tenantId === '') return err({ code: 'MISSING_TENANT' });
  return trustedCaller(parts, tenantId);
}

/** A web page must not reach a server that asks for no credential. */
function isForeign({ config }: Parts, req: Request): boolean {
  const own = new URL(config.publicUrl).hostname;
  const isOurs = (url: string) => {
    const host = URL.parse(url)?.hostname ?? '';
    return isLoopback(host) || host === own || host === config.host;
  };
  const host = req.get('host') ?? '';
  const origin = req.get('origin');
  const site = req.get('sec-fetch-site') ?? 'none';
  if (!isOurs(`http://${host}`) || !['none', 'same-origin'].includes(site)) return true;
  return origin !== undefined && URL.parse(origin)?.host !== host;
}
