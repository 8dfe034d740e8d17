import { err, type Instant, may, ok, type Result, type Scope } from '@orderloom/core';
import {
  type EntityManager,
  insertToken,
  personById,
  revokeToken,
  tokenById,
  type TokenLine,
  tokensOf,
} from '@orderloom/db';
import { type Refusal, refuse } from '../errors.ts';
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

type Asked = {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** `null`: until it is revoked. */
  readonly expiresAt: Instant | null;
  readonly user?: string | undefined;
};

/** Makes a token that can do what was asked for: no more than its owner may, nor than whoever asks. */
export async function createToken(
  em: EntityManager,
  { name, scopes, expiresAt, user }: Asked,
  ctx: Acting,
): Promise<Result<TokenLine & { readonly token: string }, Refusal>> {
  const owner = admitted(ctx, user ?? ctx.caller.principalId ?? '');
  if (!owner.ok) return owner;
  const { tenantId, principalId } = ctx.caller;
  const person = await personById(em, tenantId, owner.value);
  if (!person) return err({ code: 'USER_NOT_FOUND', id: owner.value });
  const { role } = person;
  const { granted } = ctx.caller;
  const excess = scopes.filter((scope) => !may({ role, granted }, scope));
  if (excess.length > 0) return invalid('scopes', `not for this role or token: ${excess.join(', ')}`);
  if (expiresAt !== null && expiresAt <= ctx.at) return invalid('expires_at', 'must be in the future');

  const { prefix, token, hash } = mintToken(ctx.parts.config);
  const id = ctx.newId();
  const line = { id, principalId: person.id, name, prefix, scopes: [...scopes], expiresAt };
  await insertToken(em, { ...line, tenantId, secretHash: hash, at: ctx.at });
  ctx.log.info({ tenant: tenantId, tokenId: id, owner: person.id, by: principalId }, 'token created');
  return ok({ ...line, token, createdAt: ctx.at, lastUsedAt: null, revokedAt: null });
}

const invalid = (path: string, message: string): Result<never, Refusal> =>
  err({ code: 'INVALID_INPUT', issues: [{ path, message }] });

/** Makes a token worthless at once. */
export async function endToken(em: EntityManager, id: string, ctx: Acting): Promise<Result<null, Refusal>> {
  const { tenantId } = ctx.caller;
  const token = await tokenById(em, tenantId, id);
  // Somebody else's token looks like one that is not there.
  if (!token || !admitted(ctx, token.principalId).ok) return err({ code: 'TOKEN_NOT_FOUND', id });
  await revokeToken(em, { tenantId, id: token.id, at: ctx.at });
  ctx.log.info({ tenant: tenantId, tokenId: token.id, by: ctx.caller.principalId }, 'token revoked');
  return ok(null);
}

/** The token that a UUID names, without its secret. */
export async function findToken(ctx: Acting, id: string): Promise<TokenLine> {
  const token = await ctx.read((em) => tokenById(em, ctx.caller.tenantId, id));
  if (!token) throw refuse({ code: 'TOKEN_NOT_FOUND', id });
  return token;
}
