import { err, ok, type Result } from '@orderloom/core';
import { byCredential, countAttempt, type Database, forgetAttempts, forgiveAttempt } from '@orderloom/db';
import type { Refusal } from '../errors.ts';

/** Who tries to sign in, and from where. */
export type Try = { readonly email: string; readonly address: string };

const triesMax = { account: 5, address: 30 };
const subjectOf = ({ email, address }: Try) => ({
  account: `account:${email}`,
  address: `address:${address}`,
});

/**
 * Lets a try through, or says when to come back. The address is asked first: one that is blocked cannot go on
 * blocking other people's accounts.
 */
export function admitTry(db: Database, one: Try): Promise<Result<null, Refusal>> {
  const subject = subjectOf(one);
  return byCredential(db, '', async (em) => {
    for (const kind of ['address', 'account'] as const) {
      const { admitted, waitSeconds } = await countAttempt(em, {
        subject: subject[kind],
        triesMax: triesMax[kind],
      });
      if (!admitted) return err({ code: 'RATE_LIMITED', retryAfterSeconds: waitSeconds });
    }
    return ok(null);
  });
}

/** After a success the account starts afresh; the address only gets this try back. */
export async function forgiveTry(db: Database, one: Try): Promise<void> {
  const subject = subjectOf(one);
  await byCredential(db, '', async (em) => {
    await forgiveAttempt(em, subject.address);
    await forgetAttempts(em, subject.account);
  });
}
