import { createHash } from 'node:crypto';
import { err, ok, type Result } from '@orderloom/core';
import { type Claim, earlierAnswer, read } from '@orderloom/db';
import type { Request } from 'express';
import type { Caller, Parts } from '../context.ts';
import type { Refusal } from '../errors.ts';
import { outcome, repeated } from '../once.ts';
import type { Row } from './row.ts';

/** The key in `Idempotency-Key`: bare as `test-123`, or quoted as the header's own grammar has it. */
export function keyIn(header: string | undefined): Result<string | undefined, Refusal> {
  if (header === undefined) return ok(undefined);
  const [, quoted, bare] =
    /^\s*(?:"([\x21\x23-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255}))\s*$/.exec(header) ?? [];
  const key = quoted ?? bare;
  return key === undefined ? err({ code: 'INVALID_IDEMPOTENCY_KEY' }) : ok(key);
}

/** Calls in a trusted network are made by nobody's principal. */
const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * What makes a request the same as another: who sends it where, with which key, and every byte it says. A
 * path is the same with and without a slash at its end, and with the version that it has without one.
 */
export function claimOf(req: Request, row: Row, sent: Sent): Claim {
  const { method, originalUrl } = req;
  const [version = '/api/'] = /^\/api\/v\d+\//.exec(row.path) ?? [];
  const path = originalUrl.replace(/\/(?=\?|$)/, '').replace(/^\/api\/(?!v\d+\/)/, version);
  const where = `${method} ${path}\n`;
  const fingerprint = createHash('sha256').update(where).update(sent.body);
  return {
    principalId: sent.caller.principalId ?? nobody,
    route: row.operationId,
    key: sent.key,
    requestHash: fingerprint.digest('hex'),
  };
}
type Sent = { readonly key: string; readonly body: Buffer; readonly caller: Caller };

/** Throws the earlier answer of a key, or that it was used for another request; silent when it is new. */
export async function answerBefore({ db }: Parts, tenantId: string, claim: Claim): Promise<void> {
  outcome(repeated(claim, await read(db, { tenantId }, (em) => earlierAnswer(em, tenantId, claim))));
}
