import { err, type Instant, ok, type Result, type Scope, scopesOf } from '@orderloom/core';
import {
  accountByEmail,
  byCredential,
  type Database,
  type EntityManager,
  insertToken,
  newId,
  personById,
  transact,
} from '@orderloom/db';
import type { Config } from '../config.ts';
import type { Refusal } from '../errors.ts';
import { mintToken } from '../token.ts';

export type Issue = Pick<Config, 'mode'> & {
  readonly email: string;
  readonly name: string;
  /** Left out: everything that the owner may. */
  readonly scopes?: readonly Scope[] | undefined;
  readonly days: number;
  readonly at: Instant;
};

/** Makes an API token for whoever signs in with an e-mail, from the command line; gives the token itself. */
export async function issueToken(db: Database, asked: Issue): Promise<Result<string, Refusal>> {
  const { email } = asked;
  const account = await byCredential(db, email, (em) => accountByEmail(em, email));
  if (!account) return err({ code: 'USER_NOT_FOUND', id: email });
  const { tenantId, principalId } = account;
  return transact<string, Refusal>(db, { tenantId }, (em) => store(em, { ...asked, tenantId, principalId }));
}

type Owned = Issue & { readonly tenantId: string; readonly principalId: string };

async function store(em: EntityManager, asked: Owned): Promise<Result<string, Refusal>> {
  const { tenantId, principalId, name, days, at, mode } = asked;
  const owner = await personById(em, tenantId, principalId);
  if (!owner) return err({ code: 'USER_NOT_FOUND', id: asked.email });
  const most = scopesOf[owner.role];
  const scopes = [...(asked.scopes ?? most)];
  if (scopes.some((scope) => !most.includes(scope)))
    return err({
      code: 'INVALID_INPUT',
      issues: [{ path: 'scopes', message: `more than ${owner.role} may` }],
    });
  const { prefix, token, hash } = mintToken({ mode });
  const expiresAt = new Date(Date.parse(at) + days * 86_400_000).toISOString();
  const id = newId();
  await insertToken(em, { tenantId, id, principalId, name, prefix, scopes, secretHash: hash, at, expiresAt });
  return ok(token);
}
