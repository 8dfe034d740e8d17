import { err, may, ok, type Result, scopesOf } from '@orderloom/core';
import type { CreateToken } from '@orderloom/core/inputs';
import {
  type EntityManager,
  insertToken,
  personById,
  revokeToken,
  type TokenLine,
  tokenOwner,
  tokensOf,
} from '@orderloom/db';
import type { Refusal } from '../errors.ts';
import { mintToken } from '../token.ts';
import type { Acting } from '../trpc.ts';

/** One's own tokens are one's own business; those of others are the administrator's. */
function admitted({ caller }: Acting, owner: string): Result<string, Refusal> {
  if (owner === caller.principalId || may(caller, 'tokens:admin')) return ok(owner);
  return err({ code: 'FORBIDDEN', scope: 'tokens:admin' });
}

export async function listTokens(ctx: Acting, user?: string): Promise<Result<TokenLine[], Refusal>> {
  const owner = admitted(ctx, user ?? ctx.caller.principalId ?? '');
  return owner.ok ? ok(await ctx.read((em) => tokensOf(em, ctx.caller.tenantId, owner.value))) : owner;
}

export type NewToken = { readonly id: string; readonly token: string; readonly expiresAt: string };
type Asked = CreateToken & { readonly user?: string | undefined };

/** Makes a token that can do what was asked for, which is no more than its owner may. */
export async function createToken(
  em: EntityManager,
  { name, scopes, expiresInDays, user }: Asked,
  ctx: Acting,
): Promise<Result<NewToken, Refusal>> {
  const owner = admitted(ctx, user ?? ctx.caller.principalId ?? '');
  if (!owner.ok) return owner;
  const { tenantId } = ctx.caller;
  const person = await personById(em, tenantId, owner.value);
  if (!person) return err({ code: 'USER_NOT_FOUND', id: owner.value });
  const excess = scopes.filter((scope) => !scopesOf[person.role].includes(scope));
  if (excess.length > 0)
    return err({
      code: 'INVALID_INPUT',
      issues: [{ path: 'scopes', message: `not for this role: ${excess.join(', ')}` }],
    });

  const { prefix, token, hash } = mintToken(ctx.parts.config);
  const id = ctx.newId();
  const expiresAt = new Date(Date.parse(ctx.at) + expiresInDays * 86_400_000).toISOString();
  const stored = { tenantId, id, principalId: person.id, name, prefix, scopes, secretHash: hash };
  await insertToken(em, { ...stored, at: ctx.at, expiresAt });
  ctx.log.info(
    { tenant: tenantId, tokenId: id, owner: person.id, by: ctx.caller.principalId },
    'token created',
  );
  return ok({ id, token, expiresAt });
}

/** Makes a token worthless at once. */
export async function endToken(em: EntityManager, id: string, ctx: Acting): Promise<Result<null, Refusal>> {
  const { tenantId } = ctx.caller;
  const owner = await tokenOwner(em, tenantId, id);
  // Somebody else's token looks like one that is not there.
  if (owner === undefined || !admitted(ctx, owner).ok) return err({ code: 'TOKEN_NOT_FOUND', id });
  await revokeToken(em, { tenantId, id, at: ctx.at });
  ctx.log.info({ tenant: tenantId, tokenId: id, by: ctx.caller.principalId }, 'token revoked');
  return ok(null);
}
