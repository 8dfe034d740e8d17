import { ok } from '@orderloom/core';
import { callerByToken, type Database, markToken, type PresentedToken, transact } from '@orderloom/db';
import type { Logger } from 'pino';
import { logFailure } from '../log.ts';
import { together } from '../together.ts';
import { hashOf } from '../token.ts';

type Look = (hash: string) => Promise<PresentedToken | undefined>;
const looks = new WeakMap<Database, Look>();

/** Whose token this is, while it is good; requests that come at once with one token look once for it. */
export function findToken(db: Database, token: string): Promise<PresentedToken | undefined> {
  if (!token.startsWith('olm_') || token.length > 200) return Promise.resolve(undefined);
  const look = looks.get(db) ?? together((hash: string) => callerByToken(db, hash));
  looks.set(db, look);
  return look(hashOf(token));
}

const beingMarked = new Set<string>();

type Noted = { readonly db: Database; readonly log: Logger };

/** Writes down that a token was used, beside the request and not before it. */
export function noteUse({ db, log }: Noted, { tenantId, tokenId, unmarked }: PresentedToken): void {
  if (!unmarked || beingMarked.has(tokenId)) return;
  beingMarked.add(tokenId);
  void transact(db, { tenantId }, async (em) => ok(await markToken(em, tenantId, tokenId)))
    .catch((thrown: unknown) => logFailure(log, thrown, 'tokens.use'))
    .finally(() => beingMarked.delete(tokenId));
}
